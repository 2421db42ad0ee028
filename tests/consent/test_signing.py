"""A release is signed whole or not at all, and exactly as it was shown."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.models import AuditEvent
from consent.actions.drafting import edit_release, send_for_signature
from consent.actions.links import hand_over
from consent.actions.signing import choose_categories
from consent.documents.sealing import terms_sha256
from consent.documents.text import as_text, sha256
from consent.enums import Category, ReleaseState, Signer
from consent.models import Release
from tests.factories import utc

pytestmark = pytest.mark.usefixtures("referral")

MISSING = {
    "Name who receives it": {"recipients": []},
    "Tick at least one category of information": {"out_categories": [], "in_categories": []},
    "State at least one purpose": {"purposes": {}},
    "Give the date or the event on which it ends": {"until": None},
    "Say how the client can withdraw it in writing": {"revocation_how": "  "},
}


def unless_refused(write) -> None:
    """`write` must be refused by the database itself."""
    with pytest.raises(DatabaseError), transaction.atomic():
        write()


def signed_fields(case) -> dict:
    return {
        "sent_at": timezone.now(),
        "signed_at": timezone.now(),
        "method": "screen",
        "signer": Signer.CLIENT,
        "signer_name": case.client.full_name,
        "electronic_agreed": True,
        "text": "text",
        "text_sha256": sha256("text"),
        "presented_by": case.cast.administrator,
    }


@pytest.mark.parametrize(("sentence", "lacking"), MISSING.items(), ids=MISSING)
def test_a_draft_that_lacks_an_element_is_not_sent_and_says_which(case, sentence, lacking):
    release = case.draft_release(**lacking)
    with pytest.raises(ValidationError) as refused:
        send_for_signature(by=case.cast.administrator, release=release)
    assert refused.value.messages == [f"{sentence}."]
    release.refresh_from_db()
    assert release.sent_at is None


def test_every_missing_element_is_named_at_once(case):
    nothing = {name: value for lacking in MISSING.values() for name, value in lacking.items()}
    with pytest.raises(ValidationError) as refused:
        case.unsigned(**nothing)
    assert refused.value.messages == [f"{sentence}." for sentence in MISSING]


def test_a_clinic_without_an_address_cannot_send(case):
    case.cast.clinic.address = ""
    case.cast.clinic.save()
    with pytest.raises(ValidationError, match="postal address"):
        case.unsigned()


@pytest.mark.parametrize("lacking", MISSING.values(), ids=MISSING)
def test_the_database_itself_refuses_to_sign_what_lacks_an_element(case, lacking):
    release = case.draft_release(**lacking)
    if "revocation_how" in lacking:
        Release.objects.filter(pk=release.pk).update(revocation_how="")
    one = Release.objects.filter(pk=release.pk)
    unless_refused(lambda: one.update(**signed_fields(case)))


@pytest.mark.parametrize(
    "lacking",
    [
        {"signer": ""},
        {"signer_name": ""},
        {"electronic_agreed": False},
        {"text": ""},
        {"text_sha256": ""},
        {"presented_by": None},
        {"method": ""},
        {"method": "paper"},
        {"sent_at": None},
        {"until": None},
        {"witness_required": True},
        {"discarded_at": utc(2026, 7, 14)},
        {"signer": Signer.REPRESENTATIVE, "signer_authority": ""},
        {"declined_at": utc(2026, 7, 14)},
    ],
    ids=str,
)
def test_the_database_itself_refuses_half_a_signature(case, lacking):
    one = Release.objects.filter(pk=case.draft_release().pk)
    unless_refused(lambda: one.update(**{**signed_fields(case), **lacking}))
    unless_refused(lambda: one.update(signed_at=timezone.now()))
    one.update(**signed_fields(case))


def test_where_the_client_declined_everything_the_database_does_not_sign(case):
    release = case.unsigned()
    release.categories.update(effect="deny")
    unless_refused(lambda: Release.objects.filter(pk=release.pk).update(**signed_fields(case)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"signer_name": ""}, "signer_name"),
        ({"signer_name": "Somebody Else"}, "signer_name"),
        ({"electronic_agreed": False}, "electronic_agreed"),
        ({"signer": Signer.REPRESENTATIVE, "signer_name": "Pat Parent"}, "signer_authority"),
    ],
)
def test_signing_names_the_field_to_mend(case, changes, field):
    release = case.unsigned()
    with pytest.raises(ValidationError) as refused:
        case.sign(release, **changes)
    assert list(refused.value.message_dict) == [field]
    assert not Release.objects.signed().exists()


def test_a_draft_that_was_not_sent_cannot_be_signed(case):
    with pytest.raises(ValidationError, match="still a draft"):
        case.sign(case.draft_release())


def test_what_is_signed_is_the_exact_text_that_was_shown(case):
    release = case.unsigned()
    shown = as_text(release)
    signed = case.sign(release)
    assert (signed.text, signed.text_sha256) == (shown, sha256(shown))
    assert case.client.full_name in shown
    assert AuditEvent.objects.get(event="release.signed").detail == {
        "method": "screen",
        "text_sha256": sha256(shown),
        "terms_sha256": terms_sha256(signed),
    }


def test_a_text_that_changed_after_it_was_shown_is_not_signed(case):
    release = case.unsigned()
    shown = sha256(as_text(release))
    link = hand_over(by=case.cast.administrator, release=release)
    choose_categories(link=link, shared={("out", Category.SCHEDULE)})
    with pytest.raises(ValidationError, match="The text has changed"):
        case.sign(release, shown_sha256=shown)
    with pytest.raises(ValidationError, match="The text has changed"):
        case.sign(release, shown_sha256="0" * 64)


def test_editing_after_sending_takes_it_back_to_a_draft(case):
    release = case.unsigned()
    release = edit_release(by=case.cast.administrator, release=release, terms=case.terms())
    assert release.state(timezone.now()) == ReleaseState.DRAFT
    with pytest.raises(ValidationError, match="still a draft"):
        case.sign(release)


def test_a_representative_signs_with_their_authority(case):
    signed = case.sign(
        case.unsigned(),
        signer=Signer.REPRESENTATIVE,
        signer_name="Pat Parent",
        signer_authority="Guardian",
    )
    assert signed.signer_authority == "Guardian"


def test_what_would_already_be_over_is_not_signed(case):
    release = case.unsigned()
    Release.objects.filter(pk=release.pk).update(until=timezone.now() - timedelta(seconds=1))
    release.refresh_from_db()
    with pytest.raises(ValidationError, match="already be over"):
        case.sign(release)
