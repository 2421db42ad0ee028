"""Documents from elsewhere, and questions to colleagues."""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.record import record
from people.models import User
from people.scans import check_scan
from sessions.actions.recording import already, enter
from sessions.models import (
    CareDocument,
    Consult,
    ConsultAnswer,
    DocumentInError,
    EpisodeOfCare,
)
from sessions.permissions import check_user_can_treat, check_user_can_work_on


@transaction.atomic
def keep_document(
    *, by: User, episode: EpisodeOfCare, form_key: UUID, kind: str, title: str, pdf: bytes
) -> CareDocument:
    """Keep a PDF of at most 5 MB and 20 pages that holds nothing but pages (`people.scans`)."""
    check_user_can_work_on(by, episode)
    if existing := already(CareDocument, episode, form_key):
        return existing
    problem, pages = check_scan(pdf)
    if problem:
        raise ValidationError({"pdf": problem})
    content = {
        "kind": kind,
        "title": title.strip(),
        "pdf": pdf,
        "pdf_sha256": hashlib.sha256(pdf).hexdigest(),
        "pages": pages,
    }
    return enter(
        CareDocument, "document.kept", by=by, episode=episode, form_key=form_key, content=content
    )


@transaction.atomic
def take_document(*, by: User, document: CareDocument) -> bytes:
    """The PDF as it came, to be saved by whoever works with the client; each time is recorded.

    Raises ValidationError where it is no longer the one that was uploaded.
    """
    check_user_can_work_on(by, document.episode)
    pdf = bytes(document.pdf)
    if hashlib.sha256(pdf).hexdigest() != document.pdf_sha256:
        raise ValidationError("This file is not the one that was uploaded. Tell who runs kapcare.")
    record("document.taken", by=by, on=document, client_id=document.episode.client_id)
    return pdf


@transaction.atomic
def document_in_error(
    *, by: User, document: CareDocument, form_key: UUID, reason: str
) -> DocumentInError:
    """It does not belong here: it stays where it is, crossed out."""
    episode = document.episode
    check_user_can_work_on(by, episode)
    if existing := already(DocumentInError, episode, form_key):
        return existing
    if DocumentInError.objects.filter(document=document).exists():
        raise ValidationError("This document was marked already. Open the page again.")
    return enter(
        DocumentInError,
        "document.in_error",
        by=by,
        episode=episode,
        form_key=form_key,
        content={"document": document, "reason": reason.strip()},
    )


@transaction.atomic
def ask_consult(
    *, by: User, episode: EpisodeOfCare, form_key: UUID, content: Mapping[str, Any]
) -> Consult:
    """Ask somebody, named by role or by name. `content`: question, of_whom, urgent."""
    check_user_can_treat(by, episode)
    if existing := already(Consult, episode, form_key):
        return existing
    return enter(
        Consult, "consult.asked", by=by, episode=episode, form_key=form_key, content=content
    )


@transaction.atomic
def answer_consult(
    *, by: User, consult: Consult, form_key: UUID, text: str, by_whom: str, answered_on: date
) -> ConsultAnswer:
    """What came back, from whom and on which day: once."""
    episode = consult.episode
    check_user_can_treat(by, episode)
    if existing := already(ConsultAnswer, episode, form_key):
        return existing
    if ConsultAnswer.objects.filter(consult=consult).exists():
        raise ValidationError("This was answered already. Open the page again.")
    if answered_on > episode.clinic.today:
        raise ValidationError({"answered_on": "This day is in the future."})
    return enter(
        ConsultAnswer,
        "consult.answered",
        by=by,
        episode=episode,
        form_key=form_key,
        content={
            "consult": consult,
            "text": text.strip(),
            "by_whom": by_whom.strip(),
            "answered_on": answered_on,
        },
    )
