"""The page of one release: where it stands, whether what was signed is whole, withdrawing it."""

import io
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from pypdf import PdfReader

from audit.models import AuditEvent
from consent.actions.drafting import discard_release, renew_release, send_for_signature
from consent.actions.links import hand_over
from consent.actions.signing import decline_release
from consent.clock import database_now
from consent.documents.history import WORDS
from consent.documents.kept import keep_document
from consent.documents.text import sha256
from consent.enums import ReleaseState
from consent.models import Release, SignedDocument
from people.enums import OrganizationKind, Role
from tests import triggers
from tests.builder import Builder
from tests.consent.pages import main, url
from tests.consent.waiting import on_paper
from tests.factories import PASSWORD, make_organization, make_user
from tests.servers import ROOT

pytestmark = pytest.mark.django_db
STROKES = [[[10 * n, 20 + n] for n in range(12)], [[300, 40], [310, 90]]]


def page(staff, release) -> str:
    return main(staff.get(url("detail", release.pk)))


# ------------------------------------------------------------------ what comes next
def primaries(text: str) -> list[str]:
    """The words on the page's primary buttons."""
    found = re.findall(r'kc-btn--primary"[^>]*>(.*?)</(?:a|button)>', text)
    return [re.sub(r"<[^>]+>", "", words).strip() for words in found]


def in_state(case: Builder, state: ReleaseState) -> Release:
    by = case.cast.administrator
    match state:
        case ReleaseState.DRAFT:
            return case.draft_release()
        case ReleaseState.AWAITING:
            return case.unsigned()
        case ReleaseState.DECLINED:
            return decline_release(link=hand_over(by=by, release=case.unsigned()))
        case ReleaseState.DISCARDED:
            return discard_release(by=by, release=case.draft_release())
        case ReleaseState.SUPERSEDED:
            older = case.active()
            draft = renew_release(by=by, release=older)
            Release.objects.filter(pk=draft.pk).update(until=database_now() + timedelta(days=60))
            case.sign(send_for_signature(by=by, release=Release.objects.get(pk=draft.pk)))
            return Release.objects.get(pk=older.pk)
    release = case.make_release(state)
    assert release is not None
    return release


@pytest.mark.parametrize(
    ("state", "primary", "offered", "not_offered"),
    [
        ("draft", "Continue", ["discard"], ["revoke", "renew", "present"]),
        ("awaiting", "Hand over this screen", ["send_link", "paper", "discard"], ["revoke"]),
        ("declined", "New release", [], ["discard", "revoke", "renew"]),
        ("discarded", "New release", [], ["discard", "revoke", "renew"]),
        ("future", "Renew", ["renew", "revoke"], ["discard"]),
        ("active", "Renew", ["renew", "revoke"], ["discard"]),
        ("expired", "Renew", ["renew"], ["revoke", "discard"]),
        ("revoked", "Renew", ["renew"], ["revoke", "discard"]),
        ("superseded", "See KC-R-", [], ["renew", "revoke", "discard"]),
    ],
)
def test_each_state_has_one_primary_action(staff, sent, state, primary, offered, not_offered):
    release = in_state(sent, ReleaseState(state))
    assert release.state(database_now()) == state
    text = page(staff, release)
    (words,) = primaries(text)
    assert words.startswith(primary)
    for name in offered:
        assert f'"{url(name, release.pk)}"' in text, name
    for name in not_offered:
        assert f'"{url(name, release.pk)}' not in text, name


def test_a_renewal_that_waits_is_gone_on_with(staff, sent):
    release = sent.active()
    draft = renew_release(by=sent.cast.administrator, release=release)
    assert primaries(page(staff, release)) == ["Go on with its renewal"]
    assert f"{release.number}</a>" in page(staff, draft)


def test_a_paper_that_waits_for_a_second_look_shuts_the_other_ways(staff, sent):
    paper = on_paper(sent.unsigned())
    text = page(staff, paper.release)
    assert primaries(text) == ["Verify the paper"]
    for name in ("present", "builder", "discard"):
        assert url(name, paper.release_id) not in text


# ------------------------------------------------------------------ what was signed
def test_text_seal_and_drawn_signature_stand_on_the_page(staff, sent):
    release = sent.sign(sent.unsigned(), drawn=STROKES)
    text = page(staff, release)
    for line in release.text.splitlines():
        assert line.removeprefix("- ").replace("’", "") in re.sub("<[^>]+>|’", "", text), line
    assert f"SHA-256 {release.text_sha256}" in text
    assert '<path d="M0 20 L10 21' in text
    assert '<path d="M300 40 L310 90"/>' in text
    assert f"Signature as drawn by {release.signer_name}" in text
    assert "On the clinic&#x27;s screen, handed over by Ada Administrator" in text


def test_a_representative_and_a_witness_are_named(staff, sent):
    release = sent.sign(
        sent.unsigned(witness_required=True),
        signer="representative",
        signer_name="Gale Guardian",
        signer_authority="court-appointed guardian",
        witness_name="Wim Witness",
    )
    text = page(staff, release)
    assert "Gale Guardian, a personal representative: court-appointed guardian" in text
    assert "Wim Witness" in text


@pytest.mark.pango
def test_the_signed_pdf_is_the_kept_bytes_as_an_attachment(staff, sent):
    release = sent.active()
    kept = keep_document(release)
    answers = [staff.get(url("signed_pdf", release.pk)) for _ in range(2)]
    assert {answer.content for answer in answers} == {bytes(kept.pdf)}
    assert answers[0]["Content-Type"] == "application/pdf"
    name = answers[0]["Content-Disposition"]
    assert name == f'attachment; filename="{release.number}-signed.pdf"'
    text = "".join(p.extract_text() for p in PdfReader(io.BytesIO(answers[0].content)).pages)
    assert release.client.full_name in " ".join(text.split())


@pytest.mark.pango
def test_a_pdf_that_was_not_made_is_made_once_by_a_button(staff, sent, monkeypatch):
    release = sent.active()
    assert staff.get(url("signed_pdf", release.pk)).status_code == 404
    with monkeypatch.context() as without_pango:
        without_pango.setattr("people.pdf._weasyprint", lambda: None)
        assert "libpango" in page(staff, release)
        answer = staff.post(url("signed_pdf", release.pk), follow=True)
        assert "libpango" in main(answer)
        assert not SignedDocument.objects.exists()
    assert "Make it now" in page(staff, release)
    for _ in range(2):
        staff.post(url("signed_pdf", release.pk))
    assert SignedDocument.objects.count() == 1
    assert AuditEvent.objects.filter(event="release.document_kept").count() == 1
    assert "Download" in page(staff, release)


def test_no_pdf_is_made_of_a_draft(staff, sent):
    release = sent.draft_release()
    assert "Only a signed release" in main(staff.post(url("signed_pdf", release.pk), follow=True))


DAMAGE = {
    "the text": (Release, {"text": "Everything to everybody"}),
    "the text with its hash": (Release, {"text": "All", "text_sha256": sha256("All")}),
    "a byte of the PDF": (SignedDocument, {"pdf": b"%PDF-2"}),
    "the hash of the PDF": (SignedDocument, {"pdf_sha256": "0" * 64}),
}


@pytest.mark.pango
@pytest.mark.parametrize("what", DAMAGE)
def test_anything_changed_afterwards_is_shown_as_broken(staff, sent, what):
    release = sent.active()
    keep_document(release)
    assert "Broken" not in page(staff, release)
    model, change = DAMAGE[what]
    with triggers.disabled(model._meta.db_table):
        model._default_manager.update(**change)
    text = page(staff, release)
    assert "Broken: " in text
    assert "kc-notice--stop" in text


@pytest.mark.pango
def test_a_pdf_that_was_taken_away_is_broken_and_never_made_anew(staff, sent):
    release = sent.active()
    keep_document(release)
    with triggers.disabled("consent_signeddocument"):
        SignedDocument.objects.all().delete()
    text = page(staff, release)
    assert "Broken: The signed PDF is missing." in text
    assert "Make it now" not in text
    assert "No PDF can be made" in main(staff.post(url("signed_pdf", release.pk), follow=True))
    assert not SignedDocument.objects.exists()


# ------------------------------------------------------------------ recipients, receipts, history
@pytest.fixture
def for_two(sent) -> Release:
    return sent.active(recipients=[sent.cast.therapist, sent.cast.physician])


def test_each_recipient_has_their_own_state(staff, sent, for_two):
    physician = for_two.recipients.get(user=sent.cast.physician)
    sent.revoke(for_two, recipient=physician)
    text = page(staff, for_two)
    rows = re.findall(r'<tr> <th scope="row">(?!<)(.*?)</tr>', text)
    states = {row.split("</th>")[0]: row for row in rows if "See it as them" in row}
    assert "Withdrawn" in states[str(physician)]
    assert "the client, by phone: asked to" in states[str(physician)]
    assert "Active" in states[str(for_two.recipients.get(user=sent.cast.therapist))]
    assert for_two.number in text


def test_receipts_and_the_history_are_told_in_plain_words(staff, sent):
    release = sent.revoke(sent.sign(sent.unsigned(), shared={("out", "schedule")}))
    text = page(staff, release)
    assert "you signed" in text
    assert "it was withdrawn" in text
    history = re.findall(r'<td data-l="What">(.*?)</td><td data-l="Who">(.*?)</td>', text)
    assert history == [
        ("Withdrawn, asked by the client, by phone", "Ada Administrator"),
        ("Signed, on the clinic&#x27;s screen", release.signer_name),
        ("Chose what to share", "The client"),
        ("Screen handed over to sign", "Ada Administrator"),
        ("Made ready to sign", "Ada Administrator"),
        ("Draft changed", "Ada Administrator"),
        ("Draft begun", "Ada Administrator"),
    ]


def test_every_event_about_a_release_has_its_words():
    """Whoever records a new one says here how it reads."""
    sources = "\n".join(path.read_text() for path in (ROOT / "consent").rglob("*.py"))
    recorded = set(re.findall(r'"((?:release|link|paper)\.[a-z_]+)"', sources))
    assert recorded - set(WORDS) == set()


def test_older_and_newer_are_linked_to_each_other(staff, sent):
    older = in_state(sent, ReleaseState.SUPERSEDED)
    newer = older.renewals.get()
    assert f'<a href="{url("detail", newer.pk)}">{newer.number}</a>' in page(staff, older)
    assert f'<a href="{url("detail", older.pk)}">{older.number}</a>' in page(staff, newer)


# ------------------------------------------------------------------ who else
def test_another_clinics_administrator_finds_nothing(client, sent):
    elsewhere = make_organization("South Clinic", OrganizationKind.CLINIC)
    client.force_login(make_user("Otto Other", Role.ADMINISTRATOR, elsewhere))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    release = sent.active()
    keep_document(release)
    for name in ("detail", "signed_pdf", "revoke"):
        assert client.get(url(name, release.pk)).status_code == 404
        assert client.post(url(name, release.pk), {"reason": "x"}).status_code == 404
    release.refresh_from_db()
    assert release.revoked_at is None
