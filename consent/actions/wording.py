"""The clinic's wording of its releases: every change is a new version, and none is ever edited."""

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from consent.documents.wording import check_statements, usual_statements
from consent.models import Wording
from consent.permissions import check_user_can_administer
from people.models import Organization, User


@transaction.atomic
def save_wording(
    *, by: User, organization: Organization, statements: dict[str, str], based_on: int
) -> Wording | None:
    """The next version, for every release drafted or edited from now on; what was signed stays.

    `based_on` is the version that was changed, 0 for kapcare's own words. Unchanged statements
    make no version. Raises ValidationError, by statement where one cannot be used, and where
    somebody else saved a version meanwhile.
    """
    check_user_can_administer(by, organization.pk)
    Organization.objects.select_for_update().get(pk=organization.pk)
    check_statements(statements)
    newest = Wording.objects.newest(organization)
    if (newest.version if newest else 0) != based_on:
        raise ValidationError(
            "Somebody else saved the wording meanwhile. Compare the two, then save yours again.",
            code="stale",
        )
    words = {key: text.strip() for key, text in statements.items()}
    if words == (newest.statements if newest else usual_statements()):
        return newest
    wording = Wording.objects.create(
        organization=organization, version=based_on + 1, statements=words, created_by=by
    )
    record("wording.saved", by=by, on=wording, version=wording.version)
    return wording
