"""decide() and an oracle that knows only the words of the domain, on ten thousand cases."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from consent.decision import Provision, Request, decide
from tests.consent.oracle import (
    IN_A_MEDICAL_EMERGENCY,
    UNDER_THREAT,
    Call,
    Named,
    Paper,
    Someone,
    Thing,
    may_read,
)
from tests.factories import utc
from tests.selection import POSTGRES

NOW = utc(2026, 7, 14, 9, 20)
TICK = timedelta(microseconds=1)
CLINIC, PRACTICE, OTHER = 1, 2, 3
# No database is asked: the second run, on the other engine, is a short one.
CASES = 500 if POSTGRES else 10_000
MOMENTS = [NOW, NOW - TICK, NOW + TICK, NOW - timedelta(days=2), NOW + timedelta(days=2)]
PEOPLE = [
    Someone(10, "therapist", PRACTICE),
    Someone(11, "physician", PRACTICE),
    Someone(12, "therapist", OTHER),
    *(Someone(20, role, CLINIC) for role in ("prescriber", "coordinator", "administrator")),
    Someone(0, "contact", 0, contact=5),
]
SENSITIVE = frozenset({"substance_use"})
THERAPIST, STRANGER = Named(PRACTICE, 10), Named(OTHER, 12)
BOTH = [THERAPIST, STRANGER]


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
    *each("recipients", [[], BOTH[:1], BOTH[1:], [Named(PRACTICE, 11)], [Named(contact=5)]]),
    *each("recipients", [[Named(PRACTICE, role=r)] for r in ("therapist", "physician")]),
    *each("recipients", [[replace(THERAPIST, withdrawn=m), STRANGER] for m in MOMENTS]),
    *each("out", [{}, {"treatment": False, "response": True}, {"response": False}]),
    *each("back", [{}, {"treatment": False}, {"history": False, "response": True}]),
    {"sensitivities": SENSITIVE},
    *each("purposes", [frozenset({"at_request"}), frozenset({"research"})]),
    *(change for n in ("signed", "until") for change in each(n, [None, *MOMENTS])),
    *(
        change
        for n in ("starts", "revoked", "event", "replaced", "since", "to")
        for change in each(n, MOMENTS)
    ),
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


GOOD_CALL = Call(10, PRACTICE, CLINIC, 100, True, NOW - timedelta(minutes=5))
HOUR = timedelta(hours=1)
CALL_CHANGES = [
    *each("person", [11, 20]),
    *each("organization", [CLINIC, OTHER]),
    {"clinic": OTHER},
    {"client": 101},
    {"medical": False},
    *each("opened", [NOW, NOW + TICK, NOW - HOUR, NOW - HOUR + TICK]),
    *each("closed", [NOW, NOW + TICK]),
    {"person": 20, "organization": CLINIC},
]
papers = differing(GOOD_PAPER, PAPER_CHANGES)
calls = differing(GOOD_CALL, CALL_CHANGES)
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
            signed_at=paper.signed,
            valid_from=begins,
            valid_until=min(filter(None, [paper.until, paper.event]), default=None),
            superseded_at=paper.replaced,
            service_from=paper.since,
            service_until=paper.to,
        )
        back = frozenset(c for c, yes in paper.back.items() if yes is shared)
        for named in paper.recipients:
            ends = min(filter(None, [paper.revoked, named.withdrawn]), default=None)
            common = replace(common, revoked_at=ends)
            found.append(
                replace(
                    common,
                    organization=named.organization,
                    person=0 if named.contact else named.person,
                    role=named.role,
                    contact=named.contact,
                )
            )
            place = named.organization or None
            if place:
                found.append(
                    replace(common, discloser=place, organization=paper.clinic, categories=back)
                )
    return found


def provision_on(number: int, call: Call) -> Provision:
    """A call in the decision's terms."""
    opened = IN_A_MEDICAL_EMERGENCY if call.medical else UNDER_THREAT
    return Provision(
        release=None,
        permits=True,
        client=call.client,
        discloser=None if call.organization == call.clinic else call.clinic,
        organization=call.organization,
        person=call.person,
        categories=frozenset(opened),
        emergency=number,
        sensitivities=SENSITIVE if call.medical else frozenset(),
        purposes=frozenset({"coordination"}),
        valid_from=call.opened,
        valid_until=min(filter(None, [call.opened + HOUR, call.closed])),
    )


class Tally:
    """How the oracle answered, so that neither answer is rare."""

    yes = no = 0


@settings(max_examples=CASES, deadline=None, derandomize=True, database=None)
@given(st.lists(papers, max_size=3), st.lists(calls, max_size=1), things)
def _agree(desk: list[Paper], rung: list[Call], thing: Thing):
    provisions = [p for number, paper in enumerate(desk) for p in provisions_on(number, paper)]
    provisions += [provision_on(number, call) for number, call in enumerate(rung)]
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
            contact=who.contact,
        )
        expected = may_read(who, thing, desk, NOW, tuple(rung))
        assert decide(request, provisions, NOW).permitted is expected
        if thing.author != who.organization:
            Tally.yes, Tally.no = Tally.yes + expected, Tally.no + (not expected)


def test_the_decision_agrees_with_the_oracle_on_ten_thousand_cases():
    _agree()
    assert Tally.yes + Tally.no > 3 * CASES
    assert Tally.yes > CASES / 2
