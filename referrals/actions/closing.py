"""How the practice ends a referral, takes it back as an error, or takes a closed one up again."""

from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from audit.record import record
from consent.clock import database_now
from consent.enums import Category
from consent.models import Disclosure, Release
from people.concurrency import row_of_form
from people.models import Organization, User
from people.registration import unregister
from people.validators import validate_text
from referrals.actions.states import move
from referrals.actions.team import REFERRER, add_to_case
from referrals.enums import STALE, CancelReason, ContextKind, ErrorReason, ReferralState, Verb
from referrals.models import Closing, ContextItem, Referral, Reopening
from referrals.permissions import check_user_can_do, check_user_can_edit, check_user_can_refer
from referrals.reading import knows_it_closed
from referrals.transitions import possible

LONGEST_NOTE = 2000  # characters


@transaction.atomic
def cancel_referral(*, by: User, referral: Referral, reason: str = "", text: str = "") -> Referral:
    """Withdraw it with a CancelReason, or discard a draft, which needs none."""
    check_user_can_do(by, referral, Verb.CANCEL)
    if referral.submitted_at is None:
        reason = reason or CancelReason.OTHER
    elif reason not in CancelReason.values:
        raise ValidationError({"reason": "Choose why you withdraw it."})
    elif reason == CancelReason.OTHER and not text.strip():
        raise ValidationError({"text": "Give the reason."})
    _close(referral, referral.practice, by, reason, text)
    return move(by=by, referral=referral, verb=Verb.CANCEL)


@transaction.atomic
def mark_in_error(*, by: User, referral: Referral, reason: str, text: str = "") -> Referral:
    """Say with an ErrorReason that it should never have been sent. Doing it again changes nothing.

    From then on it opens nothing to the clinic except that it was. Where care has begun the clinic
    keeps its record and is told; the practice gets the same answer, for it may not know.
    """
    check_user_can_edit(by, referral)
    referral = Referral.objects.select_for_update(no_key=True).get(pk=referral.pk)
    if referral.submitted_at is None:
        raise ValidationError("A draft was never sent. Discard it instead.")
    if reason not in ErrorReason.values:
        raise ValidationError({"reason": "Choose what went wrong."})
    if Closing.unscoped.filter(referral=referral, reason__in=ErrorReason.values).exists():
        return referral
    _close(referral, referral.practice, by, reason, text)
    if not possible(referral.state, Verb.MARK_IN_ERROR):
        record("referral.error_reported", by=by, on=referral)
        return referral
    referral = move(by=by, referral=referral, verb=Verb.MARK_IN_ERROR)
    _forget_at_clinic(referral)
    return referral


def _forget_at_clinic(referral: Referral) -> None:
    """The clinic keeps no record of a client of whom it has nothing else. The ledger stays."""
    client, clinic = referral.client_id, referral.clinic_id
    others = Referral.objects.sent().filter(client=client, clinic=clinic)
    releases = Release.objects.filter(client=client, organization=clinic)
    if not (
        others.exclude(state=ReferralState.IN_ERROR).exists()
        or releases.exists()
        or Disclosure.objects.filter(client_id=client).exists()
    ):
        unregister(referral.client, referral.clinic)


@transaction.atomic
def reopen_referral(*, by: User, referral: Referral, note: str, form_key: UUID) -> Referral:
    """A new draft that takes up a closed referral, filled with what that one said.

    The client's agreement is asked for anew. Only what somebody knows to be closed is taken up: one
    that the clinic declined, where they may not know it, is refused as one that is open.
    """
    check_user_can_refer(by)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if existing := row_of_form(Referral.objects, form_key, referrer_id=by.pk):
        return existing
    check_user_can_edit(by, referral)
    old = Referral.objects.select_for_update(no_key=True).get(pk=referral.pk)
    if not knows_it_closed(by, old, database_now()):
        raise PermissionDenied("Only a referral that is closed can be taken up again.")
    if begun := Referral.objects.drafts().filter(reopening__of=old).first():
        raise ValidationError(f"A draft takes it up already: {begun.reference}.")
    if not note.strip():
        raise ValidationError({"note": "Say what has changed since."})
    validate_text(note, LONGEST_NOTE, "note")
    new = Referral.objects.create(
        form_key=form_key,
        client=old.client,
        practice=old.practice,
        clinic=old.clinic,
        referrer=by,
        reason=old.reason,
        collaboration=old.collaboration,
    )
    Reopening.objects.create(referral=new, of=old, note=note.strip(), by=by)
    _copy_context(by, old, new)
    add_to_case(by=by, referral=new, user=by, permissions=REFERRER)
    record("referral.reopened", by=by, on=new, of=old.pk)
    return new


def _copy_context(by: User, old: Referral, new: Referral) -> None:
    """What the practice said then, as its words of today. Answers to questions are not carried."""
    for item in ContextItem.unscoped.filter(referral=old).exclude(kind=ContextKind.ADDITION):
        ContextItem.unscoped.create(
            client=new.client,
            category=item.category,
            sensitivities=item.sensitivities,
            author_organization=new.practice,
            author=by,
            referral=new,
            kind=item.kind,
            answer=item.answer,
            text=item.text,
        )


def close_by_time(*, referral: Referral, verb: Verb) -> Referral:
    """Time ends it, in the caller's transaction: a draft the practice's own, else the clinic's."""
    house = referral.practice if referral.submitted_at is None else referral.clinic
    _close(referral, house, None, STALE)
    return move(by=None, referral=referral, verb=verb)


def _close(
    referral: Referral, house: Organization, by: User | None, reason: str, text: str = ""
) -> None:
    """Written before the move, where the database still sees whose move it was."""
    validate_text(text, LONGEST_NOTE, "text")
    closing = Closing(
        client=referral.client,
        category=Category.READINESS,
        author_organization=house,
        author=by,
        referral=referral,
        reason=reason,
        text=text.strip(),
    )
    closing.clean_fields(exclude=["client", "author_organization", "author", "referral"])
    closing.save()
