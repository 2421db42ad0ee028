"""The administrator's list of releases: five groups, each row with its one next action."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from consent.enums import ReleaseState as S
from consent.models import Release

EXPIRING = timedelta(days=30)
MOST = 500

# group: (label, explanation)
GROUPS = {
    "incomplete": ("Incomplete", "Drafts that the client has not seen"),
    "awaiting": ("Awaiting signature", "Ready for the client to sign"),
    "expiring": ("Ending within 30 days", "Ask whether to renew"),
    "active": ("Active", "In force or about to begin"),
    "ended": ("Ended", "Over, withdrawn or declined"),
}
# group: (verb of the row's action, URL name, status tag)
ACTIONS = {
    "incomplete": ("Complete", "consent:builder", "idle"),
    "awaiting": ("Sign", "consent:sign", "info"),
    "expiring": ("View", "consent:detail", "attention"),
    "active": ("View", "consent:detail", "release"),
    "ended": ("View", "consent:detail", "plain"),
}


@dataclass(frozen=True)
class Row:
    release: Release
    state: S
    group: str
    verb: str
    url_name: str
    tag: str
    days_left: int | None


def group_of(release: Release, at: datetime) -> str:
    state = release.state(at)
    if state == S.DRAFT:
        return "incomplete"
    if state == S.AWAITING:
        return "awaiting"
    if state in (S.ACTIVE, S.FUTURE):
        assert release.until is not None
        return "expiring" if release.until - at <= EXPIRING else "active"
    return "ended"


def listed(organization_id: int, at: datetime, show: str) -> dict:
    """Rows and tiles for the page; `show` is one of GROUPS or empty for all."""
    releases = (
        Release.objects.of_clinic(organization_id)
        .select_related("client")
        .prefetch_related("recipients__user", "recipients__organization")
        .order_by("-pk")[:MOST]
    )
    rows = [_row(release, at) for release in releases]
    rows.sort(key=lambda row: list(GROUPS).index(row.group))
    tiles = [
        {
            "count": sum(row.group == key for row in rows),
            "label": label,
            "note": note,
            "url": "?" if key == show else f"?show={key}",
            "current": key == show,
        }
        for key, (label, note) in GROUPS.items()
    ]
    shown = [row for row in rows if not show or row.group == show]
    return {"rows": shown, "tiles": tiles, "show": show}


def _row(release: Release, at: datetime) -> Row:
    group = group_of(release, at)
    verb, url_name, tag = ACTIONS[group]
    left = (release.until - at).days if release.until and group in ("active", "expiring") else None
    return Row(release, release.state(at), group, verb, url_name, tag, left)
