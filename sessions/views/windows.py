"""The hours of the clinic's windows."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions.windows import set_window
from sessions.forms.windows import WindowForm
from sessions.hours import plans_of
from sessions.permissions import check_user_can_prescribe
from sessions.views.common import AT_CLINIC


@for_roles(*AT_CLINIC)
def windows(request: MemberRequest) -> HttpResponse:
    """All seven, and the form of the one that `?kind=` names. A prescriber changes it."""
    clinic = request.membership.organization
    prescribes = allowed(check_user_can_prescribe, request.user, clinic.pk)
    if request.method == "POST":
        check_user_can_prescribe(request.user, clinic.pk)
    plans = plans_of(clinic)
    plan = plans.get(request.GET.get("kind", "")) if prescribes else None
    shown = {}
    if plan:
        shown = {"kind": plan.kind, "opens": abs(plan.opens), "closes": abs(plan.closes)}
    form = WindowForm(posted(request), initial=shown)

    def save():
        set_window(by=request.user, clinic=clinic, **form.content())

    if done(request, form, save):
        return redirect("care:windows")
    changing = plans.get(form["kind"].value())
    context = {
        "plans": plans.values(),
        "form": form if plan or form.is_bound else None,
        "refused": form if form.is_bound else None,
        "changing": changing,
        "prescribes": prescribes,
    }
    return render(request, "care/windows.html", context)
