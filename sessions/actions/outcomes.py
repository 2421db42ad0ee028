"""What clients answer, entered by staff or by themselves. Every answer is kept whole, and once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Manager
from django.utils import timezone

from audit.record import record
from consent.clock import database_now
from consent.enums import Category
from people.concurrency import row_of_form
from people.models import User
from sessions.actions.alerts import raise_alert
from sessions.actions.dosing import LATEST_ENTRY
from sessions.enums.outcomes import AlertKind, Instrument
from sessions.instruments import QUESTIONNAIRES
from sessions.models import (
    EpisodeOfCare,
    OutcomeError,
    OutcomeResponse,
    QuestionLink,
    Satisfaction,
)
from sessions.permissions import check_user_can_treat, check_user_can_work_on

Answered = OutcomeResponse | Satisfaction
CLOSED = "This link was closed. Ask the clinic for a new one."


@dataclass(frozen=True)
class Answers:
    """`digits`: one for each item, in their order. `difficulty` (0–3) goes with PHQ-9 alone,
    `comment` with satisfaction alone; elsewhere they are left out."""

    instrument: Instrument
    digits: str
    difficulty: int | None = None
    comment: str = ""


@transaction.atomic
def record_answers(
    *, by: User, episode: EpisodeOfCare, form_key: UUID, answers: Answers, at: datetime
) -> Answered:
    """Enter what the client answered at the moment `at`. The same form sent twice gives one row.

    Raises ValidationError where an item is not answered, or `at` lies ahead or over a month back.
    """
    check_user_can_work_on(by, episode)
    EpisodeOfCare.objects.select_for_update(no_key=True).get(pk=episode.pk)
    owner = {"episode_id": episode.pk, "instrument": answers.instrument}
    if existing := row_of_form(_rows(answers.instrument), form_key, **owner):
        return existing
    now = timezone.now()
    if at > now:
        raise ValidationError({"answered_at": "This is in the future. Check the date and time."})
    if at < now - LATEST_ENTRY:
        raise ValidationError({"answered_at": "This is more than a month ago. Check the date."})
    return _write(by, episode, answers, at, form_key=form_key, person=by)


@transaction.atomic
def answer_by_link(*, link: QuestionLink, answers: Answers) -> Answered:
    """The client answers one of the questionnaires of an open link; the last one uses it up.

    Whatever is sent again changes nothing: the first answer is given back. Raises ValidationError
    when the link was closed, or did not ask this.
    """
    rows = QuestionLink.objects.select_for_update(of=("self",), no_key=True).select_related(
        "episode"
    )
    link = rows.get(pk=link.pk)
    earlier = _rows(answers.instrument).filter(link=link)
    if existing := next((row for row in earlier if row.instrument == answers.instrument), None):
        return existing
    now = database_now()
    if not link.is_open(now):
        raise ValidationError(CLOSED)
    if answers.instrument not in link.asked:
        raise ValidationError("This was not asked. Open your link again.")
    row = _write(link.created_by, link.episode, answers, now, link=link, person=None)
    if not unanswered(link):
        link.used_at = now
        link.save(update_fields=["used_at"])
        record("questions.finished", by=None, on=link)
    return row


@transaction.atomic
def mark_in_error(*, by: User, response: OutcomeResponse, reason: str) -> OutcomeError:
    """Say that a response was entered in error: it stays, and counts no more.

    Saying it twice is saying it once. Raises ValidationError without a reason.
    """
    response = OutcomeResponse.unscoped.select_for_update(of=("self",), no_key=True).get(
        pk=response.pk
    )
    check_user_can_treat(by, response.episode)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": "Say what is wrong with it."})
    error, created = OutcomeError.objects.get_or_create(
        response=response, defaults={"reason": reason[:300], "recorded_by": by}
    )
    if created:
        record("outcome.marked_in_error", by=by, on=response)
    return error


def unanswered(link: QuestionLink) -> list[Instrument]:
    """What this link asks and was not answered yet, in the order in which it is asked."""
    answered = set(OutcomeResponse.unscoped.filter(link=link).values_list("instrument", flat=True))
    if Satisfaction.objects.filter(link=link).exists():
        answered.add(Instrument.SATISFACTION)
    return [each for each in Instrument if each in link.asked and each not in answered]


def asks_for_help(link: QuestionLink) -> bool:
    """Whether what was answered through this link has to be met with where to find help now."""
    return any(row.raises_alert for row in OutcomeResponse.unscoped.filter(link=link))


def _rows(instrument: Instrument) -> Manager:
    """Where answers to it are kept."""
    if instrument == Instrument.SATISFACTION:
        return Satisfaction.objects
    return OutcomeResponse.unscoped


def _write(by, episode, answers: Answers, at: datetime, *, person: User | None, **how) -> Answered:
    """`by` answers for the row; `person` did it: None is the client, who has no account."""
    if not QUESTIONNAIRES[answers.instrument].is_whole(answers.digits):
        raise ValidationError("Answer every question.")
    if answers.instrument == Instrument.SATISFACTION:
        asked = Satisfaction(
            episode=episode,
            recorded_by=by,
            answered_at=at,
            answers=answers.digits,
            comment=answers.comment.strip(),
            **how,
        )
        asked.full_clean(exclude=["form_key"])
        asked.save()
        record("satisfaction.recorded", by=person, on=asked, client_id=episode.client_id)
        return asked
    row = OutcomeResponse(
        client_id=episode.client_id,
        category=Category.OUTCOMES,
        author_organization_id=episode.clinic_id,
        author=by,
        occurred_at=at,
        episode=episode,
        instrument=answers.instrument,
        answers=answers.digits,
        difficulty=answers.difficulty,
        **how,
    )
    row.full_clean(exclude=["form_key"])
    row.save()
    record("outcome.recorded", by=person, on=row, instrument=answers.instrument)
    if row.raises_alert:
        raise_alert(by=person, episode=episode, kind=AlertKind.ITEM_9, source=row)
    return row
