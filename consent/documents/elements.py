"""What the law asks of a release before it can become active, element by element."""

from dataclasses import dataclass

from consent.clock import database_now
from consent.enums import Effect, Ending, LegalForm, RecipientKind, Sensitivity, Step
from consent.models import Release


@dataclass(frozen=True)
class Missing:
    """One element that is missing: what to do, in which step and field, and who asks for it."""

    sentence: str
    step: Step
    field: str
    source: str

    @property
    def anchor(self) -> str:
        """The field of the builder's step in which it is mended."""
        return f"id_{self.field}"


def missing_elements(release: Release) -> list[Missing]:
    """Everything still missing from `release` before it may be sent to the client.

    The signature, its date and the client's choice come afterwards and are checked when signing.
    """
    shared = [c for c in release.categories.all() if c.effect == Effect.PERMIT]
    checks = [
        (
            bool(list(release.recipients.all())),
            "Name who receives it",
            Step.WHO,
            "recipients_0",
            "45 CFR 164.508(c)(1)(iii); 42 CFR 2.31(a)(4)",
        ),
        (
            bool(shared),
            "Tick at least one category of information",
            Step.WHAT,
            "out_categories_0",
            "45 CFR 164.508(c)(1)(i); 42 CFR 2.31(a)(3)",
        ),
        (
            bool(list(release.purposes.all())),
            "State at least one purpose",
            Step.WHAT,
            "purposes_0",
            "45 CFR 164.508(c)(1)(iv); 42 CFR 2.31(a)(5)",
        ),
        (
            release.legal_form == LegalForm.AUTHORIZATION or _is_for_care(release),
            "Choose the authorization: the Part 2 form is for a Part 2 program’s own records, "
            "shared for care with people who treat",
            Step.WHAT,
            "legal_form_0",
            "42 CFR 2.31(a)(4)(ii), 2.33",
        ),
        (
            release.until is not None or release.ending != Ending.ON_DATE,
            "Give the date or the event on which it ends",
            Step.UNTIL,
            "last_day",
            "45 CFR 164.508(c)(1)(v); 42 CFR 2.31(a)(7)",
        ),
        (
            release.until is None or release.until > database_now(),
            "This release would already be over. Choose a later last day",
            Step.UNTIL,
            "last_day",
            "45 CFR 164.508(b)(2)(i); 42 CFR 2.31(c)(1)",
        ),
        (
            bool(release.revocation_how.strip()),
            "Say how the client can withdraw it in writing",
            Step.SIGNING,
            "revocation_how",
            "45 CFR 164.508(c)(2)(i); 42 CFR 2.31(a)(6)",
        ),
        (
            bool(release.organization.name and release.organization.address),
            "Add the clinic’s postal address, so that the client knows where to write",
            Step.SIGNING,
            "revocation_how",
            "45 CFR 164.508(c)(2)(i)(A)",
        ),
    ]
    return [
        Missing(what, step, field, source) for held, what, step, field, source in checks if not held
    ]


def _is_for_care(release: Release) -> bool:
    treating = all(r.kind != RecipientKind.CONTACT for r in release.recipients.all())
    return release.organization.is_part2_program and treating


def needs_part2_elements(release: Release) -> bool:
    """Whether 42 CFR 2.31 applies: substance-use records of a Part 2 program are included."""
    if Sensitivity.SUBSTANCE_USE not in release.sensitivities:
        return False
    houses = [r.organization for r in release.recipients.all() if r.organization]
    return any(house.is_part2_program for house in [release.organization, *houses])
