"""The words of a release: what the client reads is exactly what is hashed and kept.

The facts come from the release, the statements of the law from the clinic's wording.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from consent.documents.elements import needs_part2_elements
from consent.documents.wording import filled
from consent.enums import (
    EXPLANATIONS,
    Category,
    Direction,
    Effect,
    Ending,
    LegalForm,
    Sensitivity,
)
from consent.models import Release
from people.formats import day, last_moment


@dataclass(frozen=True)
class Section:
    heading: str
    lines: list[str]
    is_choice: bool = False  # the client ticks its lines


def sections(release: Release) -> list[Section]:
    """The release in plain words, with the categories as they stand at this moment.

    Days are those of the clinic's zone, whoever asks: the text must read the same for everybody.
    """
    with timezone.override(release.organization.timezone):
        return _sections(release)


def _sections(release: Release) -> list[Section]:
    clinic, client = release.organization, release.client
    received_by = _all_recipients(release)
    kept_out = _listed(release, Direction.OUT, Effect.DENY)
    kept_in = _listed(release, Direction.IN, Effect.DENY)
    found = [
        Section("Whose information", [f"{client.full_name}, born {day(client.date_of_birth)}"]),
        Section(
            f"What {clinic} may send to {received_by}",
            _listed(release, Direction.OUT, Effect.PERMIT),
            is_choice=True,
        ),
        Section(
            f"What {received_by} may send to {clinic}",
            _listed(release, Direction.IN, Effect.PERMIT),
            is_choice=True,
        ),
        Section(
            "What you chose not to share",
            [f"{line}, not sent to {received_by}" for line in kept_out]
            + [f"{line}, not sent to {clinic}" for line in kept_in],
        ),
        Section("Substance-use records", _substance_use(release)),
        Section("From which time", _period(release)),
        Section("Which form", _form(release)),
        Section("Why", [str(purpose) for purpose in release.purposes.all()]),
        Section("Until when", _until(release)),
        Section("Your rights", _rights(release)),
    ]
    return [section for section in found if section.lines]


def in_short(release: Release) -> list[tuple[str, str]]:
    """The few facts that stand above the choices, as (question, answer)."""
    with timezone.override(release.organization.timezone):
        client = release.client
        facts = [
            ("About", f"{client.full_name}, born {day(client.date_of_birth)}"),
            ("Who sees it", _all_recipients(release)),
            ("From", str(release.organization)),
            ("Why", "; ".join(map(str, release.purposes.all()))),
            ("Covers", _period(release)[0]),
            ("Until", " ".join(_until(release))),
        ]
        if Sensitivity.SUBSTANCE_USE in release.sensitivities:
            facts.append(("Also", "Substance-use records, within what you choose"))
        return facts


def to_whom(release: Release) -> str:
    """The recipients by their names alone, as somebody would ask about them."""
    names = [
        r.user.name if r.user else r.contact.name if r.contact else str(r)
        for r in release.recipients.all()
    ]
    return " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)


def _all_recipients(release: Release) -> str:
    return "; ".join(map(str, release.recipients.all()))


def _listed(release: Release, direction: str, effect: str) -> list[str]:
    chosen = {
        row.category
        for row in release.categories.all()
        if row.direction == direction and row.effect == effect
    }
    return [f"{c.label}: {EXPLANATIONS[c][0]}" for c in Category if c in chosen]


def _substance_use(release: Release) -> list[str]:
    if Sensitivity.SUBSTANCE_USE not in release.sensitivities:
        return ["Not included. They stay closed."]
    lines = ["Included, within the categories above (42 CFR Part 2)."]
    if needs_part2_elements(release):
        lines.append(part2_statement(release))
    return lines


def _form(release: Release) -> list[str]:
    if release.legal_form == LegalForm.AUTHORIZATION:
        return []
    return ["Consent to share for treatment, payment and health care operations (42 CFR 2.31)."]


def _period(release: Release) -> list[str]:
    since = f"from {day(release.service_from)}" if release.service_from else "from the beginning"
    to = (
        f"until {day(last_moment(release.service_until))}"
        if release.service_until
        else "and onwards"
    )
    return [f"Information {since} {to}"]


def _until(release: Release) -> list[str]:
    begins = f"It begins on {day(release.starts_at)}. " if release.starts_at else ""
    date = f"on {day(last_moment(release.until))}" if release.until else ""
    event = "when your treatment at the clinic ends"
    if release.ending == Ending.END_OF_TREATMENT:
        ends = f"It ends {event}{f', at the latest {date}' if date else ''}"
    elif release.ending == Ending.NONE and not date:
        return [f"{begins}It does not end by itself. It ends when you withdraw it."]
    elif date:
        ends = f"It ends {date}"
    else:
        return []
    return [f"{begins}{ends}, or sooner if you withdraw it."]


def _rights(release: Release) -> list[str]:
    keys = ("withdraw", "reliance", "not_conditioned", "redisclosure", "copy")
    return [_said(release, key) for key in keys]


def part2_statement(release: Release) -> str:
    """What the client reads beside, where records of a Part 2 program are included."""
    return _said(release, "part2")


def electronic_agreement(release: Release) -> str:
    """What the client ticks before signing on a screen."""
    return _said(release, "electronic")


def _said(release: Release, key: str) -> str:
    """One statement in the wording of the release's version."""
    return filled(
        key,
        release.wording,
        clinic=str(release.organization),
        how=release.revocation_how,
        recipients=_all_recipients(release),
    )


def as_text(release: Release) -> str:
    """The same sections as one plain text: the exact text that is signed."""
    return as_plain_text(release.heading, sections(release))


def as_plain_text(heading: str, sections: Iterable[Section]) -> str:
    """Blocks apart by an empty line: the heading, then each section with its lines."""
    blocks = ["\n".join([s.heading, *(f"- {line}" for line in s.lines)]) for s in sections]
    return "\n\n".join([heading, *blocks]) + "\n"


def paper_code(release: Release) -> str:
    """What stands at the foot of the printed form and ties it to the text, whatever is ticked.

    Eight hexadecimal digits of the hash of everything that is offered.
    """
    return code_of(as_text(as_offered(release)))


def as_offered(release: Release) -> Release:
    """The release with nothing declined yet, for the printed form; in memory alone."""
    offered = Release.objects.with_parts().get(pk=release.pk)
    for row in offered.categories.all():
        row.effect = Effect.PERMIT
    return offered


def code_of(text: str) -> str:
    return sha256(text)[:8].upper()


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
