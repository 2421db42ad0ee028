"""The hours of windows as each clinic has set them; the usual ones where it has not."""

from collections.abc import Collection
from typing import Any

from people.models import Organization
from sessions.models import WindowPlan
from sessions.windows import HOURS, Hours, WindowKind


def hours_at(clinic_id: int) -> Hours:
    """Those of one clinic, in one query."""
    return hours_of({clinic_id})[clinic_id]


def hours_of(clinic_ids: Collection[int]) -> dict[int, Hours]:
    """By clinic, in one query, and none for no clinic."""
    found: dict[int, dict[WindowKind, Any]] = {pk: dict(HOURS) for pk in clinic_ids}
    if found:
        rows = WindowPlan.objects.filter(clinic__in=clinic_ids).order_by("pk")
        for row in rows:
            found[row.clinic_id][WindowKind(row.kind)] = (row.opens, row.closes)
    return dict(found)


def plans_of(clinic: Organization) -> dict[str, WindowPlan]:
    """By kind, what counts at this clinic; where it wrote nothing, the usual hours, unsaved."""
    rows = WindowPlan.objects.filter(clinic=clinic).select_related("recorded_by").order_by("pk")
    written = {row.kind: row for row in rows}
    for kind, (opens, closes) in HOURS.items():
        usual = WindowPlan(clinic=clinic, kind=kind, opens=opens, closes=closes)
        written.setdefault(kind.value, usual)
    return {kind.value: written[kind.value] for kind in WindowKind}
