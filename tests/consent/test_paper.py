"""A release signed on paper: one person transcribes it, another verifies it."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.models import AuditEvent
from consent.actions import drafting, links
from consent.actions.paper import accept_paper, reject_paper, transcribe_paper
from consent.documents.text import as_text
from consent.enums import Effect, Method, ReleaseState, Signer
from consent.models import PaperCopy, Release, SigningLink
from people.enums import OrganizationKind, Role
from people.formats import day
from tests import triggers
from tests.consent.papers import SCAN, transcript
from tests.consent.scans import scan
from tests.consent.visiting import by_link, url
from tests.factories import make_organization, make_user


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
        ({"agreed": False}, "agreed", "“Yes” alone"),
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
    ready_on = day(release.organization.today)
    assert ("future" if days > 0 else f"ready to sign on {ready_on}") in str(refused.value)


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
