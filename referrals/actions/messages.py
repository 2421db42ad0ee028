"""Messages of a thread: kept unsent, sent once, put away. Sent ones never change."""

import hashlib
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from consent.access import Access, Reader
from consent.clock import database_now
from people.concurrency import check_version, row_of_form
from people.models import User
from people.scans import check_scan
from people.validators import validate_text
from referrals.enums import CHECK_IN_PARTS, MessageKind, Side
from referrals.messages import facts_of, problems_of, side_of, unsent
from referrals.models import Message, MessageDraft, MessagePdf, Referral
from referrals.permissions import check_user_can_write
from referrals.signals import message_sent

LONGEST = 4000  # characters of one part
TYPED = ("kind", "category", "adherence", *CHECK_IN_PARTS, "text")
GONE = "This message was sent or put away already. Open the thread again."


@transaction.atomic
def keep_draft(
    *, by: User, referral: Referral, version: int, content: Mapping[str, Any]
) -> MessageDraft:
    """Keep what `by` has written in this thread so far; whole or in part, one draft at a time.

    `content`: kind, answers (an id), category, urgent, substance_use and the parts of the template.
    Raises PermissionDenied for whoever may not write here, ValidationError for a text over 4000
    characters, and ChangedMeanwhile where another window saved first.
    """
    _locked(by, referral)
    mine = MessageDraft.objects.of_writer(by).filter(referral=referral)
    draft = mine.first() or MessageDraft(referral=referral, writer=by)
    check_version(draft, version)
    draft.content = _typed(content)
    draft.save()
    record("message.kept", by=by, on=draft, client_id=referral.client_id)
    return draft


def _typed(content: Mapping[str, Any]) -> dict[str, Any]:
    typed: dict[str, Any] = {name: str(content.get(name) or "") for name in TYPED}
    for name, text in typed.items():
        validate_text(text, LONGEST, name)
    if typed["kind"] not in MessageKind:
        raise ValidationError("There is no such template.")
    marks = {name: bool(content.get(name)) for name in ("urgent", "substance_use")}
    return typed | marks | {"answers": content.get("answers") or None}


@transaction.atomic
def discard_draft(*, by: User, referral: Referral) -> None:
    """Put away what was not sent; repeating it changes nothing."""
    _locked(by, referral)
    draft = MessageDraft.objects.of_writer(by).filter(referral=referral).first()
    if draft is not None:
        record("message.put_away", by=by, on=draft, client_id=referral.client_id)
        draft.delete()


@transaction.atomic
def send_message(
    *, by: User, referral: Referral, form_key: UUID, version: int, pdf: bytes | None = None
) -> Message:
    """Send the draft of `by`, as it was when `version` was looked at, with a PDF or without.

    Nobody is asked for a release: until one opens its category to the other side, nobody there
    reads it. The same form sent twice sends one message. Raises PermissionDenied for whoever may
    not write here; ValidationError where the draft is gone or lacks something, or for a PDF that
    holds more than pages (`people.scans`); ChangedMeanwhile where the draft changed since.
    """
    referral = _locked(by, referral)
    mine = {"author_id": by.pk, "referral_id": referral.pk}
    if existing := row_of_form(Message.unscoped, form_key, **mine):
        return existing
    draft = MessageDraft.objects.of_writer(by).filter(referral=referral).first()
    if draft is None:
        raise ValidationError(GONE)
    check_version(draft, version)
    side = _side(by, referral)
    if problems := problems_of(side, draft.content):
        raise ValidationError(list(problems.values()))
    message = unsent(referral, side, facts_of(side, draft.content), database_now())
    message.form_key, message.author = form_key, by
    message.answers = _answered(by, referral, draft)
    message.pdf_pages = _pages(pdf) if pdf is not None else None
    message.full_clean(exclude=["client", "referral", "author", "author_organization"])
    message.save()
    if pdf is not None:
        _attach(message, pdf)
    draft.delete()
    record(
        "message.sent",
        by=by,
        on=message,
        kind=message.kind,
        category=message.category,
        urgent=message.urgent,
    )
    message_sent.send(Message, message=message)
    return message


def _attach(message: Message, pdf: bytes) -> None:
    MessagePdf.unscoped.create(
        message=message,
        pdf=pdf,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
        client_id=message.client_id,
        category=message.category,
        sensitivities=message.sensitivities,
        author_organization_id=message.author_organization_id,
        author_id=message.author_id,
        occurred_at=message.occurred_at,
    )


def _pages(pdf: bytes) -> int:
    problem, pages = check_scan(pdf)
    if problem:
        raise ValidationError({"pdf": problem})
    return pages


def _answered(by: User, referral: Referral, draft: MessageDraft) -> Message | None:
    """What it answers: a message of this thread that its writer may read. One that they may not
    read is refused as one that is not there."""
    if not draft.content["answers"]:
        return None
    rows = Message.unscoped.filter(pk=draft.content["answers"], referral=referral)
    access = Access.load(Reader.of(by), {referral.client_id}, database_now())
    found = rows.first()
    if found is None or not access.decide(found).permitted:
        raise ValidationError("What you answer is no longer here. Write a message of its own.")
    return found


def _side(by: User, referral: Referral) -> Side:
    side = side_of(by, referral)
    assert side is not None  # checked by the permission
    return side


def _locked(by: User, referral: Referral) -> Referral:
    rows = Referral.objects.select_for_update(of=("self",), no_key=True)
    referral = rows.select_related("practice", "clinic").get(pk=referral.pk)
    check_user_can_write(by, referral)
    return referral
