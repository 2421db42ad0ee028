"""The schedule pages, the rooms, and the pages on which times are booked and answered."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from consent.enums import Category
from consent.models import Disclosure
from people.formats import day
from sessions.actions import dosing as dosing_actions
from sessions.appointments import booking
from sessions.appointments.weeks import Bar, Entry, Shown, laid_out
from sessions.enums.appointments import AppointmentState as S
from sessions.models import Appointment, Room
from tests.factories import LAST_NAME
from tests.sessions.booking import BOTH_WAYS, ahead, book, propose, room
from tests.walk import NOT_IN_TITLES, TITLE

NEW_YORK = ZoneInfo("America/New_York")


def page(browser, name: str = "schedule", *args, status: int = 200, **query) -> str:
    response = browser.get(reverse(f"care:{name}", args=args), query)
    assert response.status_code == status
    return response.content.decode()


def week_of(at: datetime) -> dict[str, str]:
    return {"view": "week", "from": timezone.localdate(at).isoformat()}


# ------------------------------------------------------------------ days, pure
def test_a_week_begins_on_monday_and_a_month_shows_whole_weeks():
    week = Shown.of("week", date(2026, 11, 26))
    assert (week.first, week.days[-1]) == (date(2026, 11, 23), date(2026, 11, 29))
    assert (week.before.first, week.after.first) == (date(2026, 11, 16), date(2026, 11, 30))
    month = Shown.of("month", date(2026, 11, 26))
    assert (month.days[0], month.days[-1]) == (date(2026, 10, 26), date(2026, 12, 6))
    assert (month.before.first, month.after.first) == (date(2026, 10, 1), date(2026, 12, 1))
    assert Shown.of("month", date(2027, 2, 1)).after.first == date(2027, 3, 1)  # four weeks exactly
    for view, at in (("day", date(2026, 1, 1)), ("week", date(1999, 1, 1))):
        with pytest.raises(ValueError):
            Shown.of(view, at)


@pytest.mark.parametrize(("monday", "hours"), [((2026, 10, 26), 169), ((2026, 3, 2), 167)])
def test_a_week_with_a_change_of_the_clocks_loses_nothing(monday, hours):
    """Every hour of the week stands in the day that the clocks on the wall show."""
    shown = Shown.of("week", date(*monday))
    begin, end = shown.within(NEW_YORK)
    begin = begin.astimezone(UTC)
    assert (end.astimezone(UTC) - begin) == timedelta(hours=hours)
    entries = [Entry(begin + timedelta(hours=n), None, "held", str(n)) for n in range(hours)]
    (week,) = laid_out(shown, entries, [], date(*monday), NEW_YORK)
    assert sum(len(each.entries) for each in week.days) == hours
    for each in week.days:
        assert {entry.at.astimezone(NEW_YORK).date() for entry in each.entries} == {each.date}


def test_windows_lie_in_lanes_across_the_days_that_they_touch():
    def bar(first: tuple, last: tuple) -> Bar:
        return Bar(datetime(*first, tzinfo=UTC), datetime(*last, tzinfo=UTC), "open", "", "", "")

    shown = Shown.of("month", date(2026, 11, 1))
    crossing = bar((2026, 11, 7, 12), (2026, 11, 10, 12))
    till_midnight = bar((2026, 11, 9, 12), (2026, 11, 11, 0))
    later = bar((2026, 11, 11, 1), (2026, 11, 12, 1))
    weeks = laid_out(
        shown, [], [later, till_midnight, crossing], date(2026, 11, 7), ZoneInfo("UTC")
    )
    places = [[[(b.column, b.width) for b in lane] for lane in week.lanes] for week in weeks]
    assert places[1] == [[(6, 2)]]
    assert places[2] == [[(1, 2), (3, 2)], [(1, 2)]]


# ------------------------------------------------------------------ the page
def test_the_clinics_staff_see_doses_sessions_windows_and_what_is_booked(
    case, episode, nurse, kaptherapist, signed_in
):
    dose, one = case.plan(ahead(9)), room(case)
    row = book(case, kind="preparation", dosing=dose, starts_at=ahead(7), room=one)
    browser = signed_in(nurse)
    text = page(browser, **week_of(dose.at)) + page(browser, **week_of(row.starts_at))
    for words in ("Dose 1 planned", "Preparation before dose 1", "Kai Kaptherapist, Room 1"):
        assert words in text
    assert "Preparation, dose 1</b>" in text
    assert ", booked" in text
    assert LAST_NAME.upper() in text
    assert not any(word.lower() in TITLE.search(text)[1].lower() for word in NOT_IN_TITLES)
    assert Disclosure.objects.count() == 0  # the clinic's own record
    other = page(browser, **week_of(row.starts_at), person=nurse.pk)
    assert "Preparation before dose 1" not in other
    mine = page(browser, **week_of(row.starts_at), person=kaptherapist.pk, room=one.pk)
    assert "Preparation before dose 1" in mine
    assert "Dose 1 planned" not in mine


def test_outside_a_page_shows_what_releases_open_with_one_row_of_the_ledger(
    case, episode, therapist, signed_in
):
    dose = case.plan(ahead(3))
    browser = signed_in(therapist)
    assert "Dose 1" not in page(browser, **week_of(dose.at))
    assert "Nothing stands in these days" in page(browser, **week_of(dose.at))
    release = case.active(**BOTH_WAYS)
    book(case, starts_at=ahead(3, 15))
    before = Disclosure.objects.count()
    text = page(browser, **week_of(dose.at))
    assert "Dose 1 planned" in text
    assert "Integration session" in text
    rows = Disclosure.objects.order_by("pk")[before:]
    assert [(row.channel, row.categories) for row in rows] == [("schedule", [Category.SCHEDULE])]
    case.revoke(release)
    assert "Dose 1" not in page(browser, **week_of(dose.at))


def test_an_administrator_sees_who_is_busy_and_never_with_whom(
    case, episode, administrator, signed_in
):
    row = book(case, room=room(case))
    case.plan(ahead(4))
    text = page(signed_in(administrator), **week_of(row.starts_at))
    assert "Kai Kaptherapist" in text
    assert "Room 1" in text
    for words in (LAST_NAME, "integration", "dose", "preparation"):
        assert words.lower() not in text.partition("<main")[2].partition("kc-cal-shapes")[0].lower()
    assert Disclosure.objects.count() == 0


def test_an_address_that_is_not_understood_is_a_404(cast, signed_in):
    browser = signed_in(cast.nurse)
    for query in ({"view": "day"}, {"from": "x"}, {"from": "1801-01-01"}, {"person": "0"}):
        page(browser, status=404, **query)
    assert "Nothing stands in these days" in page(browser, view="month")
    assert 'rel="next"' not in page(browser, view="week", **{"from": "2100-12-26"})


def test_the_number_of_queries_does_not_grow_with_the_rows(
    case, episode, nurse, signed_in, django_assert_max_num_queries
):
    browser = signed_in(nurse)
    case.plan(ahead(3))
    query = week_of(ahead(3))
    page(browser, **query)
    for hour in (9, 11, 13, 15):
        book(case, starts_at=ahead(3, hour))
        case.plan(ahead(3, hour))
    with django_assert_max_num_queries(26):
        page(browser, **query)


# ------------------------------------------------------------------ rooms
def test_rooms_are_added_renamed_and_retired(case, episode, administrator, nurse, signed_in):
    browser = signed_in(administrator)
    assert "No rooms yet" in page(browser, "rooms")
    key = uuid4()
    for _ in range(2):
        browser.post(reverse("care:rooms"), {"form_key": key, "label": "Garden"})
    row = Room.objects.get()
    again = browser.post(reverse("care:rooms"), {"form_key": uuid4(), "label": " garden"})
    assert "There is a room of this name already." in again.content.decode()
    assert "garden" in again.content.decode()
    browser.post(reverse("care:room", args=[row.pk]), {"label": "Room 3"})
    booked = book(case, room=row)
    browser.post(reverse("care:retire_room", args=[row.pk]))
    row.refresh_from_db()
    assert (row.label, row.retired_by) == ("Room 3", administrator)
    page(browser, "room", row.pk, status=404)
    assert booked.room == row
    form = page(signed_in(nurse), "book", case.referral.pk)
    assert 'name="room"' not in form  # the only one is retired


# ------------------------------------------------------------------ booking pages
def filled(**changes) -> dict:
    usual = {"form_key": uuid4(), "kind": "integration", "dosing": "", "minutes": "50"}
    return usual | changes


def test_a_time_is_booked_from_the_case_and_an_error_keeps_what_was_typed(
    case, episode, coordinator, kaptherapist, signed_in
):
    browser = signed_in(coordinator)
    assert "Nothing is booked." in page(browser, "case", episode.pk)
    address, when = reverse("care:book", args=[case.referral.pk]), f"{day(ahead())} 10:00"
    for _ in range(2):
        sent = filled(person=kaptherapist.pk, starts_at=when)
        response = browser.post(address, sent, follow=True)
    text = response.content.decode()
    assert "Kai Kaptherapist has another appointment" in text
    assert f'value="{when}"' in text
    home = page(browser, "case", episode.pk)
    assert "Integration session" in home
    row = Appointment.unscoped.get()
    own = page(browser, "appointment", case.referral.pk, row.pk)
    assert "Calendar file" in own
    file = page(browser, "appointment_ics", case.referral.pk, row.pk)
    assert "SUMMARY:kapcare: appointment" in file
    assert LAST_NAME.lower() not in file.lower()


def test_a_therapist_answers_what_was_proposed(case, episode, therapist, colleague, signed_in):
    browser, pk = signed_in(therapist), case.referral.pk
    page(browser, "book", pk, status=404)  # they know of no dose yet
    case.active(**BOTH_WAYS)
    first, second = propose(case, person=therapist)
    assert "Waits for you" in page(browser, "timeline", pk)
    text = page(browser, "appointment", pk, first.pk)
    assert text.count("Take it<") == 2
    page(signed_in(colleague), "appointment", pk, first.pk, status=404)
    browser.post(reverse("care:take_time", args=[pk, second.pk]), {"form_key": uuid4()})
    first.refresh_from_db()
    assert first.state == S.LAPSED
    assert "This was answered already." in page(browser, "take_time", pk, second.pk)
    assert "Only what is booked is moved" not in page(browser, "move_time", pk, second.pk)
    booked = Appointment.unscoped.get(state=S.BOOKED)
    address = reverse("care:move_time", args=[pk, booked.pk])
    wrong = browser.post(address, {"form_key": uuid4(), "starts_at": "soon", "minutes": "50"})
    assert "soon" in wrong.content.decode()
    when = f"{day(ahead(6))} 11:00"
    browser.post(address, {"form_key": uuid4(), "starts_at": when, "minutes": "50"})
    moved = Appointment.unscoped.get(state=S.BOOKED)
    browser.post(reverse("care:cancel_time", args=[pk, moved.pk]), {"reason": "Ill"})
    moved.refresh_from_db()
    assert (moved.state, moved.reason) == (S.CANCELLED, "Ill")


def test_times_are_proposed_on_a_page_and_declined_on_another(
    case, episode, coordinator, kaptherapist, signed_in
):
    pk, browser = case.referral.pk, signed_in(coordinator)
    times = {f"starts_{n}": f"{day(ahead(n))} 10:00" for n in (1, 2, 3)}
    sent = filled(person=kaptherapist.pk, **times)
    browser.post(reverse("care:offer_times", args=[pk]), sent)
    rows = list(Appointment.unscoped.order_by("choice"))
    assert [row.choice for row in rows] == [1, 2, 3]
    theirs = signed_in(kaptherapist)
    assert "None of these times" in page(theirs, "decline_time", pk, rows[0].pk)
    theirs.post(reverse("care:decline_time", args=[pk, rows[0].pk]), {"reason": ""})
    assert {row.state for row in Appointment.unscoped.all()} == {S.DECLINED}


def test_what_left_its_window_says_so_on_the_case_and_the_schedule(
    case, episode, kaptherapist, prescriber, signed_in
):
    dose = case.plan(ahead(6))
    row = book(case, kind="preparation", dosing=dose, starts_at=ahead(4))
    dosing_actions.move_dose(by=prescriber, dosing=dose, planned_at=ahead(9))
    browser = signed_in(kaptherapist)
    words = "No longer within its window: book again"
    assert words in page(browser, "case", episode.pk)
    assert words in page(browser, **week_of(row.starts_at))
    booking.cancel(by=kaptherapist, appointment=row, reason="The dose moved")
    assert words not in page(browser, "case", episode.pk)
