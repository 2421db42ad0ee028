"""One conference: its agenda, and what somebody outside sees of it; minutes, who was there."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from consent.clock import database_now
from people.enums import Role
from people.forms import FormKey
from people.requests import MemberRequest, done, posted
from referrals.enums import ReferralState
from referrals.models import Referral
from reminders.conferences.actions import agenda as actions
from reminders.conferences.actions.planning import record_attendance
from reminders.conferences.facts import OVER, proposals
from reminders.conferences.forms import AddForm, PeopleForm
from reminders.conferences.people import staff
from reminders.conferences.reading import read_agenda, read_outside
from reminders.conferences.views.common import (
    conference_or_404,
    conferring,
    conferring_or_outside,
    is_outside,
)


@conferring_or_outside
def conference(request: MemberRequest, pk: int) -> HttpResponse:
    if is_outside(request):
        return _outside(request, pk)
    now, row = database_now(), conference_or_404(request, pk)
    agenda = read_agenda(request.user, row)
    plans = not row.called_off_at and not row.is_over(now)
    on_it = {line.case.referral_id for line in agenda.lines}
    found = proposals(request.user, row, now) if plans else []
    context = {
        "agenda": agenda,
        "conference": row,
        "plans": plans,
        "begun": row.has_begun(now),
        "proposals": [each for each in found if each.referral.pk not in on_it],
        "off": [case for case in agenda.taken_off if case.referral_id not in on_it],
        "key": uuid4,  # another one in each form
        "sets_up": request.membership.role in (Role.COORDINATOR, Role.PRESCRIBER),
    }
    return render(request, "reminders/conferences/agenda.html", context)


def _outside(request: MemberRequest, pk: int) -> HttpResponse:
    now = database_now()
    agenda = next(iter(read_outside(request.user, now, conference=pk)), None)
    if agenda is None:
        raise Http404
    row = agenda.conference
    context = {"agenda": agenda, "conference": row, "begun": row.has_begun(now)}
    return render(request, "reminders/conferences/outside.html", context)


@conferring
def minutes(request: MemberRequest, pk: int) -> HttpResponse:
    """Who was there and what was decided, case by case: to print."""
    row = conference_or_404(request, pk)
    context = {"agenda": read_agenda(request.user, row), "conference": row}
    return render(request, "reminders/conferences/minutes.html", context)


@conferring
@require_POST
def take_case(request: MemberRequest, pk: int, referral: int) -> HttpResponse:
    """Onto the agenda, and on to its page, where the therapist can be invited."""
    row = conference_or_404(request, pk)
    found = get_object_or_404(Referral.objects.open_to(request.user), pk=referral)
    try:
        case = actions.take_case(
            by=request.user,
            conference=row,
            referral=found,
            form_key=FormKey().clean(request.POST.get("form_key")),
        )
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("reminders:conference", pk)
    return redirect("reminders:conference_case", pk, case.pk)


@conferring
def add_case(request: MemberRequest, pk: int) -> HttpResponse:
    row = conference_or_404(request, pk)
    cases = Referral.objects.open_to(request.user).exclude(
        state__in=(*OVER, ReferralState.COMPLETED)
    )
    cases = cases.select_related("client", "practice")
    ordered = cases.order_by("client__last_name", "client__first_name", "pk")
    form = AddForm(posted(request), cases=ordered)
    made = []

    def add():
        made.append(actions.add_by_hand(by=request.user, conference=row, **form.cleaned_data))

    if done(request, form, add):
        return redirect("reminders:conference_case", pk, made[0].pk)
    context = {
        "form": form,
        "title": "Put a case on the agenda",
        "text": "For what the record does not show by itself.",
        "action": "Put it on the agenda",
        "conference": row,
    }
    return render(request, "reminders/conferences/form.html", context)


@conferring
def attendance(request: MemberRequest, pk: int) -> HttpResponse:
    """Who of the clinic was there."""
    row = conference_or_404(request, pk)
    if row.called_off_at or not row.has_begun(database_now()):
        return redirect("reminders:conference", pk)
    agenda = read_agenda(request.user, row)
    form = PeopleForm(
        posted(request),
        members=staff(row.series.clinic_id),
        label="Who was there",
        initial={"people": [each.person_id for each in agenda.there]},
    )

    def act():
        record_attendance(by=request.user, conference=row, people=form.cleaned_data["people"])

    if done(request, form, act):
        return redirect("reminders:conference", pk)
    context = {
        "form": form,
        "title": "Who was there",
        "text": "Of the clinic, for the whole conference. Others are recorded with their case.",
        "action": "Save",
        "conference": row,
    }
    return render(request, "reminders/conferences/form.html", context)
