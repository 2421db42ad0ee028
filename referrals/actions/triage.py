"""The clinic's answer. How it answers is a readiness item: a release decides who learns it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from consent.enums import Category
from people.models import User
from people.validators import validate_text
from referrals.actions.states import move
from referrals.enums import REPLY_REASONS, AskReason, DeclineReason, ReplyKind, Verb
from referrals.models import ClinicReply, Referral
from referrals.signals import clinic_replied

LONGEST_REPLY = 4000  # characters


@transaction.atomic
def receive_referral(*, by: User, referral: Referral) -> Referral:
    """Confirm that it arrived: the one thing the practice learns without a release."""
    return move(by=by, referral=referral, verb=Verb.RECEIVE)


@transaction.atomic
def ask_for_information(
    *, by: User, referral: Referral, text: str, reason: str = AskReason.OTHER
) -> Referral:
    """Put on hold until the practice answers: what is missing (an AskReason), and the question."""
    if not text.strip():
        raise ValidationError({"text": "Write what you need to know."})
    return _answer(by, referral, Verb.ASK, ReplyKind.ASKED, text, reason)


@transaction.atomic
def accept_referral(*, by: User, referral: Referral, text: str = "") -> Referral:
    return _answer(by, referral, Verb.ACCEPT, ReplyKind.ACCEPTED, text)


@transaction.atomic
def decline_referral(
    *, by: User, referral: Referral, text: str, reason: str = DeclineReason.OTHER
) -> Referral:
    """Decline with a DeclineReason; another than those of the list is given in words."""
    if reason == DeclineReason.OTHER and not text.strip():
        raise ValidationError({"text": "Give the reason."})
    return _answer(by, referral, Verb.DECLINE, ReplyKind.DECLINED, text, reason)


def _answer(
    by: User, referral: Referral, verb: Verb, kind: ReplyKind, text: str, reason: str = ""
) -> Referral:
    if kind in REPLY_REASONS and reason not in REPLY_REASONS[kind].values:
        raise ValidationError({"reason": "Choose one from the list."})
    validate_text(text, LONGEST_REPLY, "text")
    referral = move(by=by, referral=referral, verb=verb)
    reply = ClinicReply(
        client=referral.client,
        category=Category.READINESS,
        author_organization=referral.clinic,
        author=by,
        referral=referral,
        kind=kind,
        reason=reason,
        text=text.strip(),
    )
    reply.clean_fields(exclude=["client", "author_organization", "author", "referral"])
    reply.save()
    clinic_replied.send(ClinicReply, reply=reply)
    return referral
