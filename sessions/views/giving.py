"""The dose is recorded as given, after what there is to weigh was shown once."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from people.policy import for_roles
from people.requests import MemberRequest, done
from sessions.actions.giving import NO_ORDER, give_dose
from sessions.forms.dosing import GiveForm
from sessions.models import DoseOrder
from sessions.views.common import TREATING, dosing_or_404
from sessions.views.sheet import sheet_page
from sessions.views.weighing import fingerprint, of_giving


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
            raise ValidationError(NO_ORDER)
        at = form.cleaned_data["given_at"]
        give_dose(by=request.user, dosing=row, order=order, given_at=at)

    if done(request, form, record):
        return redirect("care:dosing", row.pk)
    return sheet_page(request, row, give_form=form, cautions=cautions)
