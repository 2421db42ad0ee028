"""Signing on paper, page by page: the form to print, the upload, the verification."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from consent.actions import drafting
from consent.documents.text import paper_code
from consent.models import PaperCopy, Release
from people.formats import day
from people.scans import MOST_BYTES
from tests.consent.papers import SCAN
from tests.consent.visiting import by_link, choose, url
from tests.factories import PASSWORD


@pytest.fixture
def bea(client, second):
    """The second administrator at a browser, password just given."""
    client.force_login(second)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def posted(release: Release, **changes) -> dict:
    return {
        "scan": SimpleUploadedFile("scan.pdf", SCAN, "application/pdf"),
        "code": paper_code(release),
        "shared": ["out:schedule"],
        "agreed": "yes",
        "signer": "client",
        "signer_name": release.client.full_name,
        "signed_on": day(release.organization.today),
        **changes,
    }


def main(answer) -> str:
    return answer.content.decode().split("<main")[1].split("</main>")[0]


# ------------------------------------------------------------------ the form to print
@pytest.mark.pango
def test_the_form_holds_the_text_an_empty_box_for_each_thing_and_lines_to_write_on(
    case, release, administrator, signed_in
):
    answer = signed_in(administrator).get(url("paper_form", release.pk))
    assert answer["Content-Disposition"] == f'attachment; filename="{release.number}.pdf"'
    pages = PdfReader(io.BytesIO(answer.content)).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for wanted in (
        case.client.full_name,
        "Tick each thing that may be shared",
        "Dates of doses and sessions",
        "Full name, in print",
        "Date",
        "What gives you the right to sign",
        "Yes. I have read all of this",
        "No. I do not agree. Nothing is shared.",
        "You may withdraw this at any time",
        paper_code(release),
    ):
        assert wanted in text, wanted
    assert "Witness" not in text
    for page in pages:
        assert f"{release.number}, {case.client.full_name}, " in page.extract_text()
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked


@pytest.mark.pango
def test_a_witness_has_a_line_where_one_is_asked_for(case, referral, administrator, signed_in):
    release = case.unsigned(witness_required=True)
    content = signed_in(administrator).get(url("paper_form", release.pk)).content
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "Signature of the witness" in text


def test_its_code_follows_the_text_and_not_what_somebody_ticked(case, release, administrator):
    before = paper_code(release)
    choose(by_link(case, release), "out:schedule")
    assert paper_code(release) == before
    drafting.edit_release(
        by=administrator, release=release, terms=case.terms(out_categories=["schedule"])
    )
    assert paper_code(release) != before


@pytest.mark.parametrize(
    ("size", "sentence"), [(MOST_BYTES + 1, "over 5 MB"), (7 * 1024 * 1024, "at most 5 MB")]
)
def test_too_big_a_file_is_answered_with_a_sentence(
    release, administrator, signed_in, size, sentence
):
    big = SimpleUploadedFile("scan.pdf", b"%PDF-" + b"x" * (size - 5))
    answer = signed_in(administrator).post(url("paper", release.pk), posted(release, scan=big))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not PaperCopy.objects.exists()


# ------------------------------------------------------------------ the pages
def test_upload_and_transcript_through_the_page(release, administrator, signed_in):
    browser = signed_in(administrator)
    assert " checked" not in main(browser.get(url("paper", release.pk)))
    answer = browser.post(url("paper", release.pk), posted(release))
    assert answer.url == url("paper_verify", release.pk)
    assert "waits for a second administrator" in browser.get(answer.url).content.decode()
    assert browser.get(url("paper", release.pk)).url == answer.url


def test_an_error_keeps_what_was_copied_and_asks_for_the_scan_again(
    release, administrator, signed_in
):
    data = posted(release, code="nope", signer_name="Robin Q")
    page = main(signed_in(administrator).post(url("paper", release.pk), data))
    assert "not the code" in page
    assert "choose the scan again" in page
    assert 'value="Robin Q"' in page
    assert page.count(" checked") == 3  # one thing shared, yes, and who signed


def test_a_second_administrator_accepts_through_the_page(paper, bea):
    page = bea.get(url("paper_verify", paper.release_id)).content.decode()
    assert "Ada Administrator" in page
    assert "What you chose not to share" in page
    answer = bea.post(url("paper_verify", paper.release_id), {"decision": "accept"})
    assert answer.url == url("detail", paper.release_id)
    assert Release.objects.signed().filter(pk=paper.release_id).exists()
    assert bea.get(url("paper_verify", paper.release_id)).url == url("detail", paper.release_id)


def test_verifying_asks_for_the_password_first(paper, second, signed_in):
    answer = signed_in(second).get(url("paper_verify", paper.release_id))
    assert "reauthenticate" in answer.url


def test_sending_back_through_the_page_says_why_on_the_next(paper, bea):
    path = url("paper_verify", paper.release_id)
    assert "Say what is wrong" in bea.post(path, {"decision": "reject"}).content.decode()
    answer = bea.post(path, {"decision": "reject", "reason": "The date is missing."})
    assert "The date is missing." in bea.get(answer.url).content.decode()


def test_the_scan_comes_back_as_an_attachment_and_byte_for_byte(paper, bea):
    answer = bea.get(url("paper_scan", paper.release_id))
    assert answer.content == SCAN
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"
    assert paper.signer_name not in answer["Content-Disposition"]


def test_what_is_not_before_the_client_has_no_paper(case, referral, bea):
    for release in (case.draft_release(), case.active()):
        assert bea.get(url("paper", release.pk)).url == url("detail", release.pk)
        assert bea.get(url("paper_form", release.pk)).status_code == 404
        assert bea.get(url("paper_scan", release.pk)).status_code == 404
