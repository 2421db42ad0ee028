"""More time asked for, how long a move has waited, and the packet as PDF."""

import io
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from pypdf import PdfReader

from audit.models import AuditEvent
from consent.enums import Category as C
from consent.enums import Sensitivity
from consent.models import Disclosure
from people.formats import day
from referrals.actions.interim import ask_for_time
from referrals.enums import ContextKind, Mover, ReferralState
from referrals.models import InterimMessage
from referrals.waiting import waiting
from tests.factories import CLINIC, LAST_NAME, REASON, SENT
from tests.refusing import database_refuses

pytestmark = pytest.mark.django_db
S = ReferralState
SENT_AT = datetime(2026, 7, 13, 15, tzinfo=UTC)
REPLY = CLINIC[C.READINESS]


def url(name: str, *args) -> str:
    return reverse(f"referrals:{name}", args=args)


def promise(case, by=None, days: int = 20, key=None) -> InterimMessage:
    return ask_for_time(
        by=by or case.cast.coordinator,
        referral=case.referral,
        answer_by=case.cast.clinic.today + timedelta(days=days),
        form_key=key or uuid4(),
    )


# ------------------------------------------------------------------ more time
def test_a_day_is_told_without_a_release_and_nothing_else(case, referral, signed_in, cast):
    key = str(uuid4())
    coordinator, due = signed_in(cast.coordinator), cast.clinic.today + timedelta(days=20)
    bad = coordinator.post(url("more_time", referral.pk), {"form_key": key, "answer_by": "soon"})
    assert "Enter a date such as" in bad.content.decode()
    assert 'value="soon"' in bad.content.decode()
    for _ in range(2):
        sent = {"form_key": key, "answer_by": day(due)}
        assert coordinator.post(url("more_time", referral.pk), sent).status_code == 302
    assert InterimMessage.objects.count() == 1
    assert AuditEvent.objects.filter(event="referral.time_asked").count() == 1
    referral.refresh_from_db()
    assert referral.state == S.RECEIVED
    for address in (url("detail", referral.pk), reverse("reminders:worklist")):
        assert day(due) in signed_in(cast.therapist).get(address).content.decode()
    for address in (url("triage", referral.pk), reverse("reminders:today")):
        assert day(due) in coordinator.get(address).content.decode()
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("days", [-1, 0, 61])
def test_a_day_out_of_reach_is_refused(case, referral, days):
    with pytest.raises(ValidationError) as refused:
        promise(case, days=days)
    assert list(refused.value.message_dict) == ["answer_by"]


def test_only_before_the_answer_and_by_whoever_triages(case, referral, cast):
    for name, user in cast.everybody().items():
        if name not in ("coordinator", "prescriber"):
            with pytest.raises(PermissionDenied), transaction.atomic():
                promise(case, by=user)
    case.accept()
    with pytest.raises(PermissionDenied, match="is accepted"):
        promise(case)
    row = {"referral": referral, "answer_by": cast.clinic.today, "by": cast.coordinator}
    database_refuses(lambda: InterimMessage.objects.create(**row))


# ------------------------------------------------------------------ whose move
@pytest.mark.parametrize(
    ("state", "unheard", "mover", "words", "overdue"),
    [
        (S.DRAFT, False, Mover.THERAPIST, "10 days", False),
        (S.REQUESTED, False, Mover.CLINIC, "8 days", True),
        (S.RECEIVED, False, Mover.CLINIC, "8 days", True),
        (S.INFORMATION_ASKED, False, Mover.THERAPIST, "2 days", False),
        (S.INFORMATION_ASKED, True, Mover.CLINIC, "8 days", True),
        (S.ACCEPTED, False, Mover.CLINIC, "2 days", False),
        (S.DECLINED, False, Mover.NOBODY, "2 days", False),
        (S.IN_ERROR, False, Mover.NOBODY, "2 days", False),
    ],
)
def test_whose_move_it_is_and_how_long_it_has_waited(state, unheard, mover, words, overdue):
    moments = {
        "begun": SENT_AT - timedelta(days=2),
        "sent": SENT_AT,
        "since": SENT_AT + timedelta(days=6),
        "now": SENT_AT + timedelta(days=8),
        "reply_days": 5,
    }
    found = waiting(state, **moments, unheard=unheard)
    assert (found.mover, found.words, found.overdue) == (mover, words, overdue)
    later = [moments["now"].date() + timedelta(days=3)]
    assert not waiting(state, **moments, unheard=unheard, promised=later).overdue


def test_both_sides_read_it_on_the_page(case, referral, signed_in, cast):
    page = signed_in(cast.therapist).get(url("detail", referral.pk)).content.decode()
    assert "It is the clinic’s move" in page
    page = signed_in(cast.coordinator).get(url("triage", referral.pk)).content.decode()
    assert "It is your move" in page


# ------------------------------------------------------------------ the packet
def text_of(answer) -> str:
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.pango
def test_the_packet_of_the_practice_holds_its_own_words(case, referral, signed_in, cast):
    case.accept()
    browser = signed_in(cast.therapist)
    text = text_of(browser.get(url("packet", referral.pk)))
    for words in (LAST_NAME.upper(), REASON, "Clinic medical only", *SENT.values(), "Sent"):
        assert words in text
    assert REPLY not in text
    assert "Accepted" not in text
    assert not Disclosure.objects.exists()
    case.active(out_categories=[C.READINESS])
    assert REPLY in text_of(browser.get(url("packet", referral.pk)))
    row = Disclosure.objects.get()
    assert (row.channel, row.categories) == ("pdf", ["readiness"])


@pytest.mark.pango
def test_the_packet_of_the_clinic_holds_what_a_release_opens(case, referral, signed_in, cast):
    browser = signed_in(cast.coordinator)
    text = text_of(browser.get(url("packet", referral.pk)))
    assert REASON in text
    assert not [words for words in SENT.values() if words in text]
    assert not Disclosure.objects.exists()
    case.active(in_categories=[C.HISTORY], sensitivities=[Sensitivity.SUBSTANCE_USE])
    text = text_of(browser.get(url("packet", referral.pk)))
    assert SENT[ContextKind.HISTORY] in text
    assert SENT[ContextKind.RISK] not in text
    assert "42 CFR part 2 prohibits" in text
    assert "It opens: history" in text
    row = Disclosure.objects.get()
    assert (row.channel, row.organization_name) == ("pdf", cast.clinic.name)


def test_nobody_else_gets_one(case, referral, signed_in, cast):
    for name, user in cast.everybody().items():
        if name not in ("therapist", "coordinator", "prescriber"):
            assert signed_in(user).get(url("packet", referral.pk)).status_code == 404, name
    draft = case.draft()
    assert signed_in(cast.therapist).get(url("packet", draft.pk)).status_code == 404
