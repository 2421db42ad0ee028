"""Windows of which somebody was to be reminded: answered, missed, or not known to the clinic."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from consent.access import Access, Reader
from consent.ledger.accounting import Period
from people.enums import Role
from people.models import Organization
from reminders.enums import WINDOWS, CancelReason, ReminderKind, ReminderState
from reminders.models import Reminder
from reminders.quality.cells import Cell, finest
from reminders.quality.measure import Measure, Part
from reminders.today import may_know
from sessions.enums import SessionState
from sessions.models import IntegrationSession, PreparationSession

ANSWERED, MISSED, NOT_KNOWN = "Answered", "Missed", "Not known to the clinic"
TOGETHER = "All windows together"
DEFINITION = (
    "Counts the windows that closed in these months: preparation 72 to 24 h before a planned dose, "
    "integration 24 to 48 h and 4 to 7 days after it was given, or as the clinic has narrowed "
    "them. Answered: a session was held while the window was open. Missed: none was. Not known to "
    "the clinic: an outside therapist looks after it, no release in force now opens their dates to "
    "the clinic or none let them be reminded, and the clinic held no session of its own. Windows "
    "of a dose that was moved or cancelled do not count. Where one kind of window would show fewer "
    "than five clients, all kinds stand together."
)
EMPTY = "No window closed in these months. Windows open around planned and given doses."
# Cancelled: the dose changed, and with it its windows; or nobody might be reminded.
COUNTED = ~Q(state=ReminderState.CANCELLED) | Q(cancel_reason=CancelReason.RELEASE_ENDED)


@dataclass(frozen=True)
class Closed:
    """One window that has closed: whose, of which kind, and how it stands."""

    kind: str
    client: int
    standing: str


def windows(clinic: Organization, period: Period, now: datetime) -> Measure:
    """Three queries: windows with their owners, releases, and what these say."""
    found = list(_closed(clinic, period, now))
    by_kind = {
        str(kind.label): _cells(each for each in found if each.kind == kind) for kind in WINDOWS
    }
    tables = finest(by_kind, TOGETHER, _cells(found))
    parts = [
        Part(f"windows-{place}", title, "windows", table)
        for place, (title, table) in enumerate(tables.items(), 1)
    ]
    return Measure("windows", "Missed windows", DEFINITION, parts, EMPTY)


def _cells(found: Iterable[Closed]) -> list[Cell]:
    rows = list(found)
    clients = {
        standing: [row.client for row in rows if row.standing == standing]
        for standing in (ANSWERED, MISSED, NOT_KNOWN)
    }
    return [Cell(standing, len(each), len(set(each))) for standing, each in clients.items()]


def _closed(clinic: Organization, period: Period, now: datetime) -> Iterable[Closed]:
    rows = list(_reminders(clinic, period, now))
    access = _access(clinic, {row.episode.client_id for row in rows}, now)
    for row in rows:
        client = row.episode.client_id
        yield Closed(row.kind, client, _standing(row, access[client]))


def _reminders(clinic: Organization, period: Period, now: datetime):
    """Of windows closed by `now`, with `held_here`: whether the clinic held a session in it."""
    inside = {"episode": OuterRef("episode")}
    prepared = PreparationSession.objects.filter(
        **inside, held_at__gte=OuterRef("opens_at"), held_at__lt=OuterRef("closes_at")
    )
    held = IntegrationSession.unscoped.filter(
        **inside,
        author_organization=clinic,
        state=SessionState.HELD,
        error=None,
        occurred_at__gte=OuterRef("opens_at"),
        occurred_at__lt=OuterRef("closes_at"),
    )
    rows = (
        Reminder.objects.of_windows()
        .with_place()
        .filter(COUNTED, episode__clinic=clinic, closes_at__lte=now)
    )
    rows = rows.filter(closes_at__gte=period.since, closes_at__lt=period.until)
    here = Exists(held) | (Q(kind=ReminderKind.PREPARATION) & Exists(prepared))
    return rows.annotate(held_here=here).select_related("episode__referral")


def _access(clinic: Organization, clients: set[int], now: datetime) -> dict[int, Access]:
    """What releases open to whoever coordinates at the clinic, client by client: the numbers are
    the same for everybody who may see them."""
    whole = Access.load(Reader.anybody(clinic, Role.COORDINATOR), clients, now)
    provisions: dict[int, list] = {client: [] for client in clients}
    for provision in whole.provisions:
        provisions[provision.client].append(provision)
    return {
        client: replace(whole, clients=frozenset({client}), provisions=tuple(own))
        for client, own in provisions.items()
    }


def _standing(reminder: Reminder, access: Access) -> str:
    if reminder.held_here:  # type: ignore[attr-defined]
        return ANSWERED
    if reminder.state == ReminderState.CANCELLED or not may_know(reminder, access):
        return NOT_KNOWN
    return ANSWERED if reminder.state == ReminderState.DONE else MISSED
