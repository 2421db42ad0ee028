"""Emergency notices: always possible, told by law, acknowledged by another or passed on."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from consent.ledger.accounting import accounting
from consent.ledger.chain import broken_links
from consent.models import Disclosure
from people.models import Membership
from reminders.enums import CancelReason
from reminders.models import Letter
from reminders.upkeep import keep_up
from sessions.actions.notices import acknowledge_notice, escalate_notice, overdue
from sessions.coordination import minutes_to_acknowledge
from sessions.enums.notices import NextInLine
from sessions.models import EmergencyNotice, NoticeCall
from sessions.models.coordination import USUAL_MINUTES as MINUTES
from sessions.notices import callees
from tests.refusing import database_refuses
from tests.reminders.sending import round_of, secrets_in, told
from tests.sessions import coordinating
from tests.sessions.telling import WHAT, tell

CLINICAL = ("prescriber", "nurse", "kaptherapist", "coordinator")
MEDICAL = ("prescriber", "nurse")


def url(name: str, pk: int) -> str:
    return reverse(f"care:{name}", args=[pk])


def addresses(case, *names: str) -> set[str]:
    return {getattr(case.cast, name).email for name in names}


def ledger(case) -> list[Disclosure]:
    return list(Disclosure.objects.filter(client_id=case.client.pk).order_by("sequence"))


# ---------------------------------------------------------------- raising
@pytest.mark.parametrize("who", ["therapist", *CLINICAL])
def test_whoever_is_on_the_case_raises_one_without_any_release(case, referral, who):
    by = getattr(case.cast, who)
    notice = tell(case, by)
    assert notice.organization == by.membership.organization
    assert notice.due_at - notice.raised_at == timedelta(minutes=MINUTES) == timedelta(minutes=30)
    event = AuditEvent.objects.get(event="notice.raised")
    assert event.detail == {"basis": "medical", "called": ["services", "on_call"], "part2": False}
    assert event.client_id == case.client.pk


@pytest.mark.parametrize(
    "who", ["colleague", "stranger", "physician", "lapsed", "superuser", "administrator"]
)
def test_nobody_else_does(case, referral, signed_in, who):
    by = getattr(case.cast, who)
    with pytest.raises(PermissionDenied):
        tell(case, by)
    assert signed_in(by).get(url("raise_notice", referral.pk)).status_code == 404


@pytest.mark.parametrize("state", ["revoked", "expired"])
def test_a_release_that_is_over_or_says_no_blocks_nothing(case, referral, signed_in, state):
    case.make_release(state)
    case.unsigned()
    notice = tell(case)
    assert WHAT in signed_in(case.cast.nurse).get(url("notice", notice.pk)).content.decode()


def test_emergency_services_come_first_and_nothing_of_the_clinic_is_told_outside(case, episode):
    cast = case.cast
    outside = [
        (str(each.whom), each.name, each.phone) for each in callees(case.referral, cast.therapist)
    ]
    assert outside == [
        ("services", "Emergency services", "911"),
        ("on_call", "Northfield Clinic, on call", "555 0100"),
        ("prescriber", "Pia Prescriber, MD", "555 0100"),
    ]
    inside = [each.key for each in callees(case.referral, cast.prescriber)]
    assert inside == ["services", f"owner-{cast.therapist.pk}", "on_call"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": " "}, "what"),
        ({"what": "x" * 301}, "what"),
        ({"called": []}, "called"),
        ({"called": ["services", "nobody"]}, "called"),
        ({"basis": "other"}, "basis"),
        ({"basis": "threat", "substance_use": True}, "substance_use"),
    ],
)
def test_it_says_what_why_and_who_is_called(case, referral, changes, field):
    with pytest.raises(ValidationError) as refused:
        tell(case, **changes)
    assert set(refused.value.error_dict) == {field}
    assert not EmergencyNotice.objects.exists()


def test_a_form_sent_twice_raises_one(case, referral):
    key = uuid4()
    assert tell(case, form_key=key) == tell(case, form_key=key)
    assert Letter.objects.count() == len(CLINICAL)
    with pytest.raises(ValidationError, match="used already"):
        tell(case, case.cast.nurse, form_key=key)


# ---------------------------------------------------------------- reading
@pytest.mark.parametrize("basis", ["medical", "threat"])
def test_reading_across_is_recorded_with_its_basis(case, referral, signed_in, basis):
    notice = tell(case, basis=basis)
    page = url("notice", notice.pk)
    assert WHAT in signed_in(case.cast.therapist).get(page).content.decode()
    assert ledger(case) == []  # one's own house
    assert WHAT in signed_in(case.cast.nurse).get(page).content.decode()
    (row,) = ledger(case)
    assert (row.purpose, row.releases, row.categories) == (basis, [], ["safety"])
    assert row.reader_name == "Nora Nurse, RN"
    assert row.items[0][:2] == ["care_sessions.emergencynotice", notice.pk]
    assert broken_links(case.client.pk) == []
    (entry,) = accounting(case.client.pk, case.cast.clinic.pk)
    assert entry.basis == "An emergency notice, without a release"
    assert accounting(case.client.pk, case.cast.practice.pk) == []


def test_what_the_clinic_tells_is_for_those_whom_it_calls(case, referral, signed_in):
    therapist = case.cast.therapist
    not_called = tell(case, case.cast.nurse)
    called = tell(case, case.cast.nurse, called=[f"owner-{therapist.pk}"])
    browser = signed_in(therapist)
    assert browser.get(url("notice", not_called.pk)).status_code == 404
    assert WHAT in browser.get(url("notice", called.pk)).content.decode()
    assert [row.reader_id for row in ledger(case)] == [therapist.pk]
    for who in ("colleague", "stranger", "physician", "administrator"):
        other = signed_in(getattr(case.cast, who))
        assert other.get(url("notice", called.pk)).status_code == 404


@pytest.mark.parametrize("who", CLINICAL)
def test_substance_use_leaves_the_house_to_medical_personnel_alone(case, referral, signed_in, who):
    notice = tell(case, substance_use=True)
    text = signed_in(getattr(case.cast, who)).get(url("notice", notice.pk)).content.decode()
    assert (WHAT in text) == (who in MEDICAL)
    assert [row.sensitivities for row in ledger(case)] == [["substance_use"]] * (who in MEDICAL)
    if who not in MEDICAL:
        assert "42 CFR 2.51" in text
        with pytest.raises(PermissionDenied):
            acknowledge_notice(by=getattr(case.cast, who), notice=notice, done="x")


# ---------------------------------------------------------------- acknowledging
def test_somebody_else_acknowledges_it_once(case, referral):
    notice, cast = tell(case, case.cast.nurse), case.cast
    with pytest.raises(PermissionDenied, match="Somebody else"):
        acknowledge_notice(by=cast.nurse, notice=notice, done="Rang.")
    with pytest.raises(ValidationError):
        acknowledge_notice(by=cast.prescriber, notice=notice, done=" ")
    for _ in range(2):
        notice = acknowledge_notice(by=cast.prescriber, notice=notice, done="Rang.")
    assert notice.acknowledged_by == cast.prescriber
    assert AuditEvent.objects.filter(event="notice.acknowledged").count() == 1
    with pytest.raises(ValidationError, match="already"):
        acknowledge_notice(by=cast.coordinator, notice=notice, done="Me too.")


def test_the_clinic_acknowledges_what_comes_from_outside(case, referral, colleague):
    notice = tell(case)
    case.active(recipients=[colleague])
    for by in (case.cast.therapist, colleague, case.cast.stranger, case.cast.administrator):
        with pytest.raises(PermissionDenied):
            acknowledge_notice(by=by, notice=notice, done="x")
    called = tell(case, case.cast.nurse, called=[f"owner-{case.cast.therapist.pk}"])
    acknowledge_notice(by=case.cast.therapist, notice=called, done="With her.")


def test_the_database_holds_it(case, referral):
    notice, cast = tell(case), case.cast
    rows = EmergencyNotice.objects.filter(pk=notice.pk)
    now = timezone.now()
    by_raiser = {"acknowledged_at": now, "acknowledged_by": cast.therapist, "done": "x"}
    database_refuses(lambda: rows.update(**by_raiser))
    database_refuses(lambda: rows.update(done="x"))
    database_refuses(lambda: rows.update(due_at=now + timedelta(days=1)))
    values = {f.attname: getattr(notice, f.attname) for f in notice._meta.concrete_fields}
    for changes in (
        {"basis": "threat", "substance_use": True},
        {"what": ""},
        {"raised_by_id": cast.physician.pk, "organization_id": cast.primary_care.pk},
        {"raised_by_id": cast.administrator.pk, "organization_id": cast.clinic.pk},
        {"organization_id": cast.clinic.pk},
        {"acknowledged_at": now, "acknowledged_by_id": cast.nurse.pk, "done": "x"},
    ):
        row = EmergencyNotice(**{**values, "id": None, "form_key": uuid4(), **changes})
        database_refuses(row.save)
    acknowledge_notice(by=cast.nurse, notice=notice, done="Rang.")
    database_refuses(lambda: rows.update(done="other"))
    database_refuses(lambda: NoticeCall.objects.update(phone="0"))


# ---------------------------------------------------------------- in time, or to the next in line
def pairs(now) -> list[str]:
    return [str(to) for _, to in overdue(now)]


def test_the_plan_that_both_sides_agreed_to_says_how_long_there_is(case, episode):
    case.active()
    plan = coordinating.propose(case, minutes_to_acknowledge=45)
    assert minutes_to_acknowledge(case.referral) == MINUTES
    coordinating.agree(case, plan)
    notice = tell(case)
    assert notice.due_at - notice.raised_at == timedelta(minutes=45)
    assert pairs(notice.due_at - timedelta(seconds=1)) == []
    assert len(pairs(notice.due_at)) == 1


def test_who_is_next_in_line_and_when(case, referral):
    notice = tell(case)
    late, later = notice.due_at, notice.due_at + timedelta(minutes=MINUTES)
    tick = timedelta(microseconds=1)
    assert pairs(late - tick) == []
    assert pairs(late) == ["prescribers"] == pairs(later - tick)
    assert pairs(later) == ["prescribers", "administrators"]
    assert escalate_notice(notice=notice, to=NextInLine.PRESCRIBERS, at=late)
    assert not escalate_notice(notice=notice, to=NextInLine.PRESCRIBERS, at=late)
    assert pairs(later) == ["administrators"]
    acknowledge_notice(by=case.cast.nurse, notice=notice, done="Rang.")
    assert pairs(later) == []
    assert not escalate_notice(notice=notice, to=NextInLine.ADMINISTRATORS, at=later)


def test_where_nobody_else_prescribes_administrators_are_next(case, referral):
    notice = tell(case, case.cast.prescriber)
    assert pairs(notice.due_at) == ["prescribers", "administrators"]


def test_mail_goes_to_each_in_turn_and_says_nothing(case, referral):
    case.active()
    notice = tell(case, called=["services", f"prescriber-{case.cast.prescriber.pk}"])
    round_of()
    assert told() == addresses(case, *CLINICAL)
    mail.outbox.clear()
    keep_up(notice.due_at)
    keep_up(notice.due_at)
    round_of()
    assert told() == addresses(case, "prescriber")
    assert len(mail.outbox) == 1
    mail.outbox.clear()
    keep_up(notice.due_at + timedelta(minutes=MINUTES))
    round_of()
    assert told() == addresses(case, "administrator")
    for message in mail.outbox:
        assert secrets_in(message) == []
        assert not {"notice", WHAT.lower(), "emergency"} & set(message.body.lower().split())
        assert reverse("care:notices") in message.body


def test_whom_the_clinic_calls_outside_is_told_by_mail(case, referral):
    tell(case, case.cast.nurse, called=[f"owner-{case.cast.therapist.pk}"])
    round_of()
    assert told() == addresses(case, "therapist", "prescriber", "kaptherapist", "coordinator")


def test_what_is_acknowledged_or_no_longer_theirs_is_not_sent(case, referral):
    notice = tell(case)
    Membership.objects.filter(user=case.cast.coordinator).update(ended_at=timezone.now())
    keep_up(notice.due_at)
    acknowledge_notice(by=case.cast.nurse, notice=notice, done="Rang.")
    round_of()
    assert mail.outbox == []
    letters = Letter.objects.filter(notice=notice)
    assert set(letters.values_list("cancel_reason", flat=True)) == {CancelReason.ANSWERED}


# ---------------------------------------------------------------- pages
def test_raising_on_the_page(case, referral, signed_in):
    browser, page = signed_in(case.cast.therapist), url("raise_notice", referral.pk)
    text = browser.get(page).content.decode()
    assert text.index("Emergency services: 911") < text.index("on call: 555 0100")
    assert not re.search(r'name="(basis|called|substance_use)"[^>]* checked', text)
    bad = browser.post(page, {"form_key": uuid4(), "what": "Zqtyped", "called": ["services"]})
    assert "Choose what kind of emergency it is." in bad.content.decode()
    assert "Zqtyped" in bad.content.decode()
    data = {"form_key": uuid4(), "what": WHAT, "basis": "medical", "called": ["services"]}
    response = browser.post(page, data)
    notice = EmergencyNotice.objects.get()
    assert response.url == url("notice", notice.pk)
    own = browser.get(response.url).content.decode()
    assert "Somebody else acknowledges it" in own
    assert browser.post(response.url, {"done": "x"}).status_code == 404


def test_it_stands_on_today_worklist_and_case_until_it_is_acknowledged(case, episode, signed_in):
    notice = tell(case, case.cast.nurse, called=[f"owner-{case.cast.therapist.pk}"])
    link = f'href="{url("notice", notice.pk)}"'
    pages = [
        (signed_in(case.cast.kaptherapist), "/today/"),
        (signed_in(case.cast.kaptherapist), url("case", episode.pk)),
        (signed_in(case.cast.therapist), "/worklist/"),
    ]
    assert all(link in browser.get(page).content.decode() for browser, page in pages)
    assert link not in signed_in(case.cast.stranger).get("/worklist/").content.decode()
    browser = pages[0][0]
    empty = browser.post(url("notice", notice.pk), {"done": ""}).content.decode()
    assert "Write what was done." in empty
    browser.post(url("notice", notice.pk), {"done": "Zqrang"})
    assert "Zqrang" in browser.get(url("notice", notice.pk)).content.decode()
    assert not [1 for browser, page in pages if link in browser.get(page).content.decode()]


def test_administrators_see_that_one_waits_and_nothing_more(case, referral, signed_in):
    notice = tell(case)
    browser = signed_in(case.cast.administrator)
    text = browser.get(reverse("care:notices")).content.decode()
    assert "Not acknowledged" in text
    hidden = (WHAT, case.client.last_name, "Tess", url("notice", notice.pk), "Harbor")
    assert not [word for word in hidden if word in text]
    assert url("notice", notice.pk) in (
        signed_in(case.cast.nurse).get(reverse("care:notices")).content.decode()
    )
