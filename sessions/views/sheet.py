"""The flow sheet as a page: everything about one dose, with whatever form was refused."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from people.formats import moment
from people.requests import MemberRequest
from sessions import flowsheet
from sessions.actions.giving import weight_of
from sessions.drawings.flow_chart import FlowChart, VitalsRow, draw_vitals
from sessions.enums import Effect, Severity
from sessions.forms.before_dose import ChecksForm, EscortForm, IdentityForm
from sessions.forms.dosing import DischargeForm, GiveForm, SideEffectForm, VitalsForm
from sessions.gates import GateFacts, standings
from sessions.models import DosingSession, Vitals
from sessions.permissions import (
    allowed,
    check_user_can_keep_stock,
    check_user_can_prescribe,
    check_user_can_treat,
    check_user_can_write_note,
)
from sessions.presence import team_cautions
from sessions.stock import account_of
from sessions.views.common import banner
from sessions.views.weighing import fingerprint, given_before
from sessions.warnings import Caution, age_on, per_kg


def sheet_page(
    request: MemberRequest,
    row: DosingSession,
    cautions: Sequence[Caution] = (),
    **forms: Form,
) -> HttpResponse:
    """The flow sheet with whatever form was refused."""
    now, born = timezone.now(), row.episode.client.date_of_birth
    age = age_on(born, timezone.localdate())
    found = list(row.vitals.select_related("recorded_by"))
    effects = list(row.side_effects.select_related("recorded_by"))
    facts = GateFacts.of(row, now)
    context = {
        **banner(row.episode, *_escort(row)),
        **_before(row, facts, now),
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
        "prescribing": allowed(check_user_can_prescribe, request.user, row.episode.clinic_id),
        "treating": allowed(check_user_can_treat, request.user, row.episode),
        "writing": allowed(check_user_can_write_note, request.user, row.episode),
        "cautions": cautions,
        "fingerprint": fingerprint(cautions),
        "team_cautions": team_cautions(row, request.user),
        "previous": given_before(row),
        "give_form": GiveForm(initial={"given_at": now, "order": facts.order and facts.order.pk}),
        "identity_form": IdentityForm(),
        "checks_form": ChecksForm(),
        "escort_form": EscortForm(),
        "account": account_of(row),
        "keeps_stock": allowed(check_user_can_keep_stock, request.user, row.episode.clinic_id),
        "vitals_form": VitalsForm(),
        "effect_form": SideEffectForm(),
        "discharge_form": DischargeForm(initial={"discharged_at": now}),
        "refused": next((form for form in forms.values() if form.is_bound), None),
        **forms,
    }
    return render(request, "care/dosing.html", context)


def _before(row: DosingSession, facts: GateFacts, now: datetime) -> dict:
    """The order and the gates, while the dose is still to be given."""
    if row.given_at or row.cancelled_at:
        return {}
    gates = standings(facts, now, row.episode.clinic.day_of(now))
    weight = weight_of(facts)
    order = facts.order
    return {
        "order": order,
        "mg_per_kg": per_kg(order.dose_mg, weight) if order and weight else None,
        "weight": weight,
        "gates": gates,
        "shut": {standing.gate.value for standing in gates if not standing.is_open},
        "escort": facts.escort,
    }


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
