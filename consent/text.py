"""The words of a release: what the client reads is exactly what is hashed and kept.

Templates for counsel to review; the statements follow 45 CFR 164.508(c) and 42 CFR 2.31.
"""

import hashlib
from dataclasses import dataclass

from django.utils import timezone

from consent.elements import needs_part2_elements
from consent.enums import EXPLANATIONS, Category, Direction, Effect, Sensitivity
from consent.models import Release
from people.formats import day, last_moment


@dataclass(frozen=True)
class Section:
    heading: str
    lines: list[str]


def sections(release: Release) -> list[Section]:
    """The release in plain words, with the categories as they stand at this moment.

    Days are those of the clinic's zone, whoever asks: the text must read the same for everybody.
    """
    with timezone.override(release.organization.timezone):
        return _sections(release)


def _sections(release: Release) -> list[Section]:
    clinic, client = release.organization, release.client
    recipients = [f"{r.user}, {r.organization}" for r in release.recipients.all()]
    received_by = "; ".join(recipients)
    found = [
        Section("Whose information", [f"{client.full_name}, born {day(client.date_of_birth)}"]),
        Section(
            f"What {clinic} may send to {received_by}",
            _listed(release, Direction.OUT, Effect.PERMIT),
        ),
        Section(
            f"What {received_by} may send to {clinic}",
            _listed(release, Direction.IN, Effect.PERMIT),
        ),
        Section(
            "What you chose not to share",
            _listed(release, Direction.OUT, Effect.DENY)
            + _listed(release, Direction.IN, Effect.DENY),
        ),
        Section("Substance-use records", _substance_use(release)),
        Section("From which time", _period(release)),
        Section("Why", [str(purpose) for purpose in release.purposes.all()]),
        Section("Until when", _until(release)),
        Section("Your rights", _rights(release, received_by)),
    ]
    return [section for section in found if section.lines]


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
        lines.append(
            "Records of a substance-use program are protected by federal law. Once shared for "
            "treatment, payment or health care operations they may be shared again and may no "
            "longer be protected. If you do not agree, those records stay closed and your "
            "treatment goes on."
        )
    return lines


def _period(release: Release) -> list[str]:
    since = f"from {day(release.service_from)}" if release.service_from else "from the beginning"
    to = (
        f"until {day(last_moment(release.service_until))}"
        if release.service_until
        else "and onwards"
    )
    return [f"Information {since} {to}"]


def _until(release: Release) -> list[str]:
    if release.until is None:
        return []
    begins = f"It begins on {day(release.starts_at)}. " if release.starts_at else ""
    return [f"{begins}It ends on {day(last_moment(release.until))}, or sooner if you withdraw it."]


def _rights(release: Release, received_by: str) -> list[str]:
    clinic = release.organization
    return [
        f"You may withdraw this at any time: {release.revocation_how}",
        "What was shared before you withdraw it stays shared, because others relied on it.",
        f"Your care at {clinic} stays the same whether you sign or not.",
        f"{received_by} might pass it on, and it may then no longer be protected.",
        "You get a copy, and you can see who looked.",
    ]


def as_text(release: Release) -> str:
    """The same sections as one plain text: the exact text that is signed."""
    parts = [f"Release of information {release.number}"]
    for section in sections(release):
        parts.append("\n".join([section.heading, *(f"- {line}" for line in section.lines)]))
    return "\n\n".join(parts) + "\n"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
