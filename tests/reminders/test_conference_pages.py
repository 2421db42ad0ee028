"""The pages of conferences: all of it for staff, dates for administrators, and for somebody outside
their own cases as far as a release opens them now."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.models import Disclosure, Release
from people.enums import Role
from reminders.conferences.actions import agenda, deciding, planning
from reminders.models import (
    Conference,
    ConferenceCase,
    ConferenceDecision,
    ConferenceSeries,
    Reminder,
)
from sessions.enums.outcomes import Instrument
from tests.builder import Builder
from tests.factories import make_user
from tests.reminders.conferring import DECIDED, PLACE, add, began, decide, main, set_up, take, url
from tests.sessions.asking import enter

pytestmark = pytest.mark.django_db
OTHERS = ("Zqother", "Stan Stranger", "Mill Road", "Zqreasonofothers")


@pytest.fixture
def two(case, full_case, cast):
    """A conference about two clients of two practices, each with a release, both invited."""
    case.active(out_categories=["integration"])
    other = Builder(cast, cast.stranger)
    other.send(first_name="Zqother", last_name="Zqothername")
    other.active(out_categories=["integration", "schedule"])
    case.conference = began(case)
    case.row = take(case, case.conference)
    theirs = add(other, case.conference, why="Zqreasonofothers")
    decide(other, theirs, text="Zqdecisionofothers", owner=cast.stranger)
    for row, person in ((case.row, cast.therapist), (theirs, cast.stranger)):
        agenda.invite(by=cast.nurse, case=row, people=[person.pk])
        planning.record_joined(by=cast.nurse, case=row, people=[person.pk])
    planning.record_attendance(
        by=cast.nurse, conference=case.conference, people=[cast.nurse.pk, cast.prescriber.pk]
    )
    case.other, case.theirs = other, theirs
    return case


# ---------------------------------------------------------------- somebody outside
def test_somebody_outside_sees_their_own_case_and_no_trace_of_another(two, cast, signed_in):
    decide(two, two.row)
    for user, own, others in (
        (cast.therapist, ("Robin", DECIDED, "Nora Nurse", "Pia Prescriber"), OTHERS),
        (cast.stranger, ("Zqother", "Zqreasonofothers"), ("Robin", "Harbor Lane", DECIDED, "Tess")),
    ):
        browser = signed_in(user)
        for page in (url("conferences"), url("conference", two.conference.pk)):
            text = main(browser.get(page))
            assert not [word for word in others if word in text], page
            assert own[0] in text
        assert not [word for word in own if word not in text]
        assert PLACE in text


def test_with_or_without_others_on_the_agenda_the_page_is_the_same(two, cast, signed_in):
    """To the byte, apart from what each form carries: nothing betrays how many cases there are."""

    def pages() -> list[str]:
        browser = signed_in(cast.therapist)
        asked = (url("conferences"), url("conference", two.conference.pk))
        return [_without_keys(main(browser.get(page))) for page in asked]

    before = pages()
    third = Builder(cast, cast.stranger)
    third.send(first_name="Third")
    planning.record_joined(by=cast.nurse, case=two.theirs, people=[])
    add(third, two.conference)
    assert pages() == before


def _without_keys(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "csrf" not in line)


def test_a_case_disappears_with_its_release_and_its_conference_with_it(two, cast, signed_in):
    browser, page = signed_in(cast.therapist), url("conference", two.conference.pk)
    assert "Robin" in main(browser.get(page))
    two.revoke(Release.objects.get(client=two.client))
    assert browser.get(page).status_code == 404
    assert "No conferences here" in main(browser.get(url("conferences")))
    assert signed_in(cast.stranger).get(page).status_code == 200


@pytest.mark.parametrize("state", ["none", "unsigned", "future", "expired", "other_practice"])
def test_without_a_release_in_force_there_is_no_conference(case, opened, cast, signed_in, state):
    case.make_release(state)
    conference = began(case)
    add(case, conference)
    before = Disclosure.objects.count()
    browser = signed_in(cast.therapist)
    assert browser.get(url("conference", conference.pk)).status_code == 404
    assert "No conferences here" in main(browser.get(url("conferences")))
    assert Disclosure.objects.count() == before


def test_who_is_not_on_the_case_sees_nothing_of_it(two, cast, signed_in):
    for user in (cast.colleague, cast.physician, cast.superuser):
        browser = signed_in(user)
        assert browser.get(url("conference", two.conference.pk)).status_code == 404
        assert "No conferences here" in main(browser.get(url("conferences")))


REASONS = {
    "schedule": "nothing held",
    "safety": "Adverse event",
    "outcomes": "clearly worse",
    "integration": "New referral",
}


@pytest.mark.parametrize("opened_", sorted(REASONS))
def test_a_reason_is_shown_as_far_as_its_category_is_open(
    case, full_case, cast, signed_in, opened_
):
    _everything_happens(case)
    conference = began(case)
    take(case, conference)
    staff = main(signed_in(cast.nurse).get(url("conference", conference.pk)))
    assert not [words for words in REASONS.values() if words not in staff]
    case.active(out_categories=[opened_])
    text = main(signed_in(cast.therapist).get(url("conference", conference.pk)))
    assert [words for words in REASONS.values() if words in text] == [REASONS[opened_]]
    assert "item 9" not in text
    ledger = Disclosure.objects.latest("pk")
    assert ledger.categories == [opened_]


def _everything_happens(case) -> None:
    case.active(recipients=[case.cast.colleague], in_categories=["schedule"])
    closed = timezone.now() - timedelta(hours=3)
    row = Reminder.objects.of_windows().filter(episode=case.episode).first()
    Reminder.objects.filter(pk=row.pk).update(
        state="missed",
        cancel_reason="",
        opens_at=closed - timedelta(days=1),
        closes_at=closed,
    )
    enter(case, Instrument.PHQ9, 3, days_ago=9)
    enter(case, Instrument.PHQ9, 12, item_9=1)


def test_another_house_learns_neither_who_referred_nor_who_held_sessions(
    case, full_case, cast, signed_in
):
    case.active()
    _everything_happens(case)
    conference = began(case)
    row = take(case, conference)
    decide(case, row, owner=case.referrer)
    agenda.invite(by=cast.nurse, case=row, people=[case.referrer.pk])
    planning.record_joined(by=cast.nurse, case=row, people=[case.referrer.pk])
    case.active(recipients=[cast.physician], out_categories=["schedule", "integration"])
    text = main(signed_in(cast.physician).get(url("conference", conference.pk)))
    assert "Robin" in text
    assert DECIDED in text
    assert not [w for w in ("New referral", "nothing held", "Tess", "Harbor") if w in text]
    assert "Somebody outside the clinic" in text
    assert "Tess" in main(signed_in(cast.therapist).get(url("conference", conference.pk)))


def test_what_was_taken_off_or_replaced_is_gone(two, cast, signed_in):
    first = decide(two, two.row)
    decide(two, two.row, text="Ring on Tuesday", replaces=first, category="schedule")
    text = main(signed_in(cast.therapist).get(url("conference", two.conference.pk)))
    assert DECIDED not in text  # although what replaced it is not open to them
    third = Builder(cast)
    third.send(first_name="Zqthird")
    third.active(out_categories=["integration"])
    row = add(third, two.conference)
    page = url("conference", two.conference.pk)
    assert "Zqthird" in main(signed_in(cast.therapist).get(page))
    agenda.take_off(by=cast.nurse, case=row, why="Zqwhy")
    assert "Zqthird" not in main(signed_in(cast.therapist).get(page))
    assert "Zqwhy" in main(signed_in(cast.nurse).get(page))
    add(third, two.conference, why="Zqagain")
    assert main(signed_in(cast.therapist).get(page)).count("Zqthird") == 1


def test_whoever_owns_a_decision_outside_finds_it_and_says_when_it_is_done(two, cast, signed_in):
    mine = decide(two, two.row, owner=cast.therapist)
    clinics = decide(two, two.row, text="Change the music")
    theirs = ConferenceDecision.unscoped.get(text="Zqdecisionofothers")
    browser, pk = signed_in(cast.therapist), two.conference.pk
    assert "For you to do" in main(browser.get(url("conferences")))
    for other in (theirs, clinics):
        assert browser.post(url("decision_done", pk, other.pk)).status_code == 404
    assert browser.post(url("decision_done", pk, mine.pk)).status_code == 302
    mine.refresh_from_db()
    assert mine.done_by == cast.therapist
    assert "For you to do" not in main(browser.get(url("conferences")))


# ---------------------------------------------------------------- the clinic
def test_from_proposal_to_decision(case, full_case, cast, signed_in):
    case.active()
    browser = signed_in(cast.coordinator)
    assert "No conferences are set up" in main(browser.get(url("conferences")))
    today = cast.clinic.today
    content = {"first_on": f"{today:%d-%b-%Y}", "at_time": "00:00", "every_weeks": "1"}
    content |= {"minutes": "240", "place": PLACE, "form_key": "0" * 32}
    page = main(browser.post(url("conference_series"), {**content, "place": "", "minutes": "5"}))
    assert "Enter a number from 10 to 240 minutes." in page
    assert "Fill in: where, or how to join." in page
    assert content["first_on"] in page
    later = f"{today + timedelta(days=3):%d-%b-%Y}"
    assert browser.post(url("conference_series"), {**content, "first_on": later}).status_code == 302
    assert browser.post(url("conferences_next")).status_code == 302
    conference = Conference.objects.get()
    text = main(browser.get(url("conference", conference.pk)))
    assert "Adverse event, mild" in text
    assert "No case is on the agenda yet" in text
    take_url = url("conference_take", conference.pk, case.referral.pk)
    assert browser.post(take_url, {"form_key": "x"}).status_code == 302
    assert not ConferenceCase.unscoped.exists()
    taken = browser.post(take_url, {"form_key": "1" * 32}, follow=True)
    assert "Invite to join for this case" in main(taken)
    row = ConferenceCase.unscoped.get()
    invite = url("conference_invite", conference.pk, row.pk)
    assert "Choose whom to invite." in main(browser.post(invite, follow=True))
    invited = main(browser.post(invite, {"people": cast.therapist.pk}, follow=True))
    assert "Invited: Tess Therapist" in invited
    assert "Nothing yet" in main(browser.get(url("conference", conference.pk)))


def test_a_decision_is_written_down_with_its_errors_beside_it(case, opened, cast, signed_in):
    conference = began(case)
    row = add(case, conference)
    browser, page = signed_in(cast.kaptherapist), url("conference_case", conference.pk, row.pk)
    said = {"form_key": "2" * 32, "text": "Ring them", "category": "integration"}
    said |= {"owner": cast.therapist.pk, "due_on": f"{cast.clinic.today:%d-%b-%Y}"}
    text = main(browser.post(page, said))
    assert "No release in force lets them read this." in text
    assert "Ring them" in text
    said["owner"] = cast.nurse.pk
    for _ in range(2):
        assert browser.post(page, said).status_code == 302
    made = ConferenceDecision.unscoped.get()
    corrected = {**said, "form_key": "3" * 32, "text": "Ring them twice"}
    correct = url("decision_correct", conference.pk, made.pk)
    assert "Ring them" in main(browser.get(correct))
    assert browser.post(correct, corrected).status_code == 302
    minutes = main(browser.get(url("conference_minutes", conference.pk)))
    assert "Replaced by a later one" in minutes
    assert "Ring them twice" in minutes
    assert "Zqquillfeather".upper() in minutes


def test_the_page_says_who_was_missing(two, cast, signed_in):
    browser, page = signed_in(cast.nurse), url("conference_case", two.conference.pk, two.row.pk)
    sentences = ("No prescriber was there.", "Nobody of the referring practice was there.")
    assert not [each for each in sentences if each in main(browser.get(page))]
    people = {"people": cast.nurse.pk}
    assert browser.post(url("conference_attendance", two.conference.pk), people).status_code == 302
    joined = url("conference_joined", two.conference.pk, two.row.pk)
    assert browser.post(joined).status_code == 302
    assert not [each for each in sentences if each not in main(browser.get(page))]


def test_administrators_see_dates_alone_and_staff_what_is_not_done(two, cast, signed_in):
    assert "Zqdecisionofothers" in main(signed_in(cast.nurse).get(url("conferences")))
    text = main(signed_in(cast.administrator).get(url("conferences")))
    assert PLACE in text
    words = (*OTHERS, "Robin", "Adverse", "Zqdecisionofothers", "/case/", "Decided")
    assert not [each for each in words if each in text]


def test_forms_of_a_case_that_is_not_of_this_conference_are_not_found(two, cast, signed_in):
    later = Conference.objects.create(
        series=two.conference.series, at=timezone.now() + timedelta(days=7), planned_by=cast.nurse
    )
    browser = signed_in(cast.nurse)
    for name in ("conference_case", "conference_joined", "conference_take_off"):
        assert browser.get(url(name, later.pk, two.row.pk)).status_code == 404
    made = decide(two, two.row)
    assert browser.post(url("decision_done", later.pk, made.pk)).status_code == 404


def test_it_is_called_off_with_a_reason_that_stays_at_the_clinic(case, opened, cast, signed_in):
    case.active()
    set_up(case)
    conference = planning.plan_next(by=cast.nurse, clinic=cast.clinic)
    add(case, conference)
    browser = signed_in(cast.coordinator)
    call_off = url("conference_call_off", conference.pk)
    assert "Fill in: why." in main(browser.post(call_off))
    assert browser.post(call_off, {"why": "Zqholiday"}).status_code == 302
    assert "Zqholiday" in main(browser.get(url("conference", conference.pk)))
    text = main(signed_in(cast.therapist).get(url("conference", conference.pk)))
    assert "Called off" in text
    assert "Zqholiday" not in text
    series = ConferenceSeries.objects.get()
    ends = {"last_on": f"{cast.clinic.today:%d-%b-%Y}"}
    assert browser.post(url("conferences_end", series.pk), ends).status_code == 302
    assert "No conferences are set up" in main(browser.get(url("conferences")))


def test_the_queries_do_not_grow_with_the_cases(
    two, cast, signed_in, django_assert_max_num_queries
):
    browsers = [signed_in(cast.nurse), signed_in(cast.stranger)]
    pages = (url("conferences"), url("conference", two.conference.pk))

    def counted() -> list[int]:
        found = []
        for browser in browsers:
            for page in pages:
                with django_assert_max_num_queries(60) as queries:
                    main(browser.get(page))
                found.append(len(queries))
        return found

    before = counted()
    for number in range(3):
        more = Builder(cast, cast.stranger)
        more.send(first_name=f"More{number}")
        more.active(out_categories=["integration"])
        row = add(more, two.conference)
        decide(more, row)
    after = counted()
    assert all(now <= was + 1 for was, now in zip(before, after, strict=True)), (before, after)


def test_a_new_colleague_of_the_practice_may_be_invited_once_a_release_names_them(
    case, opened, cast, signed_in
):
    newcomer = make_user("Nia Newcomer", Role.THERAPIST, cast.practice)
    case.active(recipients=[cast.therapist, newcomer])
    row = add(case, began(case))
    text = main(signed_in(cast.nurse).get(url("conference_case", row.conference_id, row.pk)))
    assert "Nia Newcomer" in text
    assert "Cole Colleague" not in text
    deciding.tick_off(by=cast.nurse, decision=decide(case, row))
