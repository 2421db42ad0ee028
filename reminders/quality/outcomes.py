"""Response and remission: what the last score of a client is, beside their first."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import F, OuterRef, Subquery

from consent.ledger.accounting import Period
from people.models import Organization
from reminders.quality.cells import Cell, Table, parts, rate
from reminders.quality.measure import Measure, Part
from sessions.enums.outcomes import SCORED, Instrument
from sessions.instruments import QUESTIONNAIRES, RELIABLE_CHANGE, REMISSION_BELOW, Questionnaire
from sessions.models import OutcomeResponse

REMISSION = f"Remission, below {REMISSION_BELOW}; a response as well"
RESPONSE_ONLY = "Response without remission"
RESPONSE = "Response, a fall by at least half"
NONE = "No response"
IMPROVED = f"Reliable improvement, by {RELIABLE_CHANGE} or more"
SAME = "No reliable change"
WORSE = f"Reliable worsening, by {RELIABLE_CHANGE} or more"
LABELS = {
    Instrument.PHQ9: (REMISSION, RESPONSE_ONLY, NONE),
    Instrument.GAD7: (RESPONSE, NONE),
    Instrument.PCL5: (IMPROVED, SAME, WORSE),
}
RATES: dict[Instrument, dict[str, tuple[str, ...]]] = {
    Instrument.PHQ9: {"Response": (REMISSION, RESPONSE_ONLY), "Remission": (REMISSION,)},
    Instrument.GAD7: {"Response": (RESPONSE,)},
    Instrument.PCL5: {"Reliable improvement": (IMPROVED,)},
}
# The lowest first score that counts: a moderate one, from which a change can be told.
FROM = {Instrument.PHQ9: 10, Instrument.GAD7: 10, Instrument.PCL5: 31}
DEFINITION = (
    "Counts each client once for each questionnaire: whoever scored in these months, had scored "
    "before in the same episode of care, and began high enough to tell a change: at 10 or more in "
    "PHQ-9 (Kroenke 2001) and GAD-7 (Spitzer 2006), at 31 or more in PCL-5 (National Center for "
    "PTSD). The last score of these months is compared with the first of the episode. Response is "
    "a fall by at least half, remission a PHQ-9 below 5, and a reliable change of PCL-5 15 points. "
    "Scores entered in error do not count, nor do clients who never answered again."
)
EMPTY = (
    "Nobody has a first score that is high enough and a later one in these months. Ask for "
    "questionnaires before the first dose and again later, on the Outcomes page of each case."
)


def outcomes(clinic: Organization, period: Period) -> Measure:
    """One query, one row for each score of the period."""
    last: dict[tuple[str, int], tuple[int, int]] = {}
    for instrument, client, baseline, score in _scores(clinic, period):
        last[instrument, client] = baseline, score
    tables = []
    for each in SCORED:
        pairs = [pair for (instrument, _), pair in last.items() if instrument == each]
        tables.append(_part(QUESTIONNAIRES[each], outcome_table(QUESTIONNAIRES[each], pairs)))
    return Measure("outcomes", "Response and remission", DEFINITION, tables, EMPTY)


def _scores(clinic: Organization, period: Period) -> Iterable[tuple[str, int, int, int]]:
    """(instrument, client, first score of the episode, score), by time, without first scores."""
    counting = OutcomeResponse.unscoped.filter(
        episode__clinic=clinic, author_organization=clinic, error=None
    )
    same = counting.filter(episode=OuterRef("episode"), instrument=OuterRef("instrument"))
    first = same.order_by("occurred_at", "pk")
    rows = counting.filter(occurred_at__gte=period.since, occurred_at__lt=period.until)
    rows = rows.annotate(
        first=Subquery(first.values("pk")[:1]), baseline=Subquery(first.values("score")[:1])
    )
    rows = rows.exclude(pk=F("first")).order_by("occurred_at", "pk")
    return rows.values_list("instrument", "episode__client_id", "baseline", "score").iterator()


def outcome_table(questionnaire: Questionnaire, pairs: Iterable[tuple[int, int]]) -> Table:
    """Clients by what became of (first score, last score)."""
    found = Counter(
        _outcome(questionnaire, first, last)
        for first, last in pairs
        if first >= FROM[questionnaire.instrument]
    )
    return parts(
        Cell(label, found[label], found[label]) for label in LABELS[questionnaire.instrument]
    )


def _outcome(questionnaire: Questionnaire, first: int, last: int) -> str:
    if questionnaire.instrument == Instrument.PCL5:
        if questionnaire.worsens(first, last):
            return WORSE
        return IMPROVED if questionnaire.responds(first, last) else SAME
    if questionnaire.remits(last):  # from 10 or more it is a response
        return REMISSION
    if not questionnaire.responds(first, last):
        return NONE
    return RESPONSE_ONLY if questionnaire.instrument == Instrument.PHQ9 else RESPONSE


def _part(questionnaire: Questionnaire, table: Table) -> Part:
    instrument = questionnaire.instrument
    rates = {name: rate(table, *labels) for name, labels in RATES[instrument].items()}
    return Part(instrument.value, questionnaire.name, "clients", table, rates)
