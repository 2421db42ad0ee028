"""The list of conferences, how often they are held, and the next one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from consent.clock import database_now
from consent.enums import Channel
from people.enums import Role
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from reminders.conferences.actions import planning
from reminders.conferences.forms import EndSeriesForm, SeriesForm, WhyForm
from reminders.conferences.permissions import check_user_can_set_up
from reminders.conferences.reading import open_decisions, read_outside
from reminders.conferences.series import next_conference, series_of
from reminders.conferences.views.common import (
    conference_or_404,
    conferring,
    is_outside,
    setting_up,
)
from reminders.models import Conference, ConferenceSeries

SHOWN = 12  # conferences that were held


@for_roles(*Role)
def conferences(request: MemberRequest) -> HttpResponse:
    """For staff all of the clinic's, for administrators dates; outside, those of one's cases."""
    if is_outside(request):
        return _outside(request)
    clinic, now = request.membership.organization, database_now()
    clinical = request.membership.role != Role.ADMINISTRATOR
    rows = Conference.objects.filter(series__clinic=clinic, at__lt=now)
    ahead = next_conference(clinic, now)
    past = [row for row in rows.select_related("series")[:SHOWN] if row.is_over(now)]
    context = {
        "now": now,
        "today": clinic.day_of(now),
        "next": ahead,
        "series": series_of(clinic, now),
        "past": past,
        "clinical": clinical,
        "sets_up": allowed(check_user_can_set_up, request.user, clinic.pk),
        "decisions": open_decisions(request.user, now) if clinical else [],
    }
    return render(request, "reminders/conferences/list.html", context)


def _outside(request: MemberRequest) -> HttpResponse:
    now = database_now()
    agendas = read_outside(request.user, now, channel=Channel.WORKLIST)
    over = [each for each in agendas if each.conference.is_over(now)]
    mine = [
        (agenda, line, each)
        for agenda in agendas
        for line in agenda.lines
        for each in line.open_decisions
        if each.mine
    ]
    context = {
        "ahead": [each for each in reversed(agendas) if each not in over],
        "past": over,
        "mine": sorted(mine, key=lambda row: row[2].row.due_on),
    }
    return render(request, "reminders/conferences/outside_list.html", context)


@setting_up
def conference_series(request: MemberRequest) -> HttpResponse:
    clinic = request.membership.organization
    current = series_of(clinic, database_now())
    last = current[-1] if current else None
    usual = {"minutes": 45, "every_weeks": 1}
    if last:
        kept = ("at_time", "every_weeks", "minutes", "place")
        usual = {name: getattr(last, name) for name in kept}
    form = SeriesForm(posted(request), initial=usual)

    def set_up():
        key, content = form.cleaned_data["form_key"], form.content()
        planning.set_up_series(by=request.user, clinic=clinic, form_key=key, content=content)

    if done(request, form, set_up):
        messages.success(request, "The conferences are set up.")
        return redirect("reminders:conferences")
    context = {"form": form, "series": last, "clinic": clinic}
    return render(request, "reminders/conferences/series.html", context)


@setting_up
def end_conferences(request: MemberRequest, pk: int) -> HttpResponse:
    """No more of a series after a day."""
    rows = ConferenceSeries.objects.filter(clinic=request.membership.organization)
    current = get_object_or_404(rows, pk=pk)
    if current.last_on:
        return redirect("reminders:conferences")
    form = EndSeriesForm(posted(request))

    def end():
        day = form.cleaned_data["last_on"]
        planning.end_series(by=request.user, series=current, last_on=day)

    if done(request, form, end):
        return redirect("reminders:conferences")
    context = {
        "form": form,
        "title": "End the conferences",
        "text": f"They are held {current}. What was decided stays.",
        "action": "End them",
        "back": "reminders:conferences",
    }
    return render(request, "reminders/conferences/form.html", context)


@conferring
@require_POST
def next_agenda(request: MemberRequest) -> HttpResponse:
    """To the agenda of the next conference, which begins with this."""
    try:
        conference = planning.plan_next(by=request.user, clinic=request.membership.organization)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("reminders:conferences")
    return redirect("reminders:conference", conference.pk)


@setting_up
def call_off(request: MemberRequest, pk: int) -> HttpResponse:
    conference = conference_or_404(request, pk)
    if conference.called_off_at or conference.has_begun(database_now()):
        return redirect("reminders:conference", pk)
    form = WhyForm(posted(request))

    def act():
        planning.call_off(by=request.user, conference=conference, why=form.cleaned_data["why"])

    if done(request, form, act):
        messages.success(request, "The conference is called off.")
        return redirect("reminders:conferences")
    context = {
        "form": form,
        "title": "Call this conference off",
        "text": "What its cases need is proposed for the next one.",
        "action": "Call it off",
        "conference": conference,
    }
    return render(request, "reminders/conferences/form.html", context)
