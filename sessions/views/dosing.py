"""The flow sheet: the page, its parts, and the discharge."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from people.policy import for_roles
from people.requests import MemberRequest, done
from sessions.actions import discharge as actions
from sessions.forms.discharge import DischargeForm
from sessions.leaving import before_leaving
from sessions.observed import Sheet
from sessions.staff import judges
from sessions.views.common import AT_CLINIC, TREATING, dosing_or_404
from sessions.views.sheet import sheet_page, sheet_parts
from sessions.views.weighing import fingerprint


@for_roles(*AT_CLINIC)
def dosing(request: MemberRequest, pk: int) -> HttpResponse:
    return sheet_page(request, dosing_or_404(request.user, pk))


@for_roles(*AT_CLINIC)
def parts(request: MemberRequest, pk: int) -> HttpResponse:
    """What others recorded meanwhile; asked for again and again while the sheet is open."""
    return sheet_parts(request, dosing_or_404(request.user, pk))


@for_roles(*TREATING)
@require_POST
def discharge(request: MemberRequest, pk: int) -> HttpResponse:
    """The client leaves. What there is to weigh is shown first, once; it never bars."""
    row = dosing_or_404(request.user, pk)
    form = DischargeForm(request.POST, judges=judges(row.episode.clinic))
    weighed = []
    if form.is_valid() and not row.discharged_at:
        sheet = Sheet.of(row, timezone.localdate())
        weighed = before_leaving(sheet, form.cleaned_data["discharged_at"])
        if weighed and form.cleaned_data["seen"] != fingerprint(weighed):
            return sheet_page(request, row, discharge_form=form, weighed=weighed)

    def save():
        actions.discharge(by=request.user, dosing=row, **form.content())

    if done(request, form, save):
        return redirect("care:dosing", row.pk)
    return sheet_page(request, row, discharge_form=form, weighed=weighed)
