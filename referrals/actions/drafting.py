"""The practice's side: begin, fill in, send, answer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from consent.enums import Sensitivity
from people.concurrency import check_version, row_of_form
from people.enums import OrganizationKind
from people.joining.actions.inviting import begin_partnership
from people.models import Organization, User
from people.registration import check_has_identity, create_client, register, update_client
from people.validators import validate_text
from referrals.actions.states import move
from referrals.actions.team import REFERRER, add_to_case
from referrals.enums import CATEGORY_OF, CLINICAL_KINDS, ContextKind, ReferralState, Verb
from referrals.models import ContextItem, Referral
from referrals.permissions import check_user_can_edit, check_user_can_refer

TEXT_KINDS = (ContextKind.GOALS, *CLINICAL_KINDS)
LONGEST_REASON, LONGEST = 4000, 8000  # characters


@transaction.atomic
def begin_referral(
    *, by: User, clinic: Organization, form_key: UUID, identity: Mapping[str, Any]
) -> Referral:
    """A draft with the client's identity. The same form sent twice gives one client, one draft.

    Whether the clinic already knows the client is neither asked nor told.
    """
    check_user_can_refer(by)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if existing := row_of_form(Referral.objects, form_key, referrer_id=by.pk):
        return existing
    if clinic.kind != OrganizationKind.CLINIC:
        raise ValidationError({"clinic": "Choose a clinic."})
    assert by.membership
    client = create_client(organization=by.membership.organization, **identity)
    referral = Referral.objects.create(
        form_key=form_key,
        client=client,
        practice=by.membership.organization,
        clinic=clinic,
        referrer=by,
    )
    add_to_case(by=by, referral=referral, user=by, permissions=REFERRER)
    record("referral.begun_draft", by=by, on=referral)
    return referral


@transaction.atomic
def save_identity(
    *, by: User, referral: Referral, version: int, identity: Mapping[str, Any]
) -> Referral:
    """Correct who the client is, while the referral is a draft and nobody else has the client."""
    referral = _locked_draft(by, referral, version)
    if known_to_a_clinic(referral):
        raise ValidationError(KNOWN)
    update_client(referral.client, **identity)
    return _saved(by, referral)


@transaction.atomic
def save_fields(
    *, by: User, referral: Referral, version: int, fields: Mapping[str, Any]
) -> Referral:
    """Save some of reason, collaboration, agreement, agreed_on."""
    referral = _locked_draft(by, referral, version)
    if (agreed := fields.get("agreed_on")) and agreed > timezone.localdate():
        raise ValidationError({"agreed_on": "This date is in the future."})
    validate_text(fields.get("reason", ""), LONGEST_REASON, "reason")
    for name in ("reason", "collaboration", "agreement", "agreed_on"):
        if name in fields:
            setattr(referral, name, fields[name])
    referral.clean_fields(exclude=["client", "practice", "clinic", "referrer"])
    return _saved(by, referral)


@transaction.atomic
def save_context(
    *,
    by: User,
    referral: Referral,
    version: int,
    answers: Mapping[ContextKind, str],
    substance_use: bool | None = None,
) -> Referral:
    """Save context by kind: a text, or yes / no / not known for the fit criteria.

    `substance_use` marks the clinical texts as substance-use records; None leaves them as they are.
    """
    referral = _locked_draft(by, referral, version)
    for kind, value in answers.items():
        validate_text(value, LONGEST, kind)
        item = ContextItem.unscoped.filter(referral=referral, kind=kind).first()
        item = item or ContextItem(
            client=referral.client,
            category=CATEGORY_OF[kind],
            author_organization=referral.practice,
            author=by,
            referral=referral,
            kind=kind,
        )
        setattr(item, "text" if kind in TEXT_KINDS else "answer", value)
        if substance_use is not None and kind in CLINICAL_KINDS:
            item.sensitivities = frozenset([Sensitivity.SUBSTANCE_USE] if substance_use else [])
        item.occurred_at = timezone.now()
        item.clean_fields(exclude=["client", "author_organization", "author", "referral"])
        item.save()
    return _saved(by, referral)


KNOWN = (
    "The clinic has these details from an earlier referral. If something has changed, call them."
)


def known_to_a_clinic(draft: Referral) -> bool:
    """Whether an earlier referral took this client's details there."""
    return Referral.objects.sent().filter(client=draft.client_id).exclude(pk=draft.pk).exists()


def missing_parts(referral: Referral) -> list[tuple[str, str]]:
    """(section, what to do) for everything that is needed before sending."""
    found = []
    try:
        check_has_identity(referral.client)
    except ValidationError as error:
        found += [("client", sentence) for sentence in error.messages]
    if not referral.reason.strip():
        found.append(("reason", "Say why you refer this client."))
    given = dict(ContextItem.unscoped.filter(referral=referral).values_list("kind", "answer"))
    fit = [kind for kind in CATEGORY_OF if kind.startswith("fit_")]
    if any(not given.get(kind) for kind in fit):
        found.append(("fit", "Answer the four questions about fit."))
    if not referral.collaboration:
        found.append(("collaboration", "Choose who prepares and integrates."))
    if not referral.agreement or not referral.agreed_on:
        found.append(("agreement", "Say how and when the client agreed."))
    return found


@transaction.atomic
def submit_referral(*, by: User, referral: Referral) -> Referral:
    """Send a draft to the clinic. Sending it again changes nothing. Names what is missing."""
    referral = Referral.objects.select_for_update(no_key=True).get(pk=referral.pk)
    check_user_can_edit(by, referral)
    if referral.state != ReferralState.DRAFT and referral.submitted_at:
        return referral
    if missing := missing_parts(referral):
        raise ValidationError([sentence for _, sentence in missing])
    register(referral.client, referral.clinic)
    begin_partnership(clinic=referral.clinic, practice=referral.practice)
    return move(by=by, referral=referral, verb=Verb.SUBMIT, submitted_at=timezone.now())


@transaction.atomic
def answer_clinic(*, by: User, referral: Referral, text: str) -> Referral:
    """Answer what the clinic asked; the answer opens with a release that covers history."""
    if not text.strip():
        raise ValidationError({"text": "Write your answer."})
    validate_text(text, LONGEST, "text")
    referral = move(by=by, referral=referral, verb=Verb.ANSWER)
    item = ContextItem(
        client=referral.client,
        category=CATEGORY_OF[ContextKind.ADDITION],
        author_organization=referral.practice,
        author=by,
        referral=referral,
        kind=ContextKind.ADDITION,
        text=text,
    )
    item.clean_fields(exclude=["client", "author_organization", "author", "referral"])
    item.save()
    return referral


def _locked_draft(by: User, referral: Referral, version: int) -> Referral:
    referral = Referral.objects.select_for_update(no_key=True).get(pk=referral.pk)
    check_user_can_edit(by, referral)
    if referral.state != ReferralState.DRAFT:
        raise ValidationError("This referral was sent. It can no longer be changed.")
    check_version(referral, version)
    return referral


def _saved(by: User, referral: Referral) -> Referral:
    """A draft that is worked on does not grow stale."""
    referral.state_since = timezone.now()
    referral.save()
    record("referral.saved", by=by, on=referral, version=referral.version)
    return referral
