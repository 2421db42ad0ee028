"""The quality page, and the same as CSV. Numbers about many: administrators read them as well."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from consent.clock import database_now
from people.enums import Role
from people.policy import for_roles
from people.requests import MemberRequest
from reminders.actions.quality import note_quality_export
from reminders.quality.cells import LEAST
from reminders.quality.forms import MonthsForm
from reminders.quality.report import report_of
from reminders.quality.sheet import quality_sheet

responsible = for_roles(Role.PRESCRIBER, Role.COORDINATOR, Role.ADMINISTRATOR)


@responsible
def quality(request: MemberRequest) -> HttpResponse:
    return _page(request, MonthsForm(request.GET, today=request.membership.organization.today))


@responsible
@reauthentication_required(allow_get=True)
def quality_csv(request: MemberRequest) -> HttpResponse:
    """What the page shows for these months, after the password; a GET leads back to the page."""
    if request.method != "POST":
        return redirect("reminders:quality")
    clinic = request.membership.organization
    form = MonthsForm(request.POST, today=clinic.today)
    if not form.is_valid():
        return _page(request, form)
    period = form.period(clinic.timezone)
    measures = report_of(clinic, period, database_now())
    note_quality_export(by=request.user, clinic=clinic, period=period)
    return quality_sheet(measures, clinic, period)


def _page(request: MemberRequest, form: MonthsForm) -> HttpResponse:
    clinic = request.membership.organization
    context: dict = {"form": form, "least": LEAST}
    if form.is_valid():
        period = form.period(clinic.timezone)
        measures = report_of(clinic, period, database_now())
        context |= {"period": period, "measures": measures}
        context["is_empty"] = all(measure.is_empty for measure in measures)
    return render(request, "reminders/quality.html", context)
