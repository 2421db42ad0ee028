"""Times are booked and proposed: once, by whom they concern, and never over one another."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from audit.models import AuditEvent
from sessions.actions import dosing as dosing_actions
from sessions.appointments import booking, offering
from sessions.appointments.spans import left_its_window
from sessions.enums.appointments import AppointmentState as S
from sessions.models import Appointment
from sessions.signals import appointment_changed
from sessions.windows import HOURS
from tests.refusing import database_refuses
from tests.sessions.booking import BOTH_WAYS, ahead, book, propose, room


def events(name: str) -> int:
    return AuditEvent.objects.filter(event=name).count()


def refused(write, *words: str) -> None:
    with pytest.raises(ValidationError) as error:
        write()
    assert all(word in str(error.value) for word in words), str(error.value)


# ------------------------------------------------------------------ booking
def test_a_form_sent_twice_books_once_and_is_told_of(case, episode, kaptherapist):
    heard = []

    def hear(sender, appointment, change, by, **kwargs):
        heard.append((appointment.pk, str(change), by))

    appointment_changed.connect(hear)
    key = uuid4()
    first, second = book(case, form_key=key), book(case, form_key=key)
    appointment_changed.disconnect(hear)
    assert first == second
    assert heard == [(first.pk, "booked", kaptherapist)]
    assert events("appointment.booked") == 1
    assert (first.author_organization, first.category) == (case.cast.clinic, "schedule")
    assert first.minutes == 50


@pytest.mark.parametrize("who", ["administrator", "physician", "stranger", "colleague"])
def test_who_is_not_on_the_case_books_nothing(case, episode, cast, who):
    user = cast.everybody()[who]
    with pytest.raises(PermissionDenied):
        book(case, by=user)


def test_a_therapist_books_for_themselves_alone(
    case, episode, therapist, kaptherapist, coordinator
):
    assert book(case, by=therapist).author_organization == case.cast.practice
    for person in (kaptherapist, coordinator):
        with pytest.raises(PermissionDenied):
            book(case, by=therapist, person=person, starts_at=ahead(5))
    with pytest.raises(PermissionDenied):
        book(case, by=coordinator, person=therapist, starts_at=ahead(6))
    with pytest.raises(PermissionDenied):  # doses are the clinic's
        book(case, by=therapist, kind="dose", dosing=case.plan(ahead(7)), starts_at=ahead(7))


def test_a_time_that_cannot_be_is_refused(case, episode):
    refused(lambda: book(case, starts_at=timezone.now() - timedelta(hours=1)), "has passed")
    refused(lambda: book(case, starts_at=ahead(400)), "more than a year")
    refused(lambda: book(case, minutes=4), "5 to 480")
    refused(lambda: book(case, kind="dose"), "Choose the dose")


def test_a_person_and_a_room_are_booked_once_at_a_time(
    case, episode, kaptherapist, nurse, coordinator
):
    first = room(case)
    book(case, room=first)
    later = ahead() + timedelta(minutes=49)
    refused(
        lambda: book(case, by=coordinator, person=kaptherapist, starts_at=later),
        "Kai Kaptherapist has another appointment on",
        "from 10:00 to 10:50.",
    )
    refused(lambda: book(case, starts_at=later), "You have another appointment")
    refused(lambda: book(case, by=nurse, starts_at=later, room=first), "Room 1 is booked on")
    book(case, by=nurse, starts_at=later, room=room(case, "Room 2"))
    book(case, starts_at=ahead() + timedelta(minutes=50), room=first)  # half-open


def test_who_proposes_from_outside_learns_that_a_time_is_taken_and_no_more(
    case, episode, therapist, kaptherapist
):
    case.active(**BOTH_WAYS)
    case.episode.integration_owner, case.episode.collaboration = kaptherapist, "shared"
    case.episode.save()
    book(case)
    with pytest.raises(ValidationError) as error:
        propose(case, by=therapist, starts=[ahead()])
    assert error.value.message_dict == {"starts_1": ["This time is taken. Choose another."]}


def test_the_database_itself_refuses_what_overlaps(case, episode, nurse):
    row = book(case, room=room(case))

    def copied(**changes):
        again = Appointment.unscoped.get(pk=row.pk)
        again.pk, again.form_key = None, uuid4()
        for name, value in changes.items():
            setattr(again, name, value)
        return lambda: again.save(force_insert=True)

    database_refuses(copied())
    database_refuses(copied(person=nurse))  # the room
    database_refuses(copied(room=None))  # the person
    copied(person=nurse, room=None)()


def test_an_appointment_keeps_what_was_written_and_moves_on_once(
    case, episode, therapist, stranger
):
    row = book(case, room=room(case))
    rows = Appointment.unscoped.filter(pk=row.pk)
    database_refuses(lambda: rows.update(person=therapist))
    database_refuses(lambda: rows.update(starts_at=ahead(2), occurred_at=ahead(2)))
    decided = {"decided_at": timezone.now(), "decided_by": therapist}
    database_refuses(lambda: rows.update(state=S.DECLINED, **decided))
    database_refuses(rows.delete)
    booking.cancel(by=case.cast.coordinator, appointment=row, reason="The client is ill")
    database_refuses(
        lambda: rows.update(state=S.BOOKED, decided_at=None, decided_by=None, reason="")
    )
    for changes in (
        {"person_id": stranger.pk},  # of another house
        {"person_id": therapist.pk},  # of the other house of the case
        {"author_organization_id": case.cast.other_practice.pk},
        {"ends_at": row.starts_at + timedelta(minutes=4)},
        {"ends_at": row.starts_at + timedelta(hours=9)},
        {"state": S.TAKEN, **decided},
    ):
        again = Appointment.unscoped.get(pk=row.pk)
        fresh = {"pk": None, "form_key": uuid4(), "state": S.BOOKED, "decided_at": None}
        fresh |= {"decided_by": None, "reason": "", "starts_at": ahead(9), "occurred_at": ahead(9)}
        fresh |= {"ends_at": ahead(9) + timedelta(hours=1), **changes}
        for name, value in fresh.items():
            setattr(again, name, value)
        database_refuses(lambda again=again: again.save(force_insert=True))


def test_cancelling_and_moving_free_the_time(case, episode, coordinator):
    row = book(case)
    refused(lambda: booking.cancel(by=coordinator, appointment=row, reason=" "), "Say why")
    key = uuid4()
    how = {"by": coordinator, "appointment": row, "form_key": key, "minutes": 30}
    moved = booking.move(starts_at=ahead() + timedelta(minutes=20), **how)
    assert booking.move(starts_at=ahead(), **how) == moved
    assert (moved.uid, moved.sequence, moved.replaces_id) == (row.uid, 1, row.pk)
    row.refresh_from_db()
    assert (row.state, row.decided_by) == (S.CANCELLED, coordinator)
    twice = [booking.cancel(by=coordinator, appointment=moved, reason="Ill") for _ in range(2)]
    assert [each.state for each in twice] == [S.CANCELLED] * 2
    assert (events("appointment.moved"), events("appointment.cancelled")) == (1, 2)
    book(case)


# ------------------------------------------------------------------ proposing
def test_one_of_the_times_is_taken_and_the_others_lapse(case, episode, kaptherapist, nurse):
    first, second = propose(case)
    assert first.form_key == second.form_key
    key = uuid4()
    booked = offering.take(by=kaptherapist, appointment=second, form_key=key)
    assert offering.take(by=kaptherapist, appointment=second, form_key=key) == booked
    states = {row.pk: row.state for row in Appointment.unscoped.all()}
    assert states == {first.pk: S.LAPSED, second.pk: S.TAKEN, booked.pk: S.BOOKED}
    with pytest.raises(PermissionDenied):
        offering.take(by=nurse, appointment=first, form_key=uuid4())
    assert events("appointment.taken") == events("appointment.lapsed") == 1


def test_none_of_the_times_suits(case, episode, kaptherapist, therapist):
    rows = propose(case)
    with pytest.raises(PermissionDenied):
        offering.decline(by=therapist, appointment=rows[0])
    offering.decline(by=kaptherapist, appointment=rows[0], reason="Away")
    offering.decline(by=kaptherapist, appointment=rows[0])
    assert {row.state for row in Appointment.unscoped.all()} == {S.DECLINED}


def test_between_the_houses_a_proposal_needs_releases_both_ways(case, episode, therapist):
    refused(lambda: propose(case, person=therapist), "No release lets you two")
    release = case.active(**BOTH_WAYS)
    rows = propose(case, person=therapist)
    case.revoke(release)
    refused(
        lambda: offering.take(by=therapist, appointment=rows[0], form_key=uuid4()), "No release"
    )
    case.active(**BOTH_WAYS)
    booked = offering.take(by=therapist, appointment=rows[0], form_key=uuid4())
    assert booked.author_organization == case.cast.practice


# ------------------------------------------------------------------ the dose moves
def test_a_session_stays_and_shows_that_it_left_its_window(case, episode, prescriber):
    dose = case.plan(ahead(6))
    row = book(case, kind="preparation", dosing=dose, starts_at=ahead(4))
    assert row.window == "preparation"
    assert not left_its_window(row, {dose.pk: dose.at}, HOURS)
    dosing_actions.move_dose(by=prescriber, dosing=dose, planned_at=ahead(9))
    row.refresh_from_db()
    dose.refresh_from_db()
    assert row.state == S.BOOKED
    assert left_its_window(row, {dose.pk: dose.at}, HOURS)
    assert left_its_window(row, {dose.pk: None}, HOURS)
    assert not left_its_window(row, {}, HOURS)


def test_what_is_booked_for_the_dose_goes_along_if_it_is_free(case, episode, nurse, prescriber):
    dose, first = case.plan(ahead(6)), room(case)
    about = {"by": nurse, "kind": "dose", "dosing": dose, "room": first, "minutes": 120}
    row = book(case, starts_at=ahead(6), **about)
    dosing_actions.move_dose(by=prescriber, dosing=dose, planned_at=ahead(7, hour=12))
    moved = Appointment.unscoped.get(replaces=row)
    assert (moved.state, moved.starts_at, moved.room) == (S.BOOKED, ahead(7, hour=12), first)
    book(case, starts_at=ahead(8), room=first)
    dosing_actions.move_dose(by=prescriber, dosing=dose, planned_at=ahead(8))
    moved.refresh_from_db()
    assert (moved.state, moved.reason[-11:]) == (S.CANCELLED, "book again.")
    dose.refresh_from_db()
    row = book(case, starts_at=ahead(8, hour=14), **about)
    dosing_actions.cancel_dose(by=prescriber, dosing=dose)
    row.refresh_from_db()
    assert (row.state, row.reason) == (S.CANCELLED, "The dose was cancelled.")


# ------------------------------------------------------------------ at once
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_book_at_once_one_wins_and_the_other_is_told(case, episode, kaptherapist, nurse):
    """Each in an episode of its own lock: what decides is the constraint alone."""
    ready, said = threading.Barrier(2), []
    other = case.__class__(case.cast)
    other.begin_care()
    one = room(case)

    def write(told, person):
        try:
            ready.wait(10)
            book(told, by=person, room=one)
            said.append("booked")
        except ValidationError as error:
            said.append(error.messages[0])
        finally:
            connection.close()

    threads = [
        threading.Thread(target=write, args=pair) for pair in ((case, kaptherapist), (other, nurse))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(said)[1] == "booked"
    assert sorted(said)[0].startswith("Room 1 is booked on")
    assert Appointment.unscoped.filter(state=S.BOOKED).count() == 1


def test_a_session_lies_on_its_side_of_the_dose(case, episode):
    dose = case.plan(ahead(6))
    for kind, at in (("preparation", ahead(7)), ("dose", ahead(8))):
        with pytest.raises(ValidationError) as error:
            book(case, kind=kind, dosing=dose, starts_at=at, by=case.cast.nurse)
        assert list(error.value.error_dict) == ["starts_at"]
    with pytest.raises(ValidationError):
        book(case, kind="integration", dosing=dose, starts_at=ahead(5))
    assert book(case, kind="preparation", dosing=dose, starts_at=ahead(4)).pk


def test_what_somebody_who_left_holds_is_taken_off_when_the_dose_moves(case, episode, prescriber):
    dose, nurse = case.plan(ahead(6)), case.cast.nurse
    row = book(case, kind="dose", dosing=dose, starts_at=ahead(6), by=nurse, minutes=120)
    nurse.memberships.update(ended_at=timezone.now())
    with pytest.raises(ValidationError) as error:
        booking.move(
            by=prescriber,
            appointment=row,
            form_key=uuid4(),
            starts_at=ahead(6, hour=11),
            minutes=60,
        )
    assert "no longer works there" in str(error.value)
    dosing_actions.move_dose(by=prescriber, dosing=dose, planned_at=ahead(8))
    row.refresh_from_db()
    assert row.state == S.CANCELLED
