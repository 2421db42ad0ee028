"""What a clinic's file says on a day: who is current, what lapses soon, what is not checked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from people import training
from people.enums import TREATING_ROLES, TrainingKind
from people.models import Licence, Membership, Organization, Training
from people.training import Records

SOON = 60  # days
Row = Licence | Training
Rows = tuple[Iterable[Licence], Iterable[Training]]


@dataclass(frozen=True)
class Standing:
    """How one person stands on a day, as a line of the list shows it."""

    member: Membership
    licences: list[Licence]  # checked and in force, the longest first
    hours: dict[TrainingKind, Decimal]
    missing: list[str]
    until: date | None  # the last day as current
    recorded: bool
    soon: bool = False

    @property
    def current(self) -> bool:
        return not self.missing

    @property
    def beside_clients(self) -> bool:
        return self.member.role in TREATING_ROLES


def trained_people(clinic: Organization, on: date) -> set[int]:
    """Ids of those who work at `clinic` and are current for ketamine-assisted psychotherapy."""
    held = _by_person(*rows_at(clinic))
    return {pk for pk, each in held.items() if training.is_current(each, on)}


def expiring_credentials(clinic: Organization, today: date, days: int = SOON) -> list[Row]:
    """What of the staff lapses within `days`, or lapsed within as many, unless it was renewed;
    the earliest first. Only what somebody else has checked."""
    return expiring(rows_at(clinic), today, days)


def rows_at(clinic: Organization) -> tuple[list[Licence], list[Training]]:
    """All that `clinic` has on file about those who work there, in two queries."""
    licences = Licence.objects.of_staff(clinic.pk).select_related("person")
    trainings = Training.objects.of_staff(clinic.pk).select_related("person")
    return list(licences), list(trainings)


def expiring(rows: Rows, today: date, days: int = SOON) -> list[Row]:
    """As `expiring_credentials`, of rows that were read already."""
    counting = [each for each in _all(rows) if each.counts]
    found = [
        row
        for row in counting
        if row.expires_on is not None
        and abs((row.expires_on - today).days) <= days
        and not any(_renews(other, row) for other in counting)
    ]
    return sorted(found, key=lambda row: (row.expires_on, row.person.name, row.pk))


def waiting(rows: Rows) -> list[Row]:
    """What nobody else has checked yet, the longest waiting first."""
    found = [each for each in _all(rows) if not (each.checked_at or each.error_at)]
    return sorted(found, key=lambda row: (row.recorded_at, row.pk))


def staff(clinic: Organization, rows: Rows, today: date) -> list[Standing]:
    """Those beside clients, and whoever else has something on file: soon to lapse first, then
    those who miss something, then the rest by name."""
    held = _by_person(*rows)
    members = clinic.memberships.filter(ended_at=None).select_related("user")
    found = [standing_of(each, held[each.user_id], today) for each in members]
    shown = [each for each in found if each.beside_clients or each.recorded]
    return sorted(shown, key=lambda s: (not s.soon, s.current, s.member.user.name))


def standing_of(member: Membership, held: Records, today: date) -> Standing:
    until = training.current_until(held, today)
    return Standing(
        member=member,
        licences=[each for each in held.licences if each.counts and each.holds_on(today)],  # type: ignore[misc]
        hours=training.hours_on(held.trainings, today),
        missing=training.missing(held, today),
        until=until,
        recorded=bool(held.licences or held.trainings),
        soon=until is not None and until <= today + timedelta(days=SOON),
    )


def state_of(row: Row, today: date) -> tuple[str, str]:
    """(kind of status, words) of one row on a day; `plain` where nobody has to act."""
    if row.error_at:
        return "plain", "Entered in error"
    if row.checked_at is None:
        return "idle", "Not checked yet"
    if row.expires_on is None or row.expires_on > today + timedelta(days=SOON):
        return "plain", "Checked"
    days = (row.expires_on - today).days
    if days < 0:
        return "attention", "Lapsed"
    return "attention", f"{days} day{'' if days == 1 else 's'} left" if days else "Last day"


def records_of(member: Membership) -> Records:
    """One person's file at the clinic where they work, what was entered in error included."""
    related = ("recorded_by", "checked_by", "error_by")
    licences = Licence.objects.of_staff(member.organization_id).filter(person=member.user_id)
    trainings = Training.objects.of_staff(member.organization_id).filter(person=member.user_id)
    return Records(
        tuple(licences.select_related(*related)), tuple(trainings.select_related(*related))
    )


def _by_person(licences: Iterable[Licence], trainings: Iterable[Training]) -> dict[int, Records]:
    held: dict[int, tuple[list, list]] = defaultdict(lambda: ([], []))
    for licence in licences:
        held[licence.person_id][0].append(licence)
    for each in trainings:
        held[each.person_id][1].append(each)
    found = {pk: Records(tuple(one), tuple(other)) for pk, (one, other) in held.items()}
    return defaultdict(Records, found)


def _all(rows: Rows) -> list[Row]:
    return [*rows[0], *rows[1]]


def _renews(other: Row, row: Row) -> bool:
    """Whether `other` is the same, licence and issuer or training and topic, for longer."""
    alike = other.person_id == row.person_id and str(other).casefold() == str(row).casefold()
    return alike and (other.expires_on or date.max) > (row.expires_on or date.max)
