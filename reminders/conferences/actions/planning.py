"""How often a clinic confers, the next conference, calling one off, and who was there."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from audit.record import record
from people.concurrency import row_of_form
from people.formats import day
from people.models import Membership, Organization, User
from reminders.conferences.people import may_join, staff, there
from reminders.conferences.permissions import check_user_can_set_up, check_user_confers
from reminders.conferences.series import next_conference, series_of
from reminders.models import Conference, ConferenceAttendance, ConferenceCase, ConferenceSeries
from reminders.signals import conference_called_off

NOT_BEGUN = "This conference has not begun. Record afterwards who was there."
CALLED_OFF = "This conference was called off."


@transaction.atomic
def set_up_series(
    *, by: User, clinic: Organization, form_key: UUID, content: dict[str, Any]
) -> ConferenceSeries:
    """From a day on, which is today or later: `first_on`, `at_time`, `every_weeks` (1 or 2),
    `minutes` (10 to 240) and `place`. What is held until then ends the day before.

    Raises ValidationError for a day that is over, and where one is prepared already for that day
    or a later one.
    """
    check_user_can_set_up(by, clinic.pk)
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=clinic.pk)
    if existing := row_of_form(ConferenceSeries.objects, form_key, clinic_id=clinic.pk):
        return existing
    first_on, now = content["first_on"], timezone.now()
    if first_on < clinic.day_of(now):
        raise ValidationError({"first_on": "This day is over. Choose today or a later one."})
    for before in series_of(clinic, now):
        if before.last_on is None:
            _check_nothing_prepared(before, first_on, "first_on")
            _end(before, by, first_on - timedelta(days=1))
        elif before.last_on >= first_on:
            raise ValidationError(
                {"first_on": f"The conferences go on until {day(before.last_on)}. Begin later."}
            )
    series = ConferenceSeries(form_key=form_key, clinic=clinic, set_up_by=by, **content)
    series.full_clean(exclude=["clinic", "set_up_by"], validate_constraints=False)
    series.save()
    record("conferences.set_up", by=by, on=series, every_weeks=series.every_weeks)
    return series


@transaction.atomic
def end_series(*, by: User, series: ConferenceSeries, last_on: date) -> ConferenceSeries:
    """`last_on` is the last day on which one may be held: today or later. The same day sent twice
    is once."""
    check_user_can_set_up(by, series.clinic_id)
    rows = ConferenceSeries.objects.select_for_update(of=("self",), no_key=True)
    series = rows.select_related("clinic").get(pk=series.pk)
    if series.last_on == last_on:
        return series
    if series.last_on:
        raise ValidationError(f"They end on {day(series.last_on)} already.")
    if last_on < series.clinic.today:
        raise ValidationError({"last_on": "This day is over. Choose today or a later one."})
    _check_nothing_prepared(series, last_on + timedelta(days=1), "last_on")
    _end(series, by, last_on)
    return series


def _end(series: ConferenceSeries, by: User, last_on: date) -> None:
    series.last_on, series.ended_by, series.ended_at = last_on, by, timezone.now()
    series.save(update_fields=["last_on", "ended_by", "ended_at"])
    record("conferences.ended", by=by, on=series)


def _check_nothing_prepared(series: ConferenceSeries, since: date, name: str) -> None:
    """None that is still to be held may lie on `since` or later."""
    rows = series.conferences.filter(called_off_at=None, at__gt=timezone.now())
    for row in rows:
        held_on = series.clinic.day_of(row.at)
        if held_on >= since:
            raise ValidationError(
                {name: f"The one of {day(held_on)} is prepared already. Call it off first."}
            )


@transaction.atomic
def plan_next(*, by: User, clinic: Organization) -> Conference:
    """The next conference, so that its agenda can be prepared; the same one however often.

    Raises ValidationError where the clinic holds none.
    """
    check_user_confers(by, clinic.pk)
    ahead = next_conference(clinic, timezone.now())
    if ahead is None:
        raise ValidationError("Your clinic holds no conferences. Set them up first.")
    conference, made = Conference.objects.get_or_create(
        series=ahead.series, at=ahead.at, defaults={"planned_by": by}
    )
    if made:
        record("conference.planned", by=by, on=conference)
    return conference


@transaction.atomic
def call_off(*, by: User, conference: Conference, why: str) -> Conference:
    """It is not held; before it begins, once. What its cases need is proposed for the next."""
    conference = locked(conference)
    check_user_can_set_up(by, conference.series.clinic_id)
    if not why.strip():
        raise ValidationError({"why": "Say in a few words why."})
    if conference.called_off_at:
        return conference
    if conference.has_begun(timezone.now()):
        raise ValidationError("This conference has begun. It cannot be called off any more.")
    conference.called_off_at, conference.called_off_by = timezone.now(), by
    conference.called_off_why = why.strip()
    conference.save(update_fields=["called_off_at", "called_off_by", "called_off_why"])
    record("conference.called_off", by=by, on=conference)
    conference_called_off.send(Conference, conference=conference, by=by)
    return conference


@transaction.atomic
def record_attendance(*, by: User, conference: Conference, people: Collection[int]) -> int:
    """Who of the clinic was there: ids of `people`, all others of the staff were not. What is
    recorded already stays one row; how many were written."""
    conference = locked(conference)
    check_user_confers(by, conference.series.clinic_id)
    rows = conference.attendance.filter(case=None)
    return _record(by, conference, None, staff(conference.series.clinic_id), rows, people)


@transaction.atomic
def record_joined(*, by: User, case: ConferenceCase, people: Collection[int]) -> int:
    """Who of outside the clinic joined for this case, as for `record_attendance`."""
    conference = locked(case.conference)
    check_user_confers(by, conference.series.clinic_id)
    case = locked_case(case)
    check_on_agenda(case)
    rows = conference.attendance.filter(case=case)
    return _record(by, conference, case, may_join(case), rows, people)


def _record(by: User, conference: Conference, case, possible, rows, people) -> int:
    check_standing(conference)
    if not conference.has_begun(timezone.now()):
        raise ValidationError(NOT_BEGUN)
    before = there(rows.select_related("person"))
    members: dict[int, Membership] = {each.user_id: each for each in possible}
    known = {row.person_id for row in before}
    if not set(people) <= members.keys() | known:
        raise ValidationError({"people": "Choose among those who are listed."})
    came = [members[pk] for pk in people if pk not in known]
    gone = [row for row in before if row.person_id not in people]
    written = [(m.user_id, m.organization_id, m.role, True) for m in came]
    written += [(row.person_id, row.organization_id, row.role, False) for row in gone]
    for person, place, role, present in written:
        ConferenceAttendance.objects.create(
            conference=conference,
            case=case,
            person_id=person,
            organization_id=place,
            role=role,
            present=present,
            recorded_by=by,
        )
    if written:
        about = {"client_id": case.client_id, "case": case.pk} if case else {}
        there_now = sorted(known - {row.person_id for row in gone} | {m.user_id for m in came})
        record("conference.attendance", by=by, on=conference, there=there_now, **about)
    return len(written)


def locked(conference: Conference) -> Conference:
    rows = Conference.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("series__clinic").get(pk=conference.pk)


def locked_case(case: ConferenceCase) -> ConferenceCase:
    rows = ConferenceCase.unscoped.select_for_update(of=("self",), no_key=True)
    return rows.select_related("conference__series__clinic", "referral").get(pk=case.pk)


def check_on_agenda(case: ConferenceCase) -> None:
    if case.taken_off_at:
        raise ValidationError("This case was taken off the agenda.")


def check_standing(conference: Conference) -> None:
    if conference.called_off_at:
        raise ValidationError(CALLED_OFF)
