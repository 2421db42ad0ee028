"""A consent to treatment on paper: copied by one person, in force once a second has verified it."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from pypdf import PdfReader

from consent.actions.transcripts import Transcript
from consent.actions.treatment import discard_consent, hand_over_consent
from consent.actions.treatment_paper import accept_consent, reject_consent, transcribe_consent
from consent.documents.kept import keep_document
from consent.documents.text import paper_code as code_of_release
from consent.enums import Method, Signer
from consent.models import PaperCopy, TreatmentConsent, TreatmentPaper
from consent.treatment.text import paper_code
from tests.consent.papers import SCAN
from tests.consent.treating import holds, signed_fields, unless_refused

pytestmark = pytest.mark.usefixtures("referral")


@pytest.fixture
def consent(case) -> TreatmentConsent:
    return case.prepare_consent()


@pytest.fixture
def paper(case, consent) -> TreatmentPaper:
    return transcribe(case, consent)


def transcript(consent, **changes) -> Transcript:
    usual = {
        "scan": SCAN,
        "code": paper_code(consent),
        "signer": Signer.CLIENT,
        "signer_name": consent.client.full_name,
        "signed_on": consent.organization.today,
        "agreed": True,
    }
    return Transcript(**{**usual, **changes})


def transcribe(case, consent, by=None, **changes):
    by = by or case.cast.nurse
    return transcribe_consent(by=by, consent=consent, transcript=transcript(consent, **changes))


def test_it_is_in_force_once_a_second_person_verified_it(case, consent, paper):
    assert holds(case) is None
    signed = accept_consent(by=case.cast.coordinator, paper=paper)
    assert holds(case) == signed
    assert (signed.method, signed.presented_by) == (Method.PAPER, case.cast.coordinator)
    assert signed.paper_signed_on == consent.organization.today


def test_the_name_on_the_paper_is_kept_as_it_stands_there(case, consent):
    spaced = transcribe(case, consent, signer_name=f" {case.client.full_name.upper()} ")
    assert not spaced.name_differs
    reject_consent(by=case.cast.coordinator, paper=spaced, reason="another name")
    paper = transcribe(case, consent, signer_name="Robin Quill-Marsh")
    assert paper.name_differs
    assert accept_consent(by=case.cast.coordinator, paper=paper).signer_name == "Robin Quill-Marsh"


def test_whoever_copied_it_does_not_verify_it(case, paper):
    for decide in (
        lambda: accept_consent(by=case.cast.nurse, paper=paper),
        lambda: reject_consent(by=case.cast.nurse, paper=paper, reason="x"),
    ):
        with pytest.raises(ValidationError, match="Somebody else has to verify it"):
            decide()
    one = TreatmentPaper.objects.filter(pk=paper.pk)
    unless_refused(lambda: one.update(verified_at=timezone.now(), verified_by=case.cast.nurse))


@pytest.mark.parametrize("name", ["administrator", "therapist", "superuser"])
def test_nobody_but_clinical_staff_copies_or_verifies(case, consent, paper, name):
    by = getattr(case.cast, name)
    for act in (
        lambda: transcribe(case, consent, by=by),
        lambda: accept_consent(by=by, paper=paper),
        lambda: reject_consent(by=by, paper=paper, reason="x"),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scan": b"no pdf"}, "scan"),
        ({"code": "00000000"}, "code"),
        ({"signed_on": 1}, "signed_on"),
        ({"signed_on": -1}, "signed_on"),
        ({"agreed": False}, "agreed"),
        ({"signer": Signer.REPRESENTATIVE}, "signer_authority"),
    ],
)
def test_what_does_not_fit_is_named(case, consent, change, field):
    if isinstance(change.get("signed_on"), int):
        change = {"signed_on": consent.organization.today + timedelta(days=change["signed_on"])}
    with pytest.raises(ValidationError) as refused:
        transcribe(case, consent, **change)
    assert field in refused.value.error_dict
    assert not TreatmentPaper.objects.exists()


def test_a_paper_of_a_release_is_no_paper_of_a_consent(case, consent):
    release = case.unsigned()
    with pytest.raises(ValidationError) as refused:
        transcribe(case, consent, code=code_of_release(release))
    assert "code" in refused.value.error_dict
    assert not PaperCopy.objects.exists()


def test_while_one_waits_nothing_else_happens_to_the_consent(case, consent, paper):
    nurse = case.cast.nurse
    for act in (
        lambda: hand_over_consent(by=nurse, consent=consent),
        lambda: discard_consent(by=nurse, consent=consent),
        lambda: transcribe(case, consent),
    ):
        with pytest.raises(ValidationError, match="waits to be verified"):
            act()
    with pytest.raises(DatabaseError), transaction.atomic():
        TreatmentPaper.objects.create(**vars_of(paper))


def vars_of(paper) -> dict:
    names = [f.name for f in paper._meta.concrete_fields if f.name != "id"]
    return {name: getattr(paper, name) for name in names}


def test_sent_back_with_a_reason_it_waits_for_a_signature_again(case, consent, paper):
    second = case.cast.prescriber
    with pytest.raises(ValidationError) as refused:
        reject_consent(by=second, paper=paper, reason=" ")
    assert list(refused.value.error_dict) == ["reason"]
    reject_consent(by=second, paper=paper, reason="The date is missing.")
    assert holds(case) is None
    with pytest.raises(ValidationError, match="verified already"):
        accept_consent(by=second, paper=paper)
    assert accept_consent(by=second, paper=transcribe(case, consent)) == holds(case)


def test_the_database_wants_a_verified_paper_behind_a_signature_on_paper(case, consent, paper):
    fields = signed_fields(case) | {"method": "paper", "paper_signed_on": timezone.localdate()}
    one = TreatmentConsent.objects.filter(pk=consent.pk)
    unless_refused(lambda: one.update(**fields))
    reject_consent(by=case.cast.prescriber, paper=paper, reason="x")
    unless_refused(lambda: one.update(**fields))


@pytest.mark.pango
def test_the_printed_form_says_the_whole_text_and_its_code_and_nothing_of_a_release(
    case, opened, signed_in
):
    consent = case.prepare_consent(witness_required=True)
    answer = signed_in(case.cast.nurse).get(f"/care/{opened.pk}/consent/paper/form/")
    pages = PdfReader(io.BytesIO(answer.content)).pages
    text = " ".join("\n".join(each.extract_text() for each in pages).split())
    for said in (paper_code(consent), "off-label", "Signature of the witness", "free to say no"):
        assert said in text
    assert "Yes. I have read all of this" in text
    assert f"I agree to this treatment at {consent.organization}." in text
    assert "No. I do not agree to this treatment." in text
    assert "release" not in text.lower()
    _kept_whole(pages, consent)


def _kept_whole(pages, consent) -> None:
    """Every page says whose it is and how many there are; the signature is not alone on one."""
    for number, each in enumerate(pages, start=1):
        said = each.extract_text()
        assert f"{consent.number}, {consent.client.full_name}, {consent.organization}" in said
        assert f"Page {number} of {len(pages)}" in said
    last = next(each.extract_text() for each in pages if "\nSignature\n" in each.extract_text())
    assert "Until when" in last


@pytest.mark.pango
def test_the_signed_copy_says_what_was_agreed_to(case, opened):
    consent = case.consent_to_treatment()
    pages = PdfReader(io.BytesIO(bytes(keep_document(consent).pdf))).pages
    text = " ".join("\n".join(each.extract_text() for each in pages).split())
    assert f"I agree to this treatment at {consent.organization}." in text
    assert "thoughts of suicide may come back" in text
    _kept_whole(pages, consent)
