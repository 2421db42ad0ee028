"""A client's question about an entry of who looked, and the administrator's answer."""

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from consent.clock import database_now
from consent.ledger.accounting import entry_of
from consent.models import ClientLink, DisclosureQuestion
from consent.permissions import check_user_can_administer
from people.models import User


@transaction.atomic
def ask_question(*, link: ClientLink, sequence: int, text: str = "") -> DisclosureQuestion:
    """Ask the clinic about entry `sequence`. While a question about it waits, that one is given.

    Raises ValidationError when the link was closed, or the entry is not on this page.
    """
    link = ClientLink.objects.select_for_update().get(pk=link.pk)
    if not link.is_open(database_now()):
        raise ValidationError("This page was closed. Ask the clinic for a new link.")
    if entry_of(link.client_id, link.organization_id, sequence) is None:
        raise ValidationError("This entry is not on your page.")
    question, created = DisclosureQuestion.objects.get_or_create(
        client_id=link.client_id,
        organization_id=link.organization_id,
        sequence=sequence,
        answered_at=None,
        defaults={"text": text.strip(), "asked_at": database_now()},
    )
    if created:
        record("question.asked", by=None, on=question, sequence=sequence)
    return question


@transaction.atomic
def answer_question(*, by: User, question: DisclosureQuestion, answer: str) -> DisclosureQuestion:
    """Answer it, once: the client reads the answer on their page.

    The same answer sent twice is one answer. Raises ValidationError for an empty one, or when
    somebody has answered already.
    """
    check_user_can_administer(by, question.organization_id)
    question = DisclosureQuestion.objects.select_for_update().get(pk=question.pk)
    answer = answer.strip()
    if not answer:
        raise ValidationError({"answer": "Write what the client should know."})
    if question.answered_at:
        if (question.answered_by_id, question.answer) == (by.pk, answer):
            return question
        raise ValidationError(f"{question.answered_by} has answered this question already.")
    question.answer, question.answered_by = answer, by
    question.answered_at = database_now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    record("question.answered", by=by, on=question, sequence=question.sequence)
    return question
