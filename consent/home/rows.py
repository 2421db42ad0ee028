"""The rows of the administrator's home in words: each has one thing to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from consent.enums import Ending
from consent.enums import ReleaseState as S
from consent.home.listing import GROUPS, Found, Group, load_parts
from consent.models import DisclosureQuestion, EmergencyAccess, PaperCopy, Release
from people.formats import day, last_moment, waited
from people.models import Client

TAGS = {
    S.DRAFT: "idle",
    S.AWAITING: "info",
    S.ACTIVE: "release",
    S.FUTURE: "release",
    S.REVOKED: "stop",
    S.EXPIRED: "stop",
}


@dataclass(frozen=True)
class Row:
    client: Client
    number: str
    who: Sequence[object]
    tag: str
    state: str
    when: str
    note: str
    verb: str
    url: str
    post: bool = False
    release: Release | None = None

    @property
    def about(self) -> str:
        """Where the client's name leads."""
        if self.release is None:
            return reverse("consent:accounting", args=[self.client.pk])
        return reverse("consent:detail", args=[self.release.pk])


@dataclass(frozen=True)
class Section:
    """One group as it is shown; `more` says that it goes on."""

    key: str
    rows: list[Row]
    more: bool

    @property
    def group(self) -> Group:
        return GROUPS[self.key]

    @property
    def last(self) -> int | None:
        """The release after which the group goes on, where it has an order to go on by."""
        release = self.rows[-1].release
        return release.pk if self.more and self.group.order and release else None


def sections(found: Found, keys: Iterable[str], most: int, at: datetime) -> list[Section]:
    """The first `most` rows of each group that has any."""
    load_parts(release for key in keys for release in found.releases[key][:most])
    shown = [_section(key, found, most, at) for key in keys]
    return [each for each in shown if each.rows]


def _section(key: str, found: Found, most: int, at: datetime) -> Section:
    if key == "review":
        rows = [_emergency(each, at) for each in found.emergencies]
        rows += [_question(each, at) for each in found.questions]
        return Section(key, rows[:most], len(rows) > most)
    releases = found.releases[key]
    shown = releases[:most]
    rows = [_release(key, release, at) for release in shown]
    return Section(key, rows, len(releases) > most)


def _release(key: str, release: Release, at: datetime) -> Row:
    if key == "verify":
        return _paper(release, at)
    when, note = _when(key, release, at)
    verb, name, pk = _to_do(key, release)
    state = release.state(at)
    return Row(
        client=release.client,
        number=release.number,
        who=_named(release),
        tag="attention" if key == "expiring" else TAGS.get(state, "plain"),
        state=state.label,
        when=when,
        note=note,
        verb=verb,
        url=reverse(name, args=[pk]),
        post=name == "consent:renew",
        release=release,
    )


def _to_do(key: str, release: Release) -> tuple[str, str, int]:
    """The verb, the address's name, and of which release."""
    renewal: int | None = release.renewal  # type: ignore[attr-defined]
    if key == "incomplete":
        return "Complete", "consent:builder", release.pk
    if key == "awaiting":
        return "Let them sign", "consent:detail", release.pk
    if key == "expiring" and renewal:
        return "See its renewal", "consent:detail", renewal
    if key == "expiring" and not release.superseded_at:
        return "Renew", "consent:renew", release.pk
    return "View", "consent:detail", release.pk


def _when(key: str, release: Release, at: datetime) -> tuple[str, str]:
    if key == "incomplete":
        return f"Begun {day(release.created_at)}", _waits(release.created_at, at)
    if key == "awaiting" and release.sent_at:
        return f"Ready {day(release.sent_at)}", _waits(release.sent_at, at)
    if release.revoked_at:
        return f"Withdrawn {day(release.revoked_at)}", ""
    if release.declined_at or release.discarded_at:
        return f"Since {day(release.declined_at or release.discarded_at)}", ""
    if release.superseded_at and release.superseded_at <= at:
        return f"Replaced {day(release.superseded_at)}", ""
    if release.over_at and release.over_at <= at:
        return f"Ended {day(last_moment(release.over_at))}", ""
    return ends_in_words(release), _left(release, at)


def ends_in_words(release: Release) -> str:
    """When a release in force ends by itself."""
    if release.over_at:
        return f"Ends {day(last_moment(release.over_at))}"
    if release.ending == Ending.END_OF_TREATMENT:
        return "Ends with treatment"
    return "Does not end by itself"


def _left(release: Release, at: datetime) -> str:
    if release.over_at is None:
        return ""
    days = (release.over_at - at).days
    return "less than a day left" if days < 1 else f"{days} day{'s' * (days > 1)} left"


def _named(release: Release) -> list[str]:
    """Who receives it, and for whom of them it was withdrawn."""
    return [f"{r}, withdrawn" if r.revoked_at else str(r) for r in release.recipients.all()]


def _waits(since: datetime, at: datetime) -> str:
    words = waited(since, at)
    return "since today" if words == "today" else f"waits {words}"


def _paper(release: Release, at: datetime) -> Row:
    paper: PaperCopy = release.open_paper  # type: ignore[attr-defined]
    return Row(
        client=release.client,
        number=release.number,
        who=_named(release),
        tag="attention",
        state="Second look",
        when=f"Entered {day(paper.transcribed_at)}",
        note=f"by {paper.transcribed_by.name}, {_waits(paper.transcribed_at, at)}",
        verb="Verify",
        url=reverse("consent:paper", args=[release.pk]),
        release=release,
    )


def _emergency(access: EmergencyAccess, at: datetime) -> Row:
    return Row(
        client=access.client,
        number="Emergency access",
        who=[f"{access.reader.name}, {access.organization}"],
        tag="stop",
        state=access.get_basis_display(),
        when=f"Opened {day(access.opened_at)}",
        note=_waits(access.opened_at, at),
        verb="Review",
        url=reverse("consent:emergency_review", args=[access.pk]),
    )


def _question(question: DisclosureQuestion, at: datetime) -> Row:
    return Row(
        client=question.client,
        number="Question",
        who=[f"About entry {question.sequence} of who looked"],
        tag="attention",
        state="To answer",
        when=f"Asked {day(question.asked_at)}",
        note=_waits(question.asked_at, at),
        verb="Answer",
        url=reverse("consent:question", args=[question.pk]),
    )


HEADER = ("Group", "Client", "Client number", "Release", "Who receives it") + (
    "State",
    "When",
    "Note",
    "Signed",
    "Last day",
)


def as_cells(sections: Iterable[Section]) -> Iterable[list[str]]:
    """The same rows for a spreadsheet."""
    for each in sections:
        for row in each.rows:
            release = row.release
            until = release.until if release else None
            yield [
                each.group.label,
                str(row.client),
                row.client.number,
                row.number,
                "; ".join(map(str, row.who)),
                row.state,
                row.when,
                row.note,
                day(release.signed_at) if release else "",
                day(last_moment(until)) if until else "",
            ]
