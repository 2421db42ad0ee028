"""What a reader may know of the releases that name them: the strip above everything they read."""

from dataclasses import dataclass
from datetime import datetime

from consent.access import Access
from consent.enums import Category, Ending, Sensitivity
from consent.models import Release
from people.formats import last_moment

# 42 CFR 2.32(a)(2), the short form.
PART2_NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."

EVENTS: dict[str, str] = {
    Ending.END_OF_TREATMENT: "when treatment at the clinic ends",
    Ending.NONE: "until the client withdraws it",
}

SOON = 30  # days


@dataclass(frozen=True)
class Scope:
    """One release in force, as its reader sees it."""

    release: int
    number: str
    client_name: str
    category_labels: list[str]
    until: datetime | None  # the last moment at which it holds, where that is known
    days_left: int | None
    event: str  # what ends it besides a date
    purposes: list[str]
    signed_at: datetime
    notice: str

    @property
    def left(self) -> str:
        if self.days_left is None:
            return ""
        if self.days_left < 1:
            return "less than a day left"
        return "1 day left" if self.days_left == 1 else f"{self.days_left} days left"

    @property
    def ends_soon(self) -> bool:
        return self.days_left is not None and self.days_left < SOON


def scopes_of(access: Access, *clients: int) -> list[Scope]:
    """The releases in force that open something about one of `clients` to this reader."""
    opened: dict[int, set[str]] = {}
    for provision, category, _ in access.permitted:
        if provision.client in clients and provision.release is not None:
            opened.setdefault(provision.release, set()).add(category)
    releases = Release.objects.filter(pk__in=opened).select_related("client").with_parts()
    return [_scope(release, opened[release.pk], access.at) for release in releases]


def _scope(release: Release, categories: set[str], at: datetime) -> Scope:
    assert release.signed_at is not None
    ends = release.over_at
    return Scope(
        release=release.pk,
        number=release.number,
        client_name=release.client.full_name,
        category_labels=[c.label for c in Category if c in categories],
        until=last_moment(ends) if ends else None,
        days_left=(ends - at).days if ends else None,
        event=EVENTS.get(release.ending, ""),
        purposes=[str(p) for p in release.purposes.all()],
        signed_at=release.signed_at,
        notice=PART2_NOTICE if Sensitivity.SUBSTANCE_USE in release.sensitivities else "",
    )
