"""The clinic's schedule of vitals, by route."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions.monitoring import set_monitoring
from sessions.enums import Route
from sessions.forms.monitoring import MonitoringForm
from sessions.monitoring import plans_of
from sessions.permissions import check_user_can_prescribe
from sessions.views.common import AT_CLINIC


@for_roles(*AT_CLINIC)
def monitoring(request: MemberRequest) -> HttpResponse:
    """All routes, and the form of the one that `?route=` names. A prescriber changes it."""
    clinic = request.membership.organization
    prescribes = allowed(check_user_can_prescribe, request.user, clinic.pk)
    if request.method == "POST":
        check_user_can_prescribe(request.user, clinic.pk)
    plans = plans_of(clinic)
    plan = plans.get(request.GET.get("route", "")) if prescribes else None
    shown = (
        {name: getattr(plan, name) for name in ("route", *MonitoringForm.VALUES)} if plan else {}
    )
    form = MonitoringForm(posted(request), initial=shown)

    def save():
        set_monitoring(by=request.user, clinic=clinic, **form.content())

    if done(request, form, save):
        return redirect("care:monitoring")
    route = form["route"].value()
    context = {
        "plans": plans.values(),
        "form": form if plan or form.is_bound else None,
        "refused": form if form.is_bound else None,
        "route": Route(route).label if route in Route.values else "",
        "prescribes": prescribes,
    }
    return render(request, "care/monitoring.html", context)
