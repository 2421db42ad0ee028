"""The dose is recorded, after what there is to weigh was shown once."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from people.policy import for_roles
from people.requests import MemberRequest
from sessions.actions import dosing as actions
from sessions.forms.dosing import GiveForm
from sessions.views.common import TREATING, done, dosing_or_404
from sessions.views.sheet import sheet_page
from sessions.views.weighing import cautions_of, fingerprint, weighing


@for_roles(*TREATING)
@require_POST
def give(request: MemberRequest, pk: int) -> HttpResponse:
    """Record the dose. What there is to weigh is shown first, once; it never bars."""
    row = dosing_or_404(request.user, pk)
    form = GiveForm(request.POST)
    cautions = cautions_of(row, form)
    if form.is_valid() and cautions and form.cleaned_data["seen"] != fingerprint(cautions):
        return sheet_page(request, row, give=form, cautions=cautions)
    content = {k: v for k, v in form.cleaned_data.items() if k != "seen"}
    if done(request, form, lambda: actions.give_dose(by=request.user, dosing=row, **content)):
        return redirect("care:dosing", row.pk)
    return sheet_page(request, row, give=form, cautions=cautions)


@for_roles(*TREATING)
@require_POST
def check_dose(request: MemberRequest, pk: int) -> HttpResponse:
    """What there is to weigh about a dose that is being entered. Writes nothing."""
    row = dosing_or_404(request.user, pk)
    form = GiveForm(request.POST)
    return render(request, "care/_cautions.html", weighing(form, cautions_of(row, form)))
