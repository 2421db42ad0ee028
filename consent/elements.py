"""What the law asks of a release before it can become active, element by element."""

from dataclasses import dataclass

from consent.enums import Effect, Sensitivity
from consent.models import Release


@dataclass(frozen=True)
class Missing:
    """One element that is missing: what to do, the builder's field, and who asks for it."""

    sentence: str
    field: str
    source: str

    @property
    def anchor(self) -> str:
        """Where in the builder it is mended."""
        return f"id_{self.field}"


def missing_elements(release: Release) -> list[Missing]:
    """Everything still missing from `release` before it may be sent to the client.

    The signature, its date and the client's choice come afterwards and are checked when signing.
    """
    shared = [c for c in release.categories.all() if c.effect == Effect.PERMIT]
    recipients = list(release.recipients.all())
    checks = [
        (
            bool(recipients),
            "Name who receives it",
            "recipients",
            "45 CFR 164.508(c)(1)(iii); 42 CFR 2.31(a)(4)",
        ),
        (
            bool(shared),
            "Tick at least one category of information",
            "categories",
            "45 CFR 164.508(c)(1)(i); 42 CFR 2.31(a)(3)",
        ),
        (
            bool(list(release.purposes.all())),
            "State at least one purpose",
            "purposes",
            "45 CFR 164.508(c)(1)(iv); 42 CFR 2.31(a)(5)",
        ),
        (
            release.until is not None,
            "Give the date on which it ends",
            "last_day",
            "45 CFR 164.508(c)(1)(v); 42 CFR 2.31(a)(7)",
        ),
        (
            bool(release.revocation_how.strip()),
            "Say how the client can withdraw it in writing",
            "revocation_how",
            "45 CFR 164.508(c)(2)(i); 42 CFR 2.31(a)(6)",
        ),
        (
            bool(release.organization.name and release.organization.address),
            "Add the clinic’s postal address, so that the client knows where to write",
            "revocation_how",
            "45 CFR 164.508(c)(2)(i)(A)",
        ),
    ]
    return [Missing(what, field, source) for held, what, field, source in checks if not held]


def needs_part2_elements(release: Release) -> bool:
    """Whether 42 CFR 2.31 applies: substance-use records of a Part 2 program are included."""
    if Sensitivity.SUBSTANCE_USE not in release.sensitivities:
        return False
    senders = [release.organization, *(r.organization for r in release.recipients.all())]
    return any(organization.is_part2_program for organization in senders)
