"""Before a dose: the date of birth again, the checks, the escort. Each a form on the flow sheet."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from people.policy import for_roles
from people.requests import MemberRequest, done
from sessions.actions import before_dose as actions
from sessions.forms.before_dose import ChecksForm, EscortForm, IdentityForm
from sessions.views.common import AT_CLINIC, TREATING, dosing_or_404
from sessions.views.sheet import sheet_page


@for_roles(*TREATING)
@require_POST
def identity(request: MemberRequest, pk: int) -> HttpResponse:
    row = dosing_or_404(request.user, pk)
    form = IdentityForm(request.POST)

    def save():
        actions.confirm_identity(by=request.user, dosing=row, **form.cleaned_data)

    if done(request, form, save):
        return redirect("care:dosing", row.pk)
    return sheet_page(request, row, identity_form=form)


@for_roles(*TREATING)
@require_POST
def checks(request: MemberRequest, pk: int) -> HttpResponse:
    row = dosing_or_404(request.user, pk)
    form = ChecksForm(request.POST)

    def save():
        actions.record_checks(by=request.user, dosing=row, **form.content())

    if done(request, form, save):
        return redirect("care:dosing", row.pk)
    return sheet_page(request, row, checks_form=form)


@for_roles(*AT_CLINIC)
@require_POST
def escort(request: MemberRequest, pk: int) -> HttpResponse:
    row = dosing_or_404(request.user, pk)
    form = EscortForm(request.POST)

    def save():
        content = dict(form.cleaned_data)
        actions.plan_escort(by=request.user, dosing=row, name=content.pop("who"), **content)

    if done(request, form, save):
        return redirect("care:dosing", row.pk)
    return sheet_page(request, row, escort_form=form)
