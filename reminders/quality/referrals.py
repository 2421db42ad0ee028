"""Referrals by where they stand, and how long they stood in each state."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from audit.models import AuditEvent
from consent.ledger.accounting import Period
from people.models import Organization
from referrals.enums import ReferralState
from referrals.models import Referral
from referrals.transitions import EVENTS, TRANSITIONS
from reminders.quality.cells import Cell, Table, median_of, parts
from reminders.quality.measure import Measure, Part

LEADS_TO = {EVENTS[verb]: target for verb, (_, target) in TRANSITIONS.items()}
STATES = [state for state in ReferralState if state != ReferralState.DRAFT]
SUBJECT = f"{Referral._meta.label_lower}:"
DEFINITION = (
    "Counts the referrals that were sent to the clinic in these months, by where they stand now. "
    "The median is of all the times one of them stood in that state and has left it since, from "
    "the moment it was sent; whoever still waits there is not in it yet."
)
EMPTY = "No referral was sent to the clinic in these months."


@dataclass(frozen=True)
class Sent:
    """One referral of the period: whose, where it stands now, and when it was sent."""

    pk: int
    client: int
    state: str
    at: datetime


def referrals(clinic: Organization, period: Period) -> Measure:
    """Two queries: the referrals, and what was done with them."""
    rows = Referral.objects.filter(
        clinic=clinic, submitted_at__gte=period.since, submitted_at__lt=period.until
    )
    found = rows.values_list("pk", "client_id", "state", "submitted_at")
    sent = [Sent(pk, client, state, at) for pk, client, state, at in found if at]
    table = _with_days(states_table(sent), stays_in(sent, _moves(rows)))
    part = Part("states", "Where they stand now", "referrals", table, has_days=True)
    return Measure("referrals", "Referrals", DEFINITION, [part], EMPTY)


def states_table(sent: Iterable[Sent]) -> Table:
    """Referrals by the state they stand in."""
    clients: dict[str, list[int]] = {state: [] for state in STATES}
    for each in sent:
        clients[each.state].append(each.client)
    return parts(
        Cell(str(state.label), len(clients[state]), len(set(clients[state]))) for state in STATES
    )


def _moves(rows: QuerySet[Referral]) -> Iterator[tuple[int, str, datetime]]:
    """(referral, event, moment) of whatever moved one of them, by time."""
    subject = Concat(Value(SUBJECT), Cast("pk", CharField()), output_field=CharField())
    subjects = rows.order_by().annotate(subject=subject).values("subject")
    events = AuditEvent.objects.filter(event__in=LEADS_TO, subject__in=subjects)
    for about, event, at in events.order_by("at", "pk").values_list("subject", "event", "at"):
        yield int(about.removeprefix(SUBJECT)), event, at


def stays_in(
    sent: Iterable[Sent], moves: Iterable[tuple[int, str, datetime]]
) -> dict[ReferralState, list[tuple[int, float]]]:
    """(client, days) of every stay that is over, by state.

    `moves` are in order of time; that a referral was sent is the first of its own, or missing.
    """
    found: dict[ReferralState, list[tuple[int, float]]] = {state: [] for state in STATES}
    now = {each.pk: (ReferralState.REQUESTED, each.at) for each in sent}
    clients = {each.pk: each.client for each in sent}
    for pk, event, at in moves:
        state, since = now[pk]
        if LEADS_TO[event] != state:
            days = max(at - since, timedelta()) / timedelta(days=1)
            found[state].append((clients[pk], days))
            now[pk] = LEADS_TO[event], at
    return found


def _with_days(table: Table, stays: Mapping[ReferralState, Sequence[tuple[int, float]]]) -> Table:
    days = {
        str(state.label): median_of([days for _, days in each], len({who for who, _ in each}))
        for state, each in stays.items()
    }
    lines = (replace(line, days=days[line.label]) for line in table.lines)
    return replace(table, lines=tuple(lines))
