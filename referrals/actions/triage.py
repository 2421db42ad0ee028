"""The clinic's answer. How it answers is a readiness item: a release decides who learns it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from consent.enums import Category
from people.models import User
from people.validators import validate_text
from referrals.actions.states import move
from referrals.enums import ReplyKind, Verb
from referrals.models import ClinicReply, Referral

LONGEST_REPLY = 4000  # characters


@transaction.atomic
def receive_referral(*, by: User, referral: Referral) -> Referral:
    """Confirm that it arrived: the one thing the practice learns without a release."""
    return move(by=by, referral=referral, verb=Verb.RECEIVE)


@transaction.atomic
def ask_for_information(*, by: User, referral: Referral, text: str) -> Referral:
    return _answer(by, referral, Verb.ASK, ReplyKind.ASKED, text, "Write what you need to know.")


@transaction.atomic
def accept_referral(*, by: User, referral: Referral, text: str = "") -> Referral:
    return _answer(by, referral, Verb.ACCEPT, ReplyKind.ACCEPTED, text)


@transaction.atomic
def decline_referral(*, by: User, referral: Referral, text: str) -> Referral:
    """Decline with a reason; without one a ValidationError says so."""
    return _answer(by, referral, Verb.DECLINE, ReplyKind.DECLINED, text, "Give the reason.")


def _answer(
    by: User, referral: Referral, verb: Verb, kind: ReplyKind, text: str, needed: str = ""
) -> Referral:
    if needed and not text.strip():
        raise ValidationError({"text": needed})
    validate_text(text, LONGEST_REPLY, "text")
    referral = move(by=by, referral=referral, verb=verb)
    reply = ClinicReply(
        client=referral.client,
        category=Category.READINESS,
        author_organization=referral.clinic,
        author=by,
        referral=referral,
        kind=kind,
        text=text.strip(),
    )
    reply.clean_fields(exclude=["client", "author_organization", "author", "referral"])
    reply.save()
    return referral
