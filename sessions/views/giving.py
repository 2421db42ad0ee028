"""The dose is recorded as given, after what there is to weigh was shown once; and corrected."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions import giving as actions
from sessions.forms.before_dose import DoseCorrectionForm
from sessions.forms.dosing import GiveForm
from sessions.models import DoseOrder, DosingSession
from sessions.views.common import TREATING, banner, dosing_or_404
from sessions.views.sheet import sheet_page
from sessions.views.weighing import fingerprint, of_correction, of_giving


@for_roles(*TREATING)
@require_POST
def give(request: MemberRequest, pk: int) -> HttpResponse:
    """Record the dose as it was ordered on the page that was read; warnings never bar."""
    row = dosing_or_404(request.user, pk)
    form = GiveForm(request.POST)
    cautions = of_giving(row, form)
    if form.is_valid() and cautions and form.cleaned_data["seen"] != fingerprint(cautions):
        return sheet_page(request, row, give_form=form, cautions=cautions)

    def record():
        order = DoseOrder.objects.filter(dosing=row, pk=form.cleaned_data["order"] or 0).first()
        if order is None:
            raise ValidationError(actions.NO_ORDER)
        at = form.cleaned_data["given_at"]
        actions.give_dose(by=request.user, dosing=row, order=order, given_at=at)

    if done(request, form, record):
        return redirect("care:dosing", row.pk)
    return sheet_page(request, row, give_form=form, cautions=cautions)


@for_roles(*TREATING)
def correct_dose(request: MemberRequest, pk: int) -> HttpResponse:
    """Another time, or another amount, in the place of what was recorded; with a reason. What there
    is to weigh about the amount is shown first, once."""
    row = dosing_or_404(request.user, pk)
    if row.given_at is None:
        raise Http404
    shown = {"given_at": row.given_at.replace(second=0, microsecond=0), "dose_mg": row.dose_mg}
    form = DoseCorrectionForm(posted(request), initial=shown)
    cautions = of_correction(row, form)
    unseen = bool(cautions) and form.cleaned_data["seen"] != fingerprint(cautions)

    def save():
        actions.correct_dose(by=request.user, dosing=row, **_corrected(form, row))

    if not unseen and done(request, form, save):
        return redirect("care:dosing", pk)
    context = {**banner(row.episode), "dosing": row, "form": form}
    context |= {"cautions": cautions, "fingerprint": fingerprint(cautions)}
    return render(request, "care/correct_dose.html", context)


def _corrected(form: DoseCorrectionForm, row: DosingSession) -> dict:
    """What the form says now; the time to the second, where nobody touched it."""
    content = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
    return content if "given_at" in form.changed_data else {**content, "given_at": row.given_at}
