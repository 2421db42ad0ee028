"""What a reader may know of the releases that name them: the strip above everything they read."""

from dataclasses import dataclass
from datetime import datetime

from consent.access import Access
from consent.enums import Category, Sensitivity
from consent.models import Release
from people.formats import last_moment

# 42 CFR 2.32(a)(2), the short form.
PART2_NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."


@dataclass(frozen=True)
class Scope:
    """One release in force, as its reader sees it."""

    release: int
    number: str
    client_name: str
    category_labels: list[str]
    until: datetime  # the last moment at which it holds
    days_left: int
    purposes: list[str]
    signed_at: datetime
    notice: str


def scopes_of(access: Access, client: int) -> list[Scope]:
    """The releases in force that open something about `client` to this reader."""
    opened: dict[int, set[str]] = {}
    for provision, category, _ in access.permitted:
        if provision.client == client:
            opened.setdefault(provision.release, set()).add(category)
    releases = Release.objects.filter(pk__in=opened).select_related("client").with_parts()
    return [_scope(release, opened[release.pk], access.at) for release in releases]


def _scope(release: Release, categories: set[str], at: datetime) -> Scope:
    assert release.until is not None
    assert release.signed_at is not None
    return Scope(
        release=release.pk,
        number=release.number,
        client_name=release.client.full_name,
        category_labels=[c.label for c in Category if c in categories],
        until=last_moment(release.until),
        days_left=(release.until - at).days,
        purposes=[str(p) for p in release.purposes.all()],
        signed_at=release.signed_at,
        notice=PART2_NOTICE if Sensitivity.SUBSTANCE_USE in release.sensitivities else "",
    )
