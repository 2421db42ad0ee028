"""The flow sheet as a page, and the parts of it that follow what others record meanwhile."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from people.formats import moment, span
from people.permissions import allowed
from people.requests import MemberRequest
from sessions import flowsheet, leaving, monitoring
from sessions.actions.giving import weight_of
from sessions.drawings.flow_chart import FlowChart, VitalsRow, draw_vitals
from sessions.enums import Effect, Severity
from sessions.enums.observing import InterventionKind, SessionPhase
from sessions.forms.before_dose import ChecksForm, EscortForm, IdentityForm
from sessions.forms.discharge import DischargeForm
from sessions.forms.dosing import GiveForm
from sessions.forms.observing import InterventionForm, PhaseForm, SideEffectForm, VitalsForm
from sessions.gates import GateFacts, asked_at, standings
from sessions.limits import limit_at
from sessions.models import DosingSession
from sessions.observed import Sheet, counting, here
from sessions.permissions import (
    check_user_can_keep_stock,
    check_user_can_prescribe,
    check_user_can_treat,
    check_user_can_write_note,
)
from sessions.phases import clock_of, phases_of
from sessions.presence import team_cautions
from sessions.staff import judges, treating_staff
from sessions.stock import account_of
from sessions.views.common import banner
from sessions.views.weighing import fingerprint
from sessions.warnings import Caution, per_kg
from sessions.weighing import given_before


def sheet_page(
    request: MemberRequest,
    row: DosingSession,
    cautions: Sequence[Caution] = (),
    *,
    weighed: Sequence[Caution] = (),
    status: int = 200,
    **forms: Form,
) -> HttpResponse:
    """The whole page with whatever form was refused. `cautions` stand beside the dose that is about
    to be recorded, `weighed` beside the discharge."""
    now = timezone.now()
    parts = _parts(request, row, now)
    order = parts.get("order")
    context = {
        **parts,
        **_gates_at(row, forms.get("give_form")),
        "effects": Effect.choices,
        "severities": Severity.choices,
        "kinds": InterventionKind.choices,
        "phases": _phases(row),
        "prescribing": allowed(check_user_can_prescribe, request.user, row.episode.clinic_id),
        "writing": allowed(check_user_can_write_note, request.user, row.episode),
        "cautions": cautions,
        "fingerprint": fingerprint(cautions),
        "weighed": weighed,
        "weighed_print": fingerprint(weighed),
        "previous": given_before(row),
        "give_form": GiveForm(initial={"given_at": now, "order": order and order.pk}),
        "identity_form": IdentityForm(),
        "checks_form": ChecksForm(),
        "escort_form": EscortForm(),
        "account": account_of(row),
        "keeps_stock": allowed(check_user_can_keep_stock, request.user, row.episode.clinic_id),
        "vitals_form": VitalsForm(),
        "effect_form": SideEffectForm(),
        "intervention_form": InterventionForm(),
        "phase_form": PhaseForm(),
        "discharge_form": DischargeForm(
            initial={"discharged_at": now}, judges=judges(row.episode.clinic)
        ),
        "refused": next((form for form in forms.values() if form.is_bound), None),
        **forms,
    }
    return render(request, "care/dosing.html", context, status=status)


def sheet_parts(request: MemberRequest, row: DosingSession) -> HttpResponse:
    """What changes while somebody types: phase, alarms, what is due, rows, trend, team."""
    now = timezone.now()
    return render(request, "care/_parts.html", _parts(request, row, now))


def saved(request: MemberRequest, row: DosingSession) -> HttpResponse:
    """After a row was saved: its parts anew for the script, else the page."""
    return sheet_parts(request, row) if request.htmx else redirect("care:dosing", row.pk)


def _parts(request: MemberRequest, row: DosingSession, now: datetime) -> dict:
    sheet = Sheet.of(row, timezone.localdate())
    vitals, interventions = counting(sheet.vitals), counting(sheet.interventions)
    effects = counting(sheet.effects)
    present = here(sheet.presences)
    due = monitoring.due(row, vitals, sheet.age, sheet.plan)
    return {
        **banner(row.episode, *_escort(row)),
        **_before(row, now),
        "dosing": row,
        "now": now,
        "rows": flowsheet.rows(sheet),
        "chart": _chart(sheet, now),
        "clock": clock_of(row, counting(sheet.marks), now, row.episode.treatment_model),
        "due": due,
        "due_in": span((due - now).total_seconds()) if due else "",
        "alarms": monitoring.alarms(row, vitals, interventions, sheet.age),
        "earliest": leaving.earliest(sheet),
        "noted": {f"effect-{e.effect}" for e in effects}
        | {f"intervention-{i.kind}" for i in interventions},
        "present": present,
        "team_cautions": team_cautions(row, request.user),
        "present_pks": {presence.person_id for presence in present},
        "staff": treating_staff(row.episode.clinic),
        "treating": allowed(check_user_can_treat, request.user, row.episode),
        "state": _state(row),
        "alarm_key": uuid4(),
        "presence_key": uuid4(),
    }


def _state(row: DosingSession) -> str:
    """How far the dose has come: another device may have gone on."""
    if row.cancelled_at:
        return "cancelled"
    if row.discharged_at:
        return "discharged"
    return "given" if row.given_at else "planned"


def _phases(row: DosingSession) -> list[tuple[str, str]]:
    """What can be marked now; the onset is the dose."""
    offered = phases_of(row.episode.treatment_model)
    if row.given_at:
        return [(p.value, p.label) for p in offered if p != SessionPhase.ONSET]
    before = SessionPhase.BEFORE if SessionPhase.AFTER in offered else None
    return [(before.value, before.label)] if before else []


def _before(row: DosingSession, now: datetime) -> dict:
    """The order and the gates, while the dose is still to be given."""
    if row.given_at or row.cancelled_at:
        return {}
    at = asked_at(row, now)
    facts = GateFacts.of(row, at)
    gates = standings(facts, at, row.episode.clinic.day_of(at))
    weight = weight_of(facts)
    order = facts.order
    return {
        "order": order,
        "mg_per_kg": per_kg(order.dose_mg, weight) if order and weight else None,
        "weight": weight,
        "gates": gates,
        "shut": (shut := {s.gate.value for s in gates if not s.is_open}),
        "in_the_way": len(shut) + (order is None),
        "escort": facts.escort,
        "asked": facts.checks,
    }


def _gates_at(row: DosingSession, give_form: Form | None) -> dict:
    """The gates as they stood at the moment of a dose that could not be recorded."""
    at = getattr(give_form, "cleaned_data", {}).get("given_at")
    if at is None or row.given_at or row.cancelled_at or at > timezone.now():
        return {}
    gates = standings(GateFacts.of(row, at), at, row.episode.clinic.day_of(at))
    return {"gates": gates, "gates_at": at.isoformat()}


def _chart(sheet: Sheet, now: datetime) -> FlowChart | None:
    row, zone = sheet.dosing, ZoneInfo(timezone.get_current_timezone_name())
    taken = counting(sheet.vitals)
    readings = [VitalsRow(v.at, v.systolic, v.diastolic, v.heart_rate, v.spo2) for v in taken]
    limits = limit_at(row, now, sheet.age)
    going_on = row.given_at and not row.discharged_at
    return draw_vitals(
        readings, dose_at=row.given_at, limits=limits, zone=zone, now=now if going_on else None
    )


def _escort(row: DosingSession) -> list[tuple[str, str]]:
    if row.discharged_at:
        return [("Left", f"{moment(row.discharged_at)}, {row.escort}")]
    plan = row.escort_plan
    return [("Escort", f"{plan.name}, {plan.reached_by}")] if plan else []
