"""The order: what is usual by each route and what was given before stand beside it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from people.enums import Role
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions.before_dose import order_dose
from sessions.forms.before_dose import OrderForm
from sessions.models import DosingSession
from sessions.views.common import banner, dosing_or_404
from sessions.views.weighing import fingerprint, of_order, weighed_at, weighing
from sessions.warnings import Caution, usual_doses
from sessions.weighing import given_before


@for_roles(Role.PRESCRIBER)
def order(request: MemberRequest, pk: int) -> HttpResponse:
    """Order a dose. What there is to weigh is shown first, once; what weighs heavily asks for a
    reason besides. Neither bars."""
    row = dosing_or_404(request.user, pk)
    form = OrderForm(posted(request))
    cautions = of_order(row, form)
    if form.is_valid() and cautions and form.cleaned_data["seen"] != fingerprint(cautions):
        return _page(request, row, form, cautions)

    def save():
        content = {k: v for k, v in form.cleaned_data.items() if k != "seen"}
        weighed = [caution.text for caution in cautions]
        order_dose(by=request.user, dosing=row, weighed=weighed, **content)

    if done(request, form, save):
        return redirect("care:dosing", row.pk)
    return _page(request, row, form, cautions)


@for_roles(Role.PRESCRIBER)
@require_POST
def check_order(request: MemberRequest, pk: int) -> HttpResponse:
    """What there is to weigh about an order that is being entered. Writes nothing."""
    row = dosing_or_404(request.user, pk)
    form = OrderForm(request.POST)
    cautions = of_order(row, form)
    context = weighing(row, form, cautions)
    if context["why_field"]:  # seen only on the page that asks once more
        context["fingerprint"] = ""
    return render(request, "care/_cautions.html", context)


def _page(
    request: MemberRequest, row: DosingSession, form: OrderForm, cautions: list[Caution]
) -> HttpResponse:
    weight, measured = weighed_at(row)
    context = {
        **banner(row.episode),
        **weighing(row, form, cautions),
        "dosing": row,
        "form": form,
        "order": row.doseorders.first(),
        "clearance": row.episode.clearances.first(),
        "previous": given_before(row),
        "weight": weight,
        "measured": measured,
        "usual": usual_doses(weight) if weight else [],
    }
    return render(request, "care/order.html", context)
