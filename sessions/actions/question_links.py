"""A link by which a client answers questionnaires, once: made for them, closed by the next one."""

from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from audit.record import record
from consent.actions.links import make_secret, may_be_mailed
from consent.clock import database_now
from people.models import User
from sessions.enums.outcomes import Instrument
from sessions.models import EpisodeOfCare, QuestionLink
from sessions.permissions import check_user_can_work_on
from sessions.signals import questions_mailed


def questions_address(token: str) -> str:
    return settings.PUBLIC_URL + reverse("care:open_questions", args=[token])


@transaction.atomic
def make_question_link(
    *, by: User, episode: EpisodeOfCare, asked: Collection[str], mail: bool = False
) -> str:
    """The token of a new link, shown this once; an earlier one of this episode closes.

    `asked`: instruments, one at least. `mail`: it also goes to the client, by mail that says
    nothing of care. Raises ValidationError for a selection that asks nothing or something unknown,
    and where the client did not choose mail as the safe way to be reached.
    """
    check_user_can_work_on(by, episode)
    EpisodeOfCare.objects.select_for_update(no_key=True).get(pk=episode.pk)
    chosen = [each.value for each in Instrument if each in asked]
    if not chosen or len(chosen) != len(set(asked)):
        raise ValidationError({"asked": "Choose at least one questionnaire."})
    if mail and not may_be_mailed(episode.client):
        raise ValidationError("Mail is not the safe way to reach this client.")
    _waiting(episode).update(closed_at=database_now())
    token, link = make_secret(
        QuestionLink.objects, by=by, lasts=QuestionLink.LASTS, episode=episode, asked=chosen
    )
    record("questions.link_made", by=by, on=link, asked=chosen)
    if mail:
        questions_mailed.send(QuestionLink, link=link, url=questions_address(token))
        record("questions.link_mailed", by=by, on=link)
    return token


@transaction.atomic
def close_question_link(*, by: User, episode: EpisodeOfCare) -> int:
    """End the link that is open, such as one that went astray; how many were. What was answered
    through it is kept."""
    check_user_can_work_on(by, episode)
    links = list(_waiting(episode).select_for_update(of=("self",), no_key=True))
    for link in links:
        record("questions.link_closed", by=by, on=link)
    return QuestionLink.objects.filter(pk__in=[link.pk for link in links]).update(
        closed_at=database_now()
    )


def _waiting(episode: EpisodeOfCare) -> QuerySet[QuestionLink]:
    return QuestionLink.objects.filter(episode=episode, closed_at=None, used_at=None)
