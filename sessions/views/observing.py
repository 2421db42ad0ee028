"""One tap, one row; and the page on which a row is corrected."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions import observing as actions
from sessions.flowsheet import KINDS, rows
from sessions.forms.observing import (
    InterventionForm,
    ObservedForm,
    PhaseForm,
    PresenceForm,
    SideEffectForm,
    VitalsForm,
    WithdrawForm,
    corrected,
    correcting,
    minute_of,
)
from sessions.models import DosingSession, Intervention, PhaseMark, Presence, SideEffect, Vitals
from sessions.models.observations import Observed
from sessions.observed import Sheet
from sessions.staff import treating_staff
from sessions.views.common import TREATING, banner, dosing_or_404
from sessions.views.sheet import saved, sheet_page

# By the word in the address: the rows, their form, and its place on the page.
ROWS: dict[str, tuple[type[Observed], type[ObservedForm]]] = {
    "vitals": (Vitals, VitalsForm),
    "effect": (SideEffect, SideEffectForm),
    "intervention": (Intervention, InterventionForm),
    "phase": (PhaseMark, PhaseForm),
    "presence": (Presence, PresenceForm),
}
assert ROWS.keys() == KINDS.keys()


@for_roles(*TREATING)
@require_POST
def vitals(request: MemberRequest, pk: int) -> HttpResponse:
    return _observe(request, pk, "vitals", actions.record_vitals)


@for_roles(*TREATING)
@require_POST
def side_effect(request: MemberRequest, pk: int) -> HttpResponse:
    return _observe(request, pk, "effect", actions.record_side_effect)


@for_roles(*TREATING)
@require_POST
def intervention(request: MemberRequest, pk: int) -> HttpResponse:
    return _observe(request, pk, "intervention", actions.record_intervention)


@for_roles(*TREATING)
@require_POST
def phase(request: MemberRequest, pk: int) -> HttpResponse:
    return _observe(request, pk, "phase", actions.mark_phase)


@for_roles(*TREATING)
@require_POST
def presence(request: MemberRequest, pk: int) -> HttpResponse:
    return _observe(request, pk, "presence", actions.record_presence)


def _observe(request: MemberRequest, pk: int, kind: str, action: Callable) -> HttpResponse:
    """Save one row. What is refused comes back as 422, with what was typed."""
    row = dosing_or_404(request.user, pk)
    form = _form(kind, row, request.POST)
    if done(request, form, lambda: action(by=request.user, dosing=row, **form.observation())):
        return saved(request, row)
    refused: Any = {f"{kind}_form": form}
    return sheet_page(request, row, status=422, **refused)


def _form(kind: str, row: DosingSession, data=None, **kwargs) -> ObservedForm:
    if kind == "presence":
        return PresenceForm(data, staff=treating_staff(row.episode.clinic), **kwargs)
    return ROWS[kind][1](data, **kwargs)


@for_roles(*TREATING)
def correct(request: MemberRequest, pk: int, kind: str, row_pk: int) -> HttpResponse:
    """Another row in the place of this one, with a reason."""
    row = _row_or_404(request, pk, kind, row_pk)
    shown = {**ROWS[kind][1].said(row), "at": minute_of(row)}
    form = correcting(_form(kind, row.dosing, posted(request), initial=shown))

    def save():
        actions.correct(by=request.user, row=row, **corrected(form, row))

    if done(request, form, save):
        return redirect("care:dosing", pk)
    return _correction_page(request, kind, row, form, WithdrawForm())


@for_roles(*TREATING)
@require_POST
def withdraw(request: MemberRequest, pk: int, kind: str, row_pk: int) -> HttpResponse:
    """The word, with a reason, that this row was entered in error."""
    row = _row_or_404(request, pk, kind, row_pk)
    shown = {**ROWS[kind][1].said(row), "at": minute_of(row)}
    form = WithdrawForm(request.POST)
    if done(request, form, lambda: actions.withdraw(by=request.user, row=row, **form.cleaned_data)):
        return redirect("care:dosing", pk)
    other = correcting(_form(kind, row.dosing, initial=shown))
    return _correction_page(request, kind, row, other, form)


def _row_or_404(request: MemberRequest, pk: int, kind: str, row_pk: int):
    dosing = dosing_or_404(request.user, pk)
    if kind not in ROWS:
        raise Http404
    row: Any = get_object_or_404(ROWS[kind][0], dosing=dosing, pk=row_pk)
    row.dosing = dosing
    return row


def _correction_page(request: MemberRequest, kind: str, row, form, withdrawal) -> HttpResponse:
    lines = rows(Sheet.of(row.dosing, timezone.localdate()))
    context = {
        **banner(row.dosing.episode),
        "dosing": row.dosing,
        "kind": kind,
        "row": row,
        "line": next((r for r in lines if (r.kind, r.pk) == (kind, row.pk)), None),
        "what": row._meta.verbose_name,
        "form": form,
        "withdrawal": withdrawal,
        "refused": next((f for f in (form, withdrawal) if f.is_bound), None),
    }
    return render(request, "care/correct.html", context)
