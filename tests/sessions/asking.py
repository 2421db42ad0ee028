"""Questionnaires as tests answer them."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sessions.actions.outcomes import Answers, record_answers
from sessions.actions.question_links import make_question_link
from sessions.enums.outcomes import Instrument
from sessions.instruments import QUESTIONNAIRES

I = Instrument  # noqa: E741


def digits(instrument: Instrument, score: int, item_9: int | None = None) -> str:
    """Answers that sum to `score`; for PHQ-9 item 9 is 0 unless it is named."""
    questionnaire = QUESTIONNAIRES[instrument]
    last = item_9 or 0
    fixed = instrument == I.PHQ9
    found, rest = [], score - last if fixed else score
    rest -= questionnaire.first * len(questionnaire.items)
    for _ in questionnaire.items[: -1 if fixed else None]:
        more = min(rest, len(questionnaire.options) - 1)
        found.append(questionnaire.first + more)
        rest -= more
    assert rest == 0, "no such score"
    return "".join(map(str, [*found, last] if fixed else found))


def enter(case, instrument=I.PHQ9, score=12, *, days_ago: float = 0, by=None, **more):
    """Entered by staff: the score of a day."""
    at: datetime = timezone.now() - timedelta(days=days_ago)
    return record_answers(
        by=by or case.cast.nurse,
        episode=case.episode,
        form_key=more.pop("form_key", None) or uuid4(),
        answers=Answers(instrument, digits(instrument, score, more.pop("item_9", None)), **more),
        at=at,
    )


def token_for(case, *asked: Instrument, **more) -> str:
    asked = asked or (I.PHQ9,)
    by = more.pop("by", None) or case.cast.coordinator
    return make_question_link(by=by, episode=case.episode, asked=asked, **more)


def visit(token: str, browser: Client | None = None, born: str = "14-Jul-1985") -> Client:
    """The browser of somebody who opens a link and gives a date of birth."""
    browser = browser or Client()
    browser.post(reverse("care:open_questions", args=[token]), {"date_of_birth": born})
    return browser


def send(browser: Client, instrument: Instrument, answers: str, **more):
    """Answer the page of one questionnaire."""
    given = {f"item_{n}": digit for n, digit in enumerate(answers, start=1) if digit != "_"}
    sent = {f"part{instrument.number}-{name}": value for name, value in (given | more).items()}
    return browser.post(reverse("care:questions"), {"part": instrument.number, **sent})
