"""decide() and an oracle that knows only the words of the domain, on ten thousand cases."""

import os
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from consent.decision import Provision, Request, decide
from tests.consent.oracle import Paper, Someone, Thing, may_read
from tests.factories import utc

NOW = utc(2026, 7, 14, 9, 20)
TICK = timedelta(microseconds=1)
CLINIC, PRACTICE, OTHER = 1, 2, 3
# No database is asked: the second run, on the other engine, is a short one.
CASES = 500 if os.environ["KAPCARE_TEST_DB"] == "postgres" else 10_000
MOMENTS = [NOW, NOW - TICK, NOW + TICK, NOW - timedelta(days=2), NOW + timedelta(days=2)]
PEOPLE = [
    Someone(10, "therapist", PRACTICE),
    Someone(11, "physician", PRACTICE),
    Someone(12, "therapist", OTHER),
    *(Someone(20, role, CLINIC) for role in ("prescriber", "coordinator", "administrator")),
]
SENSITIVE = frozenset({"substance_use"})
BOTH = [(10, PRACTICE), (12, OTHER)]


def each(name: str, values) -> list[dict]:
    return [{name: value} for value in values]


# A paper that permits much, and single ways in which it may differ; likewise a thing.
GOOD_PAPER = Paper(
    client=100,
    clinic=CLINIC,
    recipients=BOTH,
    out={"treatment": True, "response": True},
    back={"treatment": True, "history": True},
    sensitivities=frozenset(),
    purposes=frozenset({"coordination"}),
    signed=NOW - timedelta(days=1),
    until=NOW + timedelta(days=1),
)
PAPER_CHANGES = [
    {"client": 101},
    *each("recipients", [[], BOTH[:1], BOTH[1:], [(11, PRACTICE)]]),
    *each("out", [{}, {"treatment": False, "response": True}, {"response": False}]),
    *each("back", [{}, {"treatment": False}, {"history": False, "response": True}]),
    {"sensitivities": SENSITIVE},
    *each("purposes", [frozenset({"at_request"}), frozenset({"research"})]),
    *(change for n in ("signed", "until") for change in each(n, [None, *MOMENTS])),
    *(change for n in ("starts", "revoked", "since", "to") for change in each(n, MOMENTS)),
]
GOOD_THING = Thing(100, "treatment", frozenset(), CLINIC, NOW - timedelta(days=1))
THING_CHANGES = [
    {"client": 101},
    *each("category", ["response", "history", "risk"]),
    {"sensitivities": SENSITIVE},
    *each("author", [PRACTICE, PRACTICE, OTHER]),
    *each("when", MOMENTS),
]


def differing(good, changes):
    """`good`, with up to three of `changes`."""
    return st.lists(st.sampled_from(changes), max_size=3).map(
        lambda chosen: replace(good, **{k: v for change in chosen for k, v in change.items()})
    )


papers = differing(GOOD_PAPER, PAPER_CHANGES)
things = differing(GOOD_THING, THING_CHANGES)


def provisions_on(number: int, paper: Paper) -> list[Provision]:
    """A paper in the decision's terms: one provision for each recipient, direction and answer."""
    begins = max(filter(None, [paper.signed, paper.starts])) if paper.signed else None
    found = []
    for shared in (True, False):
        common = Provision(
            release=number,
            permits=shared,
            client=paper.client,
            discloser=paper.clinic,
            organization=0,
            person=None,
            categories=frozenset(c for c, yes in paper.out.items() if yes is shared),
            sensitivities=paper.sensitivities,
            purposes=paper.purposes,
            valid_from=begins,
            valid_until=paper.until,
            revoked_at=paper.revoked,
            service_from=paper.since,
            service_until=paper.to,
        )
        back = frozenset(c for c, yes in paper.back.items() if yes is shared)
        for person, place in paper.recipients:
            found.append(replace(common, organization=place, person=person))
            found.append(
                replace(common, discloser=place, organization=paper.clinic, categories=back)
            )
    return found


class Tally:
    """How the oracle answered, so that neither answer is rare."""

    yes = no = 0


@settings(max_examples=CASES, deadline=None, derandomize=True, database=None)
@given(st.lists(papers, max_size=3), things)
def _agree(desk: list[Paper], thing: Thing):
    provisions = [p for number, paper in enumerate(desk) for p in provisions_on(number, paper)]
    for who in PEOPLE:
        request = Request(
            person=who.person,
            role=who.role,
            organization=who.organization,
            client=thing.client,
            category=thing.category,
            sensitivities=thing.sensitivities,
            occurred_at=thing.when,
            author_organization=thing.author,
            purpose="coordination",
        )
        expected = may_read(who, thing, desk, NOW)
        assert decide(request, provisions, NOW).permitted is expected
        if thing.author != who.organization:
            Tally.yes, Tally.no = Tally.yes + expected, Tally.no + (not expected)


def test_the_decision_agrees_with_the_oracle_on_ten_thousand_cases():
    _agree()
    assert Tally.yes + Tally.no > 3 * CASES
    assert Tally.yes > CASES / 2
