"""Messages as their writers send them, and the pages that others read them on."""

from uuid import uuid4

from django.urls import reverse

from people.models import User
from referrals.actions.messages import keep_draft, send_message
from referrals.enums import MessageKind
from referrals.models import Message, MessageDraft, Referral

CHECK_IN = {
    "themes": "Zqsaidthemes",
    "mental_status": "Zqsaidstatus",
    "readiness": "Zqsaidreadiness",
    "stressors": "Zqsaidstressors",
    "adherence": "as_prescribed",
}
SAID = "Zqsaidtext"


def content_of(kind: str, **changes) -> dict:
    written = CHECK_IN if kind == MessageKind.CHECK_IN else {"text": SAID}
    return {"kind": kind, **written, **changes}


def keep(by: User, referral: Referral, kind: str = "question", **changes) -> MessageDraft:
    mine = MessageDraft.objects.of_writer(by).filter(referral=referral).first()
    version = mine.version if mine else 0
    content = content_of(kind, **changes)
    return keep_draft(by=by, referral=referral, version=version, content=content)


def say(by: User, referral: Referral, kind: str = "question", pdf=None, **changes) -> Message:
    """Written and sent; a question is about integration, which goes both ways."""
    if kind in (MessageKind.QUESTION, MessageKind.ANSWER):
        changes.setdefault("category", "integration")
    draft = keep(by, referral, kind, **changes)
    key = changes.get("form_key") or uuid4()
    return send_message(by=by, referral=referral, form_key=key, version=draft.version, pdf=pdf)


def url(name: str, referral: Referral, *more) -> str:
    return reverse(f"referrals:{name}", args=[referral.pk, *more])


def page(browser, referral: Referral) -> str:
    """The thread as somebody sees it; fails where there is none for them."""
    response = browser.get(url("messages", referral))
    assert response.status_code == 200
    return response.content.decode()
