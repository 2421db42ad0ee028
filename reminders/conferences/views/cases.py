"""One case of a conference: why, who joins, what was decided, and that it was done."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from consent.clock import database_now
from people.requests import MemberRequest, done, posted
from reminders.conferences.actions import agenda as actions
from reminders.conferences.actions import deciding
from reminders.conferences.actions.planning import record_joined
from reminders.conferences.forms import DecisionForm, PeopleForm, WhyForm
from reminders.conferences.people import invitable, may_join, on_case, staff
from reminders.conferences.reading import Line, own_decision, read_agenda
from reminders.conferences.views.common import (
    conference_or_404,
    conferring,
    conferring_or_outside,
    decided_or_404,
    is_outside,
    line_or_404,
)


@conferring
def conference_case(request: MemberRequest, pk: int, case: int) -> HttpResponse:
    """The case, and the form of a decision about it."""
    agenda, line = line_or_404(request, pk, case)
    form = _decision_form(request, line)

    def decide():
        deciding.decide(by=request.user, case=line.case, **form.cleaned_data)

    if done(request, form, decide):
        messages.success(request, "The decision is kept.")
        return redirect("reminders:conference_case", pk, case)
    return _page(request, agenda, line, form)


def _decision_form(request: MemberRequest, line: Line, **initial) -> DecisionForm:
    referral = line.case.referral
    groups = [
        (str(request.membership.organization), staff(referral.clinic_id)),
        (str(referral.practice), on_case(referral)),
    ]
    return DecisionForm(posted(request), groups=groups, **initial)


def _page(request: MemberRequest, agenda, line: Line, form: DecisionForm) -> HttpResponse:
    row, now = agenda.conference, database_now()
    goes_on = not row.called_off_at and not row.is_over(now)
    asked = invitable(line.case, line.invited) if goes_on else []
    context = {
        "agenda": agenda,
        "conference": row,
        "line": line,
        "client": line.client,
        "form": form,
        "begun": row.has_begun(now) and not row.called_off_at,
        "goes_on": goes_on,
        "inviting": PeopleForm(members=asked, label="Invite to join for this case"),
        "asked": asked,
    }
    return render(request, "reminders/conferences/case.html", context)


@conferring
@require_POST
def invite(request: MemberRequest, pk: int, case: int) -> HttpResponse:
    _, line = line_or_404(request, pk, case)
    asked = invitable(line.case, [])
    form = PeopleForm(request.POST, members=asked, label="Invite")

    def act():
        actions.invite(by=request.user, case=line.case, people=form.cleaned_data["people"])

    if done(request, form, act):
        messages.success(request, "They are invited, and see this case among their conferences.")
    else:
        found = form.errors.get("people") or ["Choose whom to invite."]
        messages.error(request, str(found[0]))
    return redirect("reminders:conference_case", pk, case)


@conferring
def joined(request: MemberRequest, pk: int, case: int) -> HttpResponse:
    """Who of outside the clinic joined for this case."""
    agenda, line = line_or_404(request, pk, case)
    row = agenda.conference
    if row.called_off_at or not row.has_begun(database_now()):
        return redirect("reminders:conference_case", pk, case)
    members = may_join(line.case)
    was_there = [each.person_id for each in line.joined]
    form = PeopleForm(
        posted(request), members=members, label="Who joined", initial={"people": was_there}
    )

    def act():
        record_joined(by=request.user, case=line.case, people=form.cleaned_data["people"])

    if done(request, form, act):
        return redirect("reminders:conference_case", pk, case)
    context = {
        "form": form,
        "title": "Who joined for this case",
        "text": "Of those outside the clinic who were invited, or may know of it."
        if members
        else "Nobody outside the clinic was invited, and no release in force lets anybody know.",
        "action": "Save",
        "conference": row,
        "line": line,
        "client": line.client,
    }
    return render(request, "reminders/conferences/form.html", context)


@conferring
def take_off(request: MemberRequest, pk: int, case: int) -> HttpResponse:
    agenda, line = line_or_404(request, pk, case)
    form = WhyForm(posted(request))

    def act():
        actions.take_off(by=request.user, case=line.case, why=form.cleaned_data["why"])

    if done(request, form, act):
        return redirect("reminders:conference", pk)
    context = {
        "form": form,
        "title": "Take this case off the agenda",
        "text": "Whoever was invited for it no longer sees it.",
        "action": "Take it off",
        "conference": agenda.conference,
        "line": line,
        "client": line.client,
    }
    return render(request, "reminders/conferences/form.html", context)


@conferring
def correct_decision(request: MemberRequest, pk: int, decision: int) -> HttpResponse:
    """Another one in its place."""
    agenda = read_agenda(request.user, conference_or_404(request, pk))
    line, found = decided_or_404(agenda, decision)
    row = found.row
    if row.done_at or found.replaced:
        return redirect("reminders:conference_case", pk, line.case.pk)
    said = {"text": row.text, "owner": row.owner_id, "due_on": row.due_on}
    said |= {"category": row.category, "substance_use": bool(row.sensitivities)}
    form = _decision_form(request, line, initial=said)

    def act():
        deciding.decide(by=request.user, case=line.case, replaces=row, **form.cleaned_data)

    if done(request, form, act):
        return redirect("reminders:conference_case", pk, line.case.pk)
    context = {
        "form": form,
        "title": "Correct a decision",
        "text": "The new one takes its place; what was written first stays in the record.",
        "action": "Keep the correction",
        "conference": agenda.conference,
        "line": line,
        "client": line.client,
    }
    return render(request, "reminders/conferences/form.html", context)


@conferring_or_outside
@require_POST
def decision_done(request: MemberRequest, pk: int, decision: int) -> HttpResponse:
    """By the clinic's staff, or by whom outside it is to do it."""
    if is_outside(request):
        mine = own_decision(request.user, pk, decision)
        if mine is None:
            raise Http404
        deciding.tick_off(by=request.user, decision=mine)
        return redirect("reminders:conference", pk)
    agenda = read_agenda(request.user, conference_or_404(request, pk))
    line, found = decided_or_404(agenda, decision)
    try:
        deciding.tick_off(by=request.user, decision=found.row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("reminders:conference_case", pk, line.case.pk)
