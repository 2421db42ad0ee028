"""The clinic's wording of what clients sign: every change is a new version, none is ever edited."""

from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from consent.documents.wording import STATEMENTS, Statements, check_statements, usual_statements
from consent.models import TreatmentWording, Wording, WordingVersion
from consent.permissions import check_user_can_administer, check_user_can_explain
from consent.treatment.wording import SECTIONS
from people.models import Organization, User

Version = TypeVar("Version", bound=WordingVersion)
EVENTS: dict[type, str] = {Wording: "wording", TreatmentWording: "treatment_wording"}


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
    return _next(Wording, STATEMENTS, by, organization, statements, based_on)


@transaction.atomic
def save_treatment_wording(
    *, by: User, organization: Organization, statements: dict[str, str], based_on: int
) -> TreatmentWording | None:
    """The same for the consent to treatment: a prescriber answers for what it says."""
    check_user_can_explain(by, organization.pk)
    return _next(TreatmentWording, SECTIONS, by, organization, statements, based_on)


def _next(
    kind: type[Version],
    of: Statements,
    by: User,
    organization: Organization,
    statements: dict[str, str],
    based_on: int,
) -> Version | None:
    Organization.objects.select_for_update().get(pk=organization.pk)
    check_statements(statements, of)
    newest = kind.objects.newest(organization)
    if (newest.version if newest else 0) != based_on:
        raise ValidationError(
            "Somebody else saved the wording meanwhile. Compare the two, then save yours again.",
            code="stale",
        )
    words = {key: text.strip() for key, text in statements.items()}
    if words == (newest.statements if newest else usual_statements(of)):
        return newest
    saved = kind.objects.create(
        organization=organization, version=based_on + 1, statements=words, created_by=by
    )
    record(f"{EVENTS[kind]}.saved", by=by, on=saved, version=saved.version)
    return saved
