"""Consent to treatment: prepared by clinical staff, answered by the client, withdrawn at any time.

Paper is in `treatment_paper.py`. Nothing here touches a release, and no release touches this.
"""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from audit.record import record
from consent.actions.links import ON_SCREEN, close_links, mail_link, new_link
from consent.actions.signatures import (
    Signature,
    check_is_open,
    check_shown,
    check_signature,
    use_up,
    write_signature,
)
from consent.clock import database_now
from consent.enums import AskedHow, RevokedBy
from consent.models import ClientLink, TreatmentConsent, TreatmentLink, TreatmentWording
from consent.permissions import check_user_can_explain, check_user_can_present
from consent.treatment.text import as_text
from people.models import Client, Organization, Registration, User

USUAL_LENGTH = timedelta(days=365)


# ------------------------------------------------------------------ the clinic prepares
@transaction.atomic
def prepare_consent(
    *,
    by: User,
    client: Client,
    clinic: Organization,
    form_key: UUID,
    last_day: date,
    explained_by: User,
    explained_on: date,
    witness_required: bool = False,
) -> TreatmentConsent:
    """A consent in the clinic's newest words, ready to be answered, that holds until `last_day`.

    `explained_by`: the prescriber who explained risks, benefits and alternatives. The same
    `form_key` gives the same row. Raises ValidationError with every field to mend, and where one
    waits for an answer already.
    """
    check_user_can_present(by, clinic.pk)
    registered = Registration.objects.select_for_update()
    if not registered.filter(client=client, organization=clinic).exists():
        raise ValidationError("This client has not been referred to your clinic.")
    mine = TreatmentConsent.objects.of(client.pk, clinic.pk)
    if existing := mine.filter(form_key=form_key).first():
        return existing
    if TreatmentConsent.objects.filter(form_key=form_key).exists():
        raise ValidationError("This form is out of date. Open the page again.")
    if mine.waiting().exists():
        raise ValidationError("A consent waits for the client’s answer. Put it away first.")
    _check_plan(clinic, last_day, explained_by, explained_on)
    consent = TreatmentConsent.objects.create(
        form_key=form_key,
        client=client,
        organization=clinic,
        wording=TreatmentWording.objects.newest(clinic),
        until=day_after(last_day, clinic),
        explained_by=explained_by,
        explained_on=explained_on,
        witness_required=witness_required,
        created_by=by,
        created_at=database_now(),
    )
    record("treatment_consent.prepared", by=by, on=consent, explained_by=explained_by.pk)
    return consent


def _check_plan(clinic: Organization, last_day: date, explained_by: User, explained_on: date):
    errors = {}
    if last_day <= clinic.today:
        errors["last_day"] = "Choose a day after today."
    if explained_on > clinic.today:
        errors["explained_on"] = "This day is in the future. Enter the day of the talk."
    try:
        check_user_can_explain(explained_by, clinic.pk)
    except PermissionDenied:
        errors["explained_by"] = "Name a prescriber of the clinic: they explain the treatment."
    if errors:
        raise ValidationError(errors)


def day_after(last_day: date, clinic: Organization) -> datetime:
    """The first moment after a day, where the clinic is."""
    return datetime.combine(last_day + timedelta(days=1), time(), ZoneInfo(clinic.timezone))


@transaction.atomic
def discard_consent(*, by: User, consent: TreatmentConsent) -> TreatmentConsent:
    """Put away what waits for an answer; its links close. Repeating it changes nothing."""
    check_user_can_present(by, consent.organization_id)
    consent = locked(consent)
    if consent.discarded_at:
        return consent
    check_waits(consent)
    close_links(consent)
    consent.discarded_at = database_now()
    consent.save(update_fields=["discarded_at"])
    record("treatment_consent.discarded", by=by, on=consent)
    return consent


@transaction.atomic
def hand_over_consent(*, by: User, consent: TreatmentConsent) -> TreatmentLink:
    """A link that nobody can type: the session on the clinic's screen becomes this document's."""
    check_user_can_present(by, consent.organization_id)
    return new_link(locked_waiting(consent), by=by, lasts=ON_SCREEN)[1]


@transaction.atomic
def make_consent_link(*, by: User, consent: TreatmentConsent, mail: bool = False) -> str:
    """The token of a new link to answer `consent`, shown this once; earlier links close.

    `mail`: it also goes to the client, by mail that says nothing of care. Raises ValidationError
    where the client did not choose mail as the safe way to be reached.
    """
    check_user_can_present(by, consent.organization_id)
    token, link = new_link(locked_waiting(consent), by=by, lasts=TreatmentLink.LASTS)
    if mail:
        mail_link(link, token)
    return token


# ------------------------------------------------------------------ the client answers
@transaction.atomic
def sign_consent(
    *, link: TreatmentLink, signature: Signature, shown_sha256: str
) -> TreatmentConsent:
    """The client, or their representative, agrees through `link`, which is used up by it.

    `shown_sha256` is the hash of the text that was on the screen. Sent again by the same link it
    gives the one consent that was answered. Raises ValidationError with the field to mend.
    """
    consent = locked(link.consent)
    if consent.answered_at and TreatmentLink.objects.get(pk=link.pk).used_at:
        return consent
    check_can_be_answered(consent)
    check_is_open(link, database_now())
    text = as_text(consent)
    check_signature(consent, signature)
    check_shown(text, shown_sha256)
    now = database_now()
    method = use_up(link, now)
    write_signature(consent, signature, method=method, by=link.created_by, text=text, now=now)
    return consent


@transaction.atomic
def decline_consent(*, link: TreatmentLink) -> TreatmentConsent:
    """The client does not agree: it weighs the same as yes and needs no signature.

    From this moment on no earlier consent holds. Repeated, it stands.
    """
    consent = locked(link.consent)
    if consent.answered_at and TreatmentLink.objects.get(pk=link.pk).used_at:
        return consent
    check_waits(consent)
    check_is_open(link, database_now())
    consent.declined_at = database_now()
    consent.save(update_fields=["declined_at"])
    use_up(link, consent.declined_at)
    record("treatment_consent.declined", by=None, on=consent)
    return consent


# ------------------------------------------------------------------ it ends
@transaction.atomic
def withdraw_consent(
    *, by: User, consent: TreatmentConsent, asked_by: str, asked_how: str, reason: str
) -> TreatmentConsent:
    """The client, or who represents them, told the staff: it holds no more from this moment on.

    Repeating it changes nothing. Raises ValidationError where it was never signed, or without a
    reason: the clinic itself withdraws nobody's consent.
    """
    check_user_can_present(by, consent.organization_id)
    if not reason.strip():
        raise ValidationError({"reason": "Say in a few words what the client told you."})
    if asked_how not in set(AskedHow.values) - {AskedHow.OWN_PAGE}:
        raise ValidationError({"asked_how": "Choose how the request reached you."})
    if asked_by not in (RevokedBy.CLIENT, RevokedBy.REPRESENTATIVE):
        raise ValidationError({"asked_by": "The client or their representative withdraws it."})
    return _end(consent, by, asked_by, asked_how, reason.strip())


@transaction.atomic
def withdraw_consent_on_own_page(
    *, link: ClientLink, consent: TreatmentConsent
) -> TreatmentConsent:
    """The client withdraws on their page, without giving a reason."""
    if (consent.client_id, consent.organization_id) != (link.client_id, link.organization_id):
        raise ValidationError("This is not on this page.")
    if not ClientLink.objects.get(pk=link.pk).is_open(database_now()):
        raise ValidationError("This page was closed. Ask the clinic for a new link.")
    return _end(consent, None, RevokedBy.CLIENT, AskedHow.OWN_PAGE, "")


def _end(
    consent: TreatmentConsent, by: User | None, asked_by: str, asked_how: str, reason: str
) -> TreatmentConsent:
    consent = locked(consent)
    if not consent.signed_at:
        raise ValidationError("This consent is not signed, so there is nothing to withdraw.")
    if consent.revoked_at:
        return consent
    consent.revoked_at, consent.revoked_by = database_now(), by
    consent.revocation_asked_by, consent.revocation_asked_how = asked_by, asked_how
    consent.revocation_reason = reason
    consent.save()
    record("treatment_consent.withdrawn", by=by, on=consent, asked_by=asked_by, asked_how=asked_how)
    return consent


# ------------------------------------------------------------------ locked, in a state
def locked(consent: TreatmentConsent) -> TreatmentConsent:
    return TreatmentConsent.objects.select_for_update().get(pk=consent.pk)


def locked_waiting(consent: TreatmentConsent) -> TreatmentConsent:
    """Before the client, who has not answered."""
    consent = locked(consent)
    check_can_be_answered(consent)
    return consent


def check_can_be_answered(consent: TreatmentConsent) -> None:
    check_waits(consent)
    if consent.until <= database_now():
        raise ValidationError("This consent would already be over. Prepare a new one.")


def check_waits(consent: TreatmentConsent) -> None:
    """Neither answered nor put away, and no signed paper of it waits."""
    if consent.answered_at:
        raise ValidationError("The client has answered. Prepare a new consent instead.")
    if consent.discarded_at:
        raise ValidationError("This consent was put away. Prepare a new one instead.")
    if consent.papers.filter(verified_at=None).exists():
        raise ValidationError(
            "A signed paper waits to be verified. A second person accepts or rejects it."
        )
