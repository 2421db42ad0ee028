"""Questionnaires at the clinic: scores and satisfaction, entering answers, asking by a link."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from consent.actions.links import may_be_mailed
from consent.clock import database_now
from consent.views.links import HAND_ON
from people.enums import SafeContact
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions.outcomes import mark_in_error, record_answers
from sessions.actions.question_links import (
    close_question_link,
    make_question_link,
    questions_address,
)
from sessions.enums.outcomes import Instrument
from sessions.forms.outcomes import AskForm, ErrorForm, StaffQuestionForm
from sessions.instruments import DIFFICULTY, QUESTIONNAIRES, SATISFACTION
from sessions.models import CareEvent, EpisodeOfCare, OutcomeResponse, QuestionLink, Satisfaction
from sessions.outcomes import outcomes
from sessions.permissions import check_user_can_treat
from sessions.reading import read_answers, read_outcomes
from sessions.views.common import AT_CLINIC, banner, episode_or_404, with_item_9


@for_roles(*AT_CLINIC)
def case_outcomes(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    found = read_outcomes(request.user, episode.referral)
    context = {
        **banner(episode),
        "outcomes": outcomes(found.of(OutcomeResponse), found.of(CareEvent), with_item_9(episode)),
        "instruments": Instrument,
        "satisfaction": [_asked(each) for each in episode.satisfactions.all()],
        "link": _open_link(episode),
    }
    return render(request, "care/outcomes.html", context)


def _asked(row: Satisfaction) -> dict:
    """One client's word on the clinic: each question with its answer."""
    options = dict(SATISFACTION.choices)
    pairs = zip(SATISFACTION.items, row.answers, strict=True)
    return {"row": row, "answers": [(item, digit, options[digit]) for item, digit in pairs]}


def _open_link(episode: EpisodeOfCare) -> QuestionLink | None:
    links = QuestionLink.objects.filter(episode=episode, used_at=None, closed_at=None)
    now = database_now()
    return next((link for link in links if link.is_open(now)), None)


@for_roles(*AT_CLINIC)
def enter_answers(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    """Questionnaire `number` of the list, as the client answered it on paper or in the room."""
    episode = episode_or_404(request.user, pk)
    instrument = next((each for each in Instrument if each.number == number), None)
    if instrument is None:
        raise Http404
    form = StaffQuestionForm(posted(request), instrument=instrument)

    def record():
        given = form.cleaned_data
        record_answers(
            by=request.user,
            episode=episode,
            form_key=given["form_key"],
            answers=form.answers(),
            at=given["answered_at"],
        )

    if done(request, form, record):
        messages.success(request, f"{instrument.label}: the answers are saved.")
        return redirect("care:outcomes", episode.pk)
    context = {**banner(episode), "form": form, "title": instrument.label}
    return render(request, "care/enter_answers.html", context)


@for_roles(*AT_CLINIC)
def answers(request: MemberRequest, pk: int, response: int) -> HttpResponse:
    """One response, item by item; where it was entered in error, that is said here."""
    episode = episode_or_404(request.user, pk)
    row = read_answers(request.user, episode.referral, response)
    if row is None:
        raise Http404
    form = ErrorForm(posted(request))

    def mark():
        mark_in_error(by=request.user, response=row, reason=form.cleaned_data["reason"])

    if done(request, form, mark):
        messages.success(request, "It is marked as entered in error, and counts no more.")
        return redirect("care:outcomes", episode.pk)
    shared = banner(episode)
    raised = [alert for alert in shared["answered_alerts"] if alert.raised_by(row)]
    context = {
        **shared,
        "answered_alerts": raised,
        **_in_words(row),
        "error": getattr(row, "error", None),
        "treating": allowed(check_user_can_treat, request.user, episode),
        "form": form,
    }
    return render(request, "care/answers.html", context)


@for_roles(*AT_CLINIC)
@require_POST
def close_questions(request: MemberRequest, pk: int) -> HttpResponse:
    """The link that is open is open no more."""
    episode = episode_or_404(request.user, pk)
    closed = close_question_link(by=request.user, episode=episode)
    messages.success(request, "The link is closed." if closed else "No link was open.")
    return redirect("care:outcomes", episode.pk)


def _in_words(row: OutcomeResponse) -> dict:
    questionnaire = QUESTIONNAIRES[Instrument(row.instrument)]
    options = dict(questionnaire.choices)
    pairs = zip(questionnaire.items, row.answers, strict=True)
    return {
        "response": row,
        "questionnaire": questionnaire,
        "band": questionnaire.band(row.score),
        "answers": [(item, digit, options[digit]) for item, digit in pairs],
        "difficulty": "" if row.difficulty is None else DIFFICULTY[1][row.difficulty],
        "difficulty_question": DIFFICULTY[0],
    }


@for_roles(*AT_CLINIC)
def ask(request: MemberRequest, pk: int) -> HttpResponse:
    """A link for the client. It is shown in the answer that makes it, and never again."""
    episode = episode_or_404(request.user, pk)
    form = AskForm(posted(request))
    made: dict[str, str | bool] = {}

    def make():
        mail = "mail" in request.POST
        asked = form.cleaned_data["asked"]
        token = make_question_link(by=request.user, episode=episode, asked=asked, mail=mail)
        made.update(address=questions_address(token), mailed=mail)

    done(request, form, make)
    client = episode.client
    context = {
        **banner(episode),
        **made,
        "form": form,
        "link": _open_link(episode),
        "hand_on": HAND_ON[SafeContact(client.safe_contact or SafeContact.PHONE)],
        "by_mail": may_be_mailed(client),
        "days": QuestionLink.LASTS.days,
        "now": localtime(),
    }
    return render(request, "care/ask.html", context)
