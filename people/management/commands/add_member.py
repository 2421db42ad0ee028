from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from audit.record import record
from people.enums import OrganizationKind, Role
from people.models import Membership, Organization, User


class Command(BaseCommand):
    help = "Add a person to a clinic or practice, making either where it does not exist yet."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--credentials", default="")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--organization", required=True)
        parser.add_argument("--kind", choices=OrganizationKind.values, help="for a new one")
        parser.add_argument("--address", default="", help="for a new one")
        parser.add_argument("--phone", default="", help="for a new one")
        parser.add_argument("--timezone", default="America/New_York", help="for a new one")

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        try:
            organization = self._organization(options)
            user = User.objects.filter(email__iexact=options["email"]).first()
            user = user or User.objects.create_user(
                options["email"], name=options["name"], credentials=options["credentials"]
            )
            if user.membership:
                raise CommandError(f"{user} already belongs to {user.membership.organization}.")
            member = Membership(user=user, organization=organization, role=options["role"])
            member.full_clean()
            member.save()
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        record("member.added", by=None, on=member, user=user.pk, role=member.role)
        where = settings.PUBLIC_URL + reverse("account_reset_password")
        self.stdout.write(f"{user} joins {organization}. They choose a password at {where}")

    @staticmethod
    def _organization(options: dict) -> Organization:
        found = Organization.objects.filter(name__iexact=options["organization"]).first()
        if found:
            return found
        if not options["kind"]:
            raise CommandError("There is no such organisation. Say --kind to make it.")
        organization = Organization(
            name=options["organization"],
            kind=options["kind"],
            address=options["address"],
            phone=options["phone"],
            timezone=options["timezone"],
        )
        organization.full_clean()
        organization.save()
        return organization
