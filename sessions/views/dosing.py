"""The flow sheet: vitals and side effects with one tap, discharge."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from people.policy import for_roles
from people.requests import MemberRequest
from sessions.actions import dosing as actions
from sessions.forms.dosing import DischargeForm, SideEffectForm, VitalsForm
from sessions.views.common import AT_CLINIC, TREATING, done, dosing_or_404
from sessions.views.sheet import sheet_page


@for_roles(*AT_CLINIC)
def dosing(request: MemberRequest, pk: int) -> HttpResponse:
    return sheet_page(request, dosing_or_404(request.user, pk))


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
    return sheet_page(request, row, vitals_form=form)


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
    return sheet_page(request, row, effect_form=form)


@for_roles(*TREATING)
@require_POST
def discharge(request: MemberRequest, pk: int) -> HttpResponse:
    row = dosing_or_404(request.user, pk)
    form = DischargeForm(request.POST)

    def save():
        actions.discharge(by=request.user, dosing=row, **form.content())

    if done(request, form, save):
        return redirect("care:dosing", row.pk)
    return sheet_page(request, row, discharge_form=form)
