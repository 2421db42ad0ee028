"""The flow sheet as a page: everything about one dose, with whatever form was refused."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from people.formats import moment
from people.requests import MemberRequest
from sessions import flowsheet
from sessions.actions.care import current_clearance
from sessions.drawings.flow_chart import FlowChart, VitalsRow, draw_vitals
from sessions.enums import Effect, Severity
from sessions.forms.dosing import DischargeForm, GiveForm, SideEffectForm, VitalsForm
from sessions.models import DosingSession, Vitals
from sessions.permissions import allowed, check_user_can_treat, check_user_can_write_note
from sessions.views.common import banner
from sessions.views.weighing import given_before, weighing
from sessions.warnings import Caution, age_on


def sheet_page(
    request: MemberRequest,
    row: DosingSession,
    give: GiveForm | None = None,
    cautions: Sequence[Caution] = (),
    **forms: Form,
) -> HttpResponse:
    """The flow sheet with whatever form was refused."""
    now, born = timezone.now(), row.episode.client.date_of_birth
    age = age_on(born, timezone.localdate())
    found = list(row.vitals.select_related("recorded_by"))
    effects = list(row.side_effects.select_related("recorded_by"))
    give = give or GiveForm(initial={"given_at": now})
    context = {
        **banner(row.episode, *_escort(row)),
        **weighing(give, cautions),
        "dosing": row,
        "now": now,
        "rows": flowsheet.rows(row, found, effects, age),
        "chart": _chart(row, found, flowsheet.limit_at(row, now, age)),
        "clock": flowsheet.clock_of(row, now),
        "due": flowsheet.due(row, found, age),
        "alarm": flowsheet.alarm(row, found, age),
        "noted": {effect.effect for effect in effects},
        "effects": Effect.choices,
        "severities": Severity.choices,
        "treating": allowed(check_user_can_treat, request.user, row.episode),
        "writing": allowed(check_user_can_write_note, request.user, row.episode),
        "clearance": current_clearance(row.episode),
        "previous": given_before(row),
        "vitals_form": VitalsForm(),
        "effect_form": SideEffectForm(),
        "discharge_form": DischargeForm(initial={"discharged_at": now}),
        "refused": next((form for form in (give, *forms.values()) if form.is_bound), None),
        **forms,
    }
    return render(request, "care/dosing.html", context)


def _chart(
    row: DosingSession, found: Sequence[Vitals], limits: tuple[int, int]
) -> FlowChart | None:
    readings = [VitalsRow(v.at, v.systolic, v.diastolic, v.heart_rate) for v in found]
    zone = ZoneInfo(timezone.get_current_timezone_name())
    return draw_vitals(readings, dose_at=row.given_at, limits=limits, zone=zone)


def _escort(row: DosingSession) -> list[tuple[str, str]]:
    if row.discharged_at:
        return [("Left", f"{moment(row.discharged_at)}, {row.escort}")]
    return []
