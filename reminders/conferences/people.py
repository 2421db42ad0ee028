"""The people of a conference: who of the clinic, whom outside a release lets in, who may own what.

The one decision is asked about an item; nothing is read by it.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from consent.access import Access, Reader
from consent.clock import database_now
from consent.models import DisclosableItem, Release, ReleaseRecipient
from people.enums import CLINIC_ROLES, CLINICAL_ROLES, PRACTICE_ROLES, Role
from people.models import Membership, User
from referrals.models import Referral, ReferralUserPermission
from reminders.models import (
    ConferenceAttendance,
    ConferenceCase,
    ConferenceDecision,
    ConferenceInvitation,
)

NO_PRESCRIBER = "No prescriber was there."
NO_THERAPIST = "Nobody of the referring practice was there."


def staff(clinic_id: int) -> list[Membership]:
    """Who works with clients at the clinic now, by name."""
    return _members(Q(organization=clinic_id, role__in=CLINICAL_ROLES & CLINIC_ROLES))


def on_case(referral: Referral) -> list[Membership]:
    """The people of the practice who are on the case, whatever a release says, by name."""
    held = ReferralUserPermission.objects.filter(
        content_object=referral.pk, permission__codename="view_case"
    )
    place = Q(organization=referral.practice_id, role__in=PRACTICE_ROLES)
    return _members(place & Q(user__in=held.values("user")))


def _members(which: Q) -> list[Membership]:
    rows = Membership.objects.filter(which, ended_at=None, user__is_active=True)
    return list(rows.select_related("user", "organization").order_by("user__name", "user__pk"))


def may_read(user: User, item: ConferenceCase | ConferenceDecision) -> bool:
    """Whether `user`, of another house than the clinic, is on the case of `item`, saved or not,
    and a release in force opens it to them."""
    case = item if isinstance(item, ConferenceCase) else item.case
    rows = Referral.objects.filter(pk=case.referral_id)
    return rows.open_to(user).exists() and _opens(user, item, database_now())


def _opens(user: User, item: DisclosableItem, at: datetime) -> bool:
    if user.membership is None:
        return False
    return Access.load(Reader.of(user), {item.client_id}, at).decide(item).permitted


def outside_readers(case: ConferenceCase) -> list[Membership]:
    """Everybody outside the clinic who may know at this moment that this case is talked over, by
    name: named by a release in force, and on the case."""
    at, clinic = database_now(), case.author_organization_id
    released = Release.objects.in_force(at).of_clinic(clinic).filter(client=case.client_id)
    named = ReleaseRecipient.objects.filter(
        release__in=released, organization__isnull=False, revoked_at=None
    )
    places = Q(pk__in=[])
    for recipient in named:
        who = {"user": recipient.user_id} if recipient.user_id else {"role": recipient.role}
        places |= Q(organization=recipient.organization_id, **who)
    members = [each for each in _members(places) if each.organization_id != clinic]
    return [each for each in members if may_read(each.user, case)]


def invitable(case: ConferenceCase, invited: Iterable[User]) -> list[Membership]:
    """Who of the referring practice can be asked to join, and has not been."""
    asked = {user.pk for user in invited}
    return [
        each
        for each in outside_readers(case)
        if each.organization_id == case.referral.practice_id and each.user_id not in asked
    ]


def may_join(case: ConferenceCase) -> list[Membership]:
    """Whom outside the clinic one can record as having been there: whoever was invited, and
    whoever may know of it now."""
    invited = ConferenceInvitation.objects.filter(case=case).values("person")
    asked = _members(Q(user__in=invited, role__in=PRACTICE_ROLES))
    found = {each.pk: each for each in (*asked, *outside_readers(case))}
    return sorted(found.values(), key=lambda each: (each.user.name, each.pk))


def there(rows: Iterable[ConferenceAttendance]) -> list[ConferenceAttendance]:
    """Of rows in the order of writing, those that say that somebody was there and still count."""
    newest = {(row.case_id, row.person_id): row for row in rows}
    found = [row for row in newest.values() if row.present]
    return sorted(found, key=lambda row: (row.person.name, row.pk))


def missing(
    at_conference: Iterable[ConferenceAttendance],
    at_case: Iterable[ConferenceAttendance],
    practice_id: int,
) -> list[str]:
    """What is missing where prescriber and therapist are both meant to be there, in sentences."""
    found = []
    if not any(row.role == Role.PRESCRIBER for row in at_conference):
        found.append(NO_PRESCRIBER)
    if not any(row.organization_id == practice_id for row in at_case):
        found.append(NO_THERAPIST)
    return found
