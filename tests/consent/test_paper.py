"""A release signed on paper: one person transcribes it, another verifies it."""

import hashlib
import io
from datetime import timedelta

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from audit.models import AuditEvent
from consent.actions import drafting, links
from consent.actions.paper import Transcript, accept_paper, reject_paper, transcribe_paper
from consent.enums import Effect, Method, ReleaseState, Signer
from consent.models import PaperCopy, Release, SigningLink
from consent.paper_pdf import MOST_BYTES, MOST_PAGES, check_scan
from consent.text import as_text, paper_code
from people.enums import OrganizationKind, Role
from people.formats import day
from tests import triggers
from tests.consent.scans import ILL_MEANT, bomb, scan, tagged
from tests.consent.visiting import by_link, choose, url
from tests.factories import PASSWORD, make_organization, make_user

SCAN = scan()


@pytest.fixture
def second(clinic):
    return make_user("Bea Beside", Role.ADMINISTRATOR, clinic)


@pytest.fixture
def release(case, referral) -> Release:
    return case.unsigned()


def transcript(release: Release, **changes) -> Transcript:
    usual = {
        "scan": SCAN,
        "code": paper_code(release),
        "shared": [("out", "schedule")],
        "signer": Signer.CLIENT,
        "signer_name": release.client.full_name,
        "signed_on": release.organization.today,
    }
    return Transcript(**{**usual, **changes})


@pytest.fixture
def paper(release, administrator) -> PaperCopy:
    return transcribe_paper(by=administrator, release=release, transcript=transcript(release))


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
        "signer": "client",
        "signer_name": release.client.full_name,
        "signed_on": day(release.organization.today),
        **changes,
    }


def main(answer) -> str:
    return answer.content.decode().split("<main")[1].split("</main>")[0]


# ------------------------------------------------------------------ the form to print
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
        "You may withdraw this at any time",
        paper_code(release),
    ):
        assert wanted in text, wanted
    assert "Witness" not in text
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked


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


# ------------------------------------------------------------------ the scan
@pytest.mark.parametrize("change", ILL_MEANT, ids=lambda each: each.__name__)
@pytest.mark.parametrize("packed", [False, True])
def test_a_pdf_that_does_or_carries_more_than_pages_is_refused(change, packed):
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    problem, _ = check_scan(scan(change, object_stream_mode=mode))
    assert problem.startswith("This PDF holds")


@pytest.mark.parametrize("user", ["", "u"])
def test_an_encrypted_pdf_is_refused_even_when_it_opens_without_a_password(user):
    locked = scan(encryption=pikepdf.Encryption(owner="o", user=user))
    assert "encrypted" in check_scan(locked)[0]


@pytest.mark.parametrize(
    "content",
    [b"", b"<html>", b"GIF89a", SCAN[: len(SCAN) // 2], b"x" + SCAN, b"%PDF-1.7 and no more"],
)
def test_what_is_no_whole_pdf_is_refused(content):
    assert "no PDF, or it is damaged" in check_scan(content)[0]


def test_a_small_file_that_unfolds_to_a_huge_one_is_refused():
    assert check_scan(bomb(100)) == ("", 1)
    assert "damaged" in check_scan(bomb(70 * 1024 * 1024))[0]


def test_pages_and_bytes_have_a_limit():
    assert check_scan(scan(pages=MOST_PAGES)) == ("", MOST_PAGES)
    assert "21 pages" in check_scan(scan(pages=MOST_PAGES + 1))[0]
    assert "over 5 MB" in check_scan(b"%PDF-" + b"x" * MOST_BYTES)[0]
    assert check_scan(scan(tagged)) == ("", 1)


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


# ------------------------------------------------------------------ transcribing
def test_a_paper_opens_nothing_before_a_second_person_verified_it(paper, release):
    release.refresh_from_db()
    assert release.state(timezone.now()) == ReleaseState.AWAITING
    assert release.signed_at is None
    assert paper.pdf_sha256 == hashlib.sha256(SCAN).hexdigest()
    kept = release.categories.filter(effect=Effect.PERMIT).values_list("direction", "category")
    assert list(kept) == [("out", "schedule")]


def test_accepting_puts_it_in_force_from_that_moment(paper, release, second):
    before = timezone.now()
    signed = accept_paper(by=second, paper=paper)
    assert before <= signed.signed_at <= timezone.now()
    assert signed.state(timezone.now()) == ReleaseState.ACTIVE
    assert (signed.method, signed.presented_by) == (Method.PAPER, second)
    assert signed.paper_signed_on == release.organization.today
    assert not signed.electronic_agreed
    assert "What you chose not to share" in signed.text
    paper.refresh_from_db()
    assert paper.text_sha256 == signed.text_sha256
    events = AuditEvent.objects.filter(event__startswith="paper.").values_list("event", flat=True)
    assert list(events.order_by("pk")) == ["paper.transcribed", "paper.accepted"]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"code": "00000000"}, "code", "not the code"),
        ({"scan": b"x"}, "scan", "no PDF"),
        ({"shared": []}, "shared", "Nothing is ticked"),
        ({"shared": [("in", "themes")]}, "shared", "Nothing is ticked"),
        ({"signer_name": "Somebody Else"}, "signer_name", "Robin"),
        ({"signer": Signer.REPRESENTATIVE}, "signer_authority", "right to sign"),
    ],
    ids=str,
)
def test_a_transcript_names_the_field_to_mend(release, administrator, changes, field, sentence):
    with pytest.raises(ValidationError) as refused:
        transcribe_paper(
            by=administrator, release=release, transcript=transcript(release, **changes)
        )
    assert list(refused.value.message_dict) == [field]
    assert sentence in refused.value.message_dict[field][0]
    assert not PaperCopy.objects.exists()


@pytest.mark.parametrize(("days", "right"), [(-1, False), (0, True), (1, False)])
def test_it_was_signed_between_the_day_it_was_ready_and_today(release, administrator, days, right):
    """It became ready today, by the clinic's clock."""
    signed_on = release.organization.today + timedelta(days=days)
    given = transcript(release, signed_on=signed_on)
    if right:
        assert transcribe_paper(by=administrator, release=release, transcript=given)
        return
    with pytest.raises(ValidationError) as refused:
        transcribe_paper(by=administrator, release=release, transcript=given)
    assert list(refused.value.message_dict) == ["signed_on"]


def test_a_witness_is_copied_where_one_is_asked_for(case, referral, administrator, second):
    release = case.unsigned(witness_required=True)
    with pytest.raises(ValidationError, match="witness"):
        transcribe_paper(by=administrator, release=release, transcript=transcript(release))
    given = transcript(release, witness_name="Wes Witness")
    paper = transcribe_paper(by=administrator, release=release, transcript=given)
    assert accept_paper(by=second, paper=paper).witness_name == "Wes Witness"


def test_a_representative_is_copied_with_their_right(release, administrator, second):
    given = transcript(
        release, signer="representative", signer_name="Pat Parent", signer_authority="Parent"
    )
    paper = transcribe_paper(by=administrator, release=release, transcript=given)
    signed = accept_paper(by=second, paper=paper)
    assert (signed.signer_name, signed.signer_authority) == ("Pat Parent", "Parent")


def test_transcribing_closes_every_link(case, release, administrator):
    browser = by_link(case, release)
    transcribe_paper(by=administrator, release=release, transcript=transcript(release))
    assert not SigningLink.objects.filter(closed_at=None).exists()
    assert browser.get(url("visit")).status_code == 404


# ------------------------------------------------------------------ while it waits
WHILE_WAITING = {
    "edit": lambda case, by, release: drafting.edit_release(
        by=by, release=release, terms=case.terms()
    ),
    "send": lambda case, by, release: drafting.send_for_signature(by=by, release=release),
    "discard": lambda case, by, release: drafting.discard_release(by=by, release=release),
    "link": lambda case, by, release: links.make_signing_link(by=by, release=release),
    "screen": lambda case, by, release: links.hand_over(by=by, release=release),
    "another paper": lambda case, by, release: transcribe_paper(
        by=by, release=release, transcript=transcript(release)
    ),
}


@pytest.mark.parametrize("act", WHILE_WAITING.values(), ids=WHILE_WAITING)
def test_while_a_paper_waits_the_release_stays_as_it_was_signed(case, paper, second, act):
    before = as_text(paper.release)
    with pytest.raises(ValidationError, match="waits to be verified"):
        act(case, second, paper.release)
    assert as_text(Release.objects.get(pk=paper.release_id)) == before


# ------------------------------------------------------------------ verifying
@pytest.mark.parametrize("act", [accept_paper, lambda **k: reject_paper(**k, reason="no")])
def test_nobody_verifies_their_own_transcript(paper, administrator, act):
    with pytest.raises(ValidationError, match="Somebody else"):
        act(by=administrator, paper=paper)


def test_not_even_the_database_takes_the_same_person_twice(paper, administrator):
    one = PaperCopy.objects.filter(pk=paper.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        one.update(verified_by=administrator, verified_at=timezone.now())


def test_not_even_the_database_puts_paper_in_force_that_nobody_verified(paper, second):
    signing = {
        "signed_at": timezone.now(),
        "method": Method.PAPER,
        "presented_by": second,
        "signer": "client",
        "signer_name": "x",
        "paper_signed_on": paper.signed_on,
        "text": "x",
        "text_sha256": "x",
    }
    one = Release.objects.filter(pk=paper.release_id)
    with pytest.raises(DatabaseError), transaction.atomic():
        one.update(**signing)
    reject_paper(by=second, paper=paper, reason="no date")
    with pytest.raises(DatabaseError), transaction.atomic():
        one.update(**signing)


@pytest.mark.parametrize("change", ["pdf", "shared", "signer_name", "text_sha256", "signed_on"])
def test_what_was_transcribed_never_changes(paper, change):
    value = {"pdf": b"x", "shared": [], "signed_on": "2020-01-01"}.get(change, "x")
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperCopy.objects.filter(pk=paper.pk).update(**{change: value})
    with pytest.raises(DatabaseError), transaction.atomic():
        paper.delete()


def test_an_outsider_and_other_roles_verify_nothing(paper, nurse):
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    for who in (nurse, make_user("Al Elsewhere", Role.ADMINISTRATOR, elsewhere)):
        with pytest.raises(PermissionDenied):
            accept_paper(by=who, paper=paper)


def test_a_text_that_differs_at_verification_is_not_put_in_force(paper, second):
    paper.release.categories.update(effect=Effect.PERMIT)  # past every action
    with pytest.raises(ValidationError, match="no longer reads"):
        accept_paper(by=second, paper=paper)


def test_a_scan_that_was_swapped_is_not_put_in_force(paper, second):
    with triggers.disabled("consent_papercopy"):
        PaperCopy.objects.filter(pk=paper.pk).update(pdf=scan(pages=2))
    with pytest.raises(ValidationError, match="not the one that was uploaded"):
        accept_paper(by=second, paper=paper)


def test_sending_it_back_needs_a_reason_and_frees_the_release(case, paper, second):
    with pytest.raises(ValidationError, match="what is wrong"):
        reject_paper(by=second, paper=paper, reason=" ")
    reject_paper(by=second, paper=paper, reason="The date is missing.")
    release = paper.release
    release.refresh_from_db()
    assert release.state(timezone.now()) == ReleaseState.AWAITING
    with pytest.raises(ValidationError, match="verified already"):
        accept_paper(by=second, paper=paper)
    assert transcribe_paper(by=second, release=release, transcript=transcript(release))


def test_a_paper_is_verified_once(paper, second):
    accept_paper(by=second, paper=paper)
    for act in (accept_paper, lambda **k: reject_paper(**k, reason="late")):
        with pytest.raises(ValidationError):
            act(by=second, paper=paper)
    assert AuditEvent.objects.filter(event="release.signed").count() == 1


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
    assert page.count(" checked") == 2  # one thing shared, and who signed


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
