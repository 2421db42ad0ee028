"""The flow sheet: give the dose, save vitals and side effects with one tap, discharge."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from people.formats import moment
from people.policy import for_roles
from people.requests import MemberRequest
from sessions import flowsheet
from sessions.actions import dosing as actions
from sessions.actions.care import current_clearance
from sessions.drawings.flow_chart import FlowChart, VitalsRow, draw_vitals
from sessions.enums import Effect, Severity
from sessions.forms.dosing import DischargeForm, GiveForm, SideEffectForm, VitalsForm
from sessions.models import DosingSession, Vitals
from sessions.permissions import allowed, check_user_can_treat, check_user_can_write_note
from sessions.views.common import AT_CLINIC, TREATING, banner, done, dosing_or_404
from sessions.warnings import (
    Caution,
    Previous,
    age_on,
    before_dose,
    per_kg,
)

MINUTE = timedelta(minutes=1)  # the dose is written to the minute, vitals to the second


@for_roles(*AT_CLINIC)
def dosing(request: MemberRequest, pk: int) -> HttpResponse:
    return _page(request, dosing_or_404(request.user, pk))


@for_roles(*TREATING)
@require_POST
def give(request: MemberRequest, pk: int) -> HttpResponse:
    """Record the dose. What there is to weigh is shown first, once; it never bars."""
    row = dosing_or_404(request.user, pk)
    form = GiveForm(request.POST)
    cautions = _cautions(row, form)
    if form.is_valid() and cautions and form.cleaned_data["seen"] != _fingerprint(cautions):
        return _page(request, row, give=form, cautions=cautions)
    content = {k: v for k, v in form.cleaned_data.items() if k != "seen"}
    if done(request, form, lambda: actions.give_dose(by=request.user, dosing=row, **content)):
        return redirect("care:dosing", row.pk)
    return _page(request, row, give=form, cautions=cautions)


@for_roles(*TREATING)
@require_POST
def check_dose(request: MemberRequest, pk: int) -> HttpResponse:
    """What there is to weigh about a dose that is being entered. Writes nothing."""
    row = dosing_or_404(request.user, pk)
    form = GiveForm(request.POST)
    return render(request, "care/_cautions.html", _weighing(form, _cautions(row, form)))


@for_roles(*TREATING)
@require_POST
def vitals(request: MemberRequest, pk: int) -> HttpResponse:
    row = dosing_or_404(request.user, pk)
    form = VitalsForm(request.POST)

    def save():
        key, at = form.cleaned_data["form_key"], form.cleaned_data["at"] or timezone.now()
        actions.record_vitals(
            by=request.user, dosing=row, form_key=key, at=at, values=form.values()
        )

    if done(request, form, save):
        return redirect("care:dosing", row.pk)
    return _page(request, row, vitals_form=form)


@for_roles(*TREATING)
@require_POST
def side_effect(request: MemberRequest, pk: int) -> HttpResponse:
    row = dosing_or_404(request.user, pk)
    form = SideEffectForm(request.POST)

    def save():
        key, now = form.cleaned_data["form_key"], timezone.now()
        actions.record_side_effect(
            by=request.user, dosing=row, form_key=key, at=now, values=form.values()
        )

    if done(request, form, save):
        return redirect("care:dosing", row.pk)
    return _page(request, row, effect_form=form)


@for_roles(*TREATING)
@require_POST
def discharge(request: MemberRequest, pk: int) -> HttpResponse:
    row = dosing_or_404(request.user, pk)
    form = DischargeForm(request.POST)

    def save():
        actions.discharge(by=request.user, dosing=row, **form.content())

    if done(request, form, save):
        return redirect("care:dosing", row.pk)
    return _page(request, row, discharge_form=form)


def _page(
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
        **_weighing(give, cautions),
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
        "previous": _given_before(row),
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


def _weighing(form: GiveForm, cautions: Sequence[Caution]) -> dict:
    """What stands beside the form: mg/kg, and what there is to weigh."""
    given = getattr(form, "cleaned_data", {})
    shown = "dose_mg" in given and "weight_kg" in given
    return {
        "give_form": form,
        "cautions": cautions,
        "fingerprint": _fingerprint(cautions),
        "mg_per_kg": per_kg(given["dose_mg"], given["weight_kg"]) if shown else None,
    }


def _cautions(row: DosingSession, form: GiveForm) -> list[Caution]:
    if not form.is_valid():
        return []
    given = form.cleaned_data
    last = row.vitals.filter(at__lt=given["given_at"] + MINUTE).first()
    return before_dose(
        route=given["route"],
        dose_mg=given["dose_mg"],
        weight_kg=given["weight_kg"],
        reading=(last.systolic, last.diastolic) if last else None,
        born=row.episode.client.date_of_birth,
        at=timezone.localtime(given["given_at"]),
        previous=_previous(row),
    )


def _previous(row: DosingSession) -> Previous | None:
    last = next(iter(_given_before(row)), None)
    if last is None or last.dose_mg is None:
        return None
    return Previous(last.number, last.route, last.dose_mg)


def _fingerprint(cautions: Sequence[Caution]) -> str:
    """Names a set of warnings, so that what was shown is what was seen; empty for none."""
    text = "\n".join(caution.text for caution in cautions)
    return hashlib.sha256(text.encode()).hexdigest()[:16] if cautions else ""


def _given_before(row: DosingSession) -> list[DosingSession]:
    """The doses of this episode that were given before, newest first."""
    others = row.episode.doses.filter(given_at__isnull=False).exclude(pk=row.pk)
    if row.given_at:
        others = others.filter(given_at__lt=row.given_at)
    return list(others.order_by("-given_at")[:12])


def _escort(row: DosingSession) -> list[tuple[str, str]]:
    if row.discharged_at:
        return [("Left", f"{moment(row.discharged_at)}, {row.escort}")]
    return []
