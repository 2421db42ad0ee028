"""The signed PDF is kept as it was made, and any later byte changed is shown as broken."""

import io
from datetime import timedelta

import pikepdf
import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from pypdf import PdfReader

from audit.models import AuditEvent
from consent.documents.kept import damage, keep_document
from consent.documents.sealing import terms_sha256
from consent.documents.text import sha256
from consent.models import (
    Release,
    ReleaseCategory,
    ReleasePurpose,
    ReleaseRecipient,
    SignedDocument,
)
from tests import triggers

DRAWN = [[[x, 40 + x % 50] for x in range(10, 200, 6)], [[220, 60], [240, 90]]]


@pytest.fixture
def signed(case, referral) -> Release:
    release = case.sign(case.unsigned(witness_required=True), drawn=DRAWN, witness_name="Wes W.")
    keep_document(release)
    return release


def changed(release: Release, **values) -> Release:
    """As somebody with every right in the database would change it."""
    with triggers.disabled():
        Release.objects.filter(pk=release.pk).update(**values)
    return Release.objects.get(pk=release.pk)


def document_changed(release: Release, **values) -> Release:
    with triggers.disabled():
        SignedDocument.objects.filter(release=release).update(**values)
    return Release.objects.get(pk=release.pk)


# ------------------------------------------------------------------ the document
@pytest.mark.pango
def test_it_is_made_to_pdf_ua_with_everything_that_was_signed(signed):
    content = bytes(signed.document.pdf)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert len(pdf.Root.StructTreeRoot.K)
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == f"Release of information {signed.number}"
        kinds = {str(e.S) for e in elements(pdf.Root.StructTreeRoot)}
        assert {"/H1", "/H2", "/P", "/L", "/LI", "/Figure"} <= kinds
        figures = [e for e in elements(pdf.Root.StructTreeRoot) if str(e.S) == "/Figure"]
        assert all("Signature as drawn" in str(figure.Alt) for figure in figures)
        assert all(f.FontDescriptor.keys() & {"/FontFile2", "/FontFile3"} for f in fonts(pdf))
    text = "".join(
        "".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages
    )
    for line in signed.text.splitlines():
        assert "".join(line.removeprefix("- ").split()) in text, line
    for wanted in (signed.text_sha256, "WesW.", "agreementtosignelectronically"):
        assert wanted in text


def elements(node):
    """The structure, from the root down."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def fonts(pdf):
    for page in pdf.pages:
        for font in dict(page.Resources.Font).values():
            yield from font.get("/DescendantFonts", [font])


@pytest.mark.pango
def test_it_is_made_once(signed):
    first = bytes(signed.document.pdf)
    assert bytes(keep_document(signed).pdf) == first
    assert SignedDocument.objects.count() == 1


@pytest.mark.pango
@pytest.mark.parametrize("values", [{"pdf": b"%PDF-x"}, {"pdf_sha256": "0" * 64}])
def test_the_database_lets_nobody_change_or_remove_it(signed, values):
    with pytest.raises(DatabaseError), transaction.atomic():
        SignedDocument.objects.update(**values)
    with pytest.raises(DatabaseError), transaction.atomic():
        SignedDocument.objects.all().delete()


def test_an_unsigned_release_has_no_document_and_no_damage(case, referral):
    release = case.unsigned()
    assert keep_document(release) is None
    assert damage(release) == []


# ------------------------------------------------------------------ what is broken
def test_what_nobody_touched_is_whole(signed):
    assert damage(Release.objects.get(pk=signed.pk)) == []


def test_what_ends_it_breaks_nothing(case, signed):
    assert damage(case.revoke(signed)) == []


@pytest.mark.pango
@pytest.mark.parametrize("at", [0, 1, 0.5, -1])
def test_one_changed_byte_of_the_pdf_is_found(signed, at):
    content = bytearray(signed.document.pdf)
    place = int(len(content) * at) if isinstance(at, float) else at
    content[place] ^= 1
    found = damage(document_changed(signed, pdf=bytes(content)))
    assert found == ["The PDF is not the one that was made when it was signed."]


def test_one_changed_letter_of_the_text_is_found(signed):
    text = signed.text.replace("Robin", "Robyn", 1)
    assert "The text is not the one that was signed." in damage(changed(signed, text=text))


@pytest.mark.pango
def test_a_changed_text_with_its_hash_made_anew_is_found(signed):
    text = signed.text + " "
    found = damage(changed(signed, text=text, text_sha256=sha256(text)))
    assert "The hash of the text is not the one in the log." in found
    assert "The PDF was made of another text." in found


@pytest.mark.pango
def test_another_pdf_with_its_hash_made_anew_is_found(case, signed):
    other = case.active()
    forged = bytes(keep_document(other).pdf)
    found = damage(document_changed(signed, pdf=forged, pdf_sha256=other.document.pdf_sha256))
    assert found == ["The hash of the PDF is not the one in the log."]


@pytest.mark.pango
def test_a_pdf_that_was_taken_away_is_missed(signed):
    with triggers.disabled():
        SignedDocument.objects.all().delete()
    assert damage(Release.objects.get(pk=signed.pk)) == ["The signed PDF is missing."]


def test_a_signature_that_the_log_does_not_hold_is_told(signed):
    with triggers.disabled():
        AuditEvent.objects.filter(event="release.signed").delete()
    assert "The log holds no signature of it." in damage(signed)


OTHER_TERMS = {
    "until": lambda r: {"until": r.until + timedelta(microseconds=1)},
    "starts_at": lambda r: {"starts_at": timezone.now()},
    "sensitivities": lambda r: {"sensitivities": ["substance_use"]},
    "service_until": lambda r: {"service_until": timezone.now()},
    "signed_at": lambda r: {"signed_at": r.signed_at - timedelta(microseconds=1)},
    "signer_name": lambda r: {"signer_name": "Robin  Quill"},
    "witness_name": lambda r: {"witness_name": "Wes X."},
    "drawn": lambda r: {"drawn": [*r.drawn[:-1], [[220, 60], [240, 91]]]},
}


@pytest.mark.parametrize("values", OTHER_TERMS.values(), ids=OTHER_TERMS)
def test_a_changed_term_is_found_though_the_words_are_whole(signed, values):
    assert damage(changed(signed, **values(signed))) == ["What it opens is not what was signed."]


def a_category_more(release):
    ReleaseCategory.objects.create(release=release, direction="out", category="safety")


def a_no_made_a_yes(release):
    ReleaseCategory.objects.filter(release=release).update(effect="deny")


def another_recipient(release):
    stranger = type(release.created_by).objects.get(name="Stan Stranger")
    ReleaseRecipient.objects.filter(release=release).update(
        user=stranger, organization=stranger.membership.organization
    )


def a_purpose_less(release):
    ReleasePurpose.objects.filter(release=release).delete()


@pytest.mark.parametrize(
    "tamper", [a_category_more, a_no_made_a_yes, another_recipient, a_purpose_less]
)
def test_a_changed_part_is_found_though_the_words_are_whole(signed, tamper):
    with triggers.disabled():
        tamper(signed)
    assert damage(signed) == ["What it opens is not what was signed."]


def test_the_seal_is_the_same_on_every_reading(signed):
    assert terms_sha256(signed) == terms_sha256(Release.objects.get(pk=signed.pk))
    logged = AuditEvent.objects.get(event="release.signed").detail
    assert logged["terms_sha256"] == terms_sha256(signed)
