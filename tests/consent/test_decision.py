"""decide(): each rule alone, and every boundary by the microsecond."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from consent.decision import Provision, Reason, Request, decide
from people.enums import CLINICAL_ROLES, Role
from tests.factories import utc

NOW = utc(2026, 7, 14, 9, 20)
TICK = timedelta(microseconds=1)
CLINIC, PRACTICE, OTHER = 1, 2, 3

REQUEST = Request(
    person=10,
    role="therapist",
    organization=PRACTICE,
    client=100,
    category="treatment",
    sensitivities=frozenset(),
    occurred_at=NOW - timedelta(days=3),
    author_organization=CLINIC,
    purpose="coordination",
)
PROVISION = Provision(
    release=7,
    permits=True,
    client=100,
    discloser=CLINIC,
    organization=PRACTICE,
    person=10,
    categories=frozenset({"treatment", "response"}),
    purposes=frozenset({"coordination"}),
    signed_at=NOW - timedelta(days=1),
    valid_from=NOW - timedelta(days=1),
    valid_until=NOW + timedelta(days=1),
)


def reason(provisions=(PROVISION,), at=NOW, **asked) -> Reason:
    decision = decide(replace(REQUEST, **asked), provisions, at)
    assert decision.permitted == (decision.reason in {Reason.OWN_RECORD, Reason.RELEASED})
    return decision.reason


def changed(**fields) -> list[Provision]:
    return [replace(PROVISION, **fields)]


def test_without_a_release_nothing_crosses():
    assert reason([]) is Reason.NO_RELEASE


def test_a_permit_says_which_release_it_rests_on():
    decision = decide(REQUEST, [PROVISION], NOW)
    assert (decision.permitted, decision.reason, decision.release) == (True, Reason.RELEASED, 7)


def test_a_refusal_says_which_release_it_met():
    assert decide(REQUEST, changed(categories=frozenset()), NOW).release == 7


@pytest.mark.parametrize(
    "other", [{"client": 101}, {"discloser": OTHER}, {"organization": OTHER}, {"person": 11}]
)
def test_a_release_that_names_another_says_nothing(other):
    assert reason(changed(**other)) is Reason.NO_RELEASE


def test_a_provision_for_an_organisation_serves_everybody_there():
    assert reason(changed(person=None), person=999) is Reason.RELEASED


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"valid_from": None}, Reason.UNSIGNED),
        ({"valid_until": None}, Reason.RELEASED),
        ({"categories": frozenset({"response"})}, Reason.CATEGORY),
        ({"purposes": frozenset()}, Reason.PURPOSE),
        ({"purposes": frozenset({"research"})}, Reason.PURPOSE),
        ({"purposes": frozenset({"at_request"})}, Reason.RELEASED),
    ],
)
def test_each_part_of_a_release_counts(fields, why):
    assert reason(changed(**fields)) is why


def test_specially_protected_content_needs_its_name_beside_the_category():
    protected = frozenset({"substance_use"})
    assert reason(sensitivities=protected) is Reason.SENSITIVITY
    assert reason(changed(sensitivities=protected), sensitivities=protected) is Reason.RELEASED
    assert reason(changed(sensitivities=protected)) is Reason.RELEASED


@pytest.mark.parametrize(
    ("field", "before", "from_then_on"),
    [
        ("valid_from", Reason.NOT_YET, Reason.RELEASED),
        ("valid_until", Reason.RELEASED, Reason.EXPIRED),
        ("revoked_at", Reason.RELEASED, Reason.REVOKED),
        ("superseded_at", Reason.RELEASED, Reason.SUPERSEDED),
    ],
)
def test_the_moment_itself_belongs_to_what_follows(field, before, from_then_on):
    def at(moment):
        return reason(changed(**{field: NOW}), at=moment)

    assert [at(NOW - TICK), at(NOW), at(NOW + TICK)] == [before, from_then_on, from_then_on]


@pytest.mark.parametrize(
    ("field", "before", "from_then_on"),
    [
        ("service_from", Reason.PERIOD, Reason.RELEASED),
        ("service_until", Reason.RELEASED, Reason.PERIOD),
    ],
)
def test_the_service_period_is_half_open(field, before, from_then_on):
    edge = REQUEST.occurred_at

    def happened(moment):
        return reason(changed(**{field: edge}), occurred_at=moment)

    assert [happened(edge - TICK), happened(edge), happened(edge + TICK)] == [
        before,
        from_then_on,
        from_then_on,
    ]


def test_a_release_that_is_revoked_before_it_begins_never_counts():
    never = changed(valid_from=NOW, revoked_at=NOW - timedelta(hours=1))
    assert reason(never, at=NOW) is Reason.REVOKED


DENIAL = replace(PROVISION, release=8, permits=False, categories=frozenset({"treatment"}))


@pytest.mark.parametrize("order", [1, -1])
def test_a_denial_beats_a_permit_in_any_order(order):
    both = [PROVISION, DENIAL][::order]
    decision = decide(REQUEST, both, NOW)
    assert (decision.reason, decision.release) == (Reason.DECLINED, 8)
    assert reason(both, category="response") is Reason.RELEASED


ENDS = [{"valid_until": NOW}, {"revoked_at": NOW}, {"superseded_at": NOW}]


@pytest.mark.parametrize("ended", [*ENDS, {"valid_from": NOW + TICK}, {"valid_from": None}])
def test_a_denial_takes_nothing_from_what_was_signed_after_it_ended(ended):
    earlier = replace(DENIAL, signed_at=PROVISION.signed_at - TICK, **ended)
    assert reason([PROVISION, earlier]) is Reason.RELEASED


@pytest.mark.parametrize("ended", [*ENDS, {"valid_from": NOW + TICK}])
def test_ending_a_release_opens_nothing_that_it_had_closed(ended):
    later = replace(DENIAL, signed_at=PROVISION.signed_at + TICK, **ended)
    assert reason([PROVISION, later]) is Reason.DECLINED


def test_a_denial_that_nobody_signed_closes_nothing():
    unsigned = replace(DENIAL, signed_at=None, valid_from=None)
    assert reason([PROVISION, unsigned]) is Reason.RELEASED


def test_a_role_stands_for_whoever_holds_it_there():
    named = changed(person=None, role="physician")
    assert reason(named, person=999, role="physician") is Reason.RELEASED
    assert reason(named, person=999) is Reason.NO_RELEASE
    assert reason(named, role="physician", organization=OTHER) is Reason.NO_RELEASE


def test_an_outside_contact_is_nobody_else():
    named = changed(person=0, organization=0, contact=5)
    assert reason(named, person=0, organization=0, role="contact", contact=5) is Reason.RELEASED
    assert reason(named, person=0, organization=0, role="contact", contact=6) is Reason.NO_RELEASE
    assert reason(named) is Reason.NO_RELEASE
    assert reason(person=0, organization=0, role="contact", contact=5) is Reason.NO_RELEASE


@pytest.mark.parametrize("other", [{"person": 11}, {"client": 101}, {"organization": OTHER}])
def test_a_denial_to_another_takes_nothing_away(other):
    assert reason([PROVISION, replace(DENIAL, **other)]) is Reason.RELEASED


def test_one_release_in_force_is_enough_beside_many_that_are_not():
    over = replace(PROVISION, release=9, valid_until=NOW)
    assert decide(REQUEST, [over, PROVISION, over], NOW).release == 7


@pytest.mark.parametrize("role", sorted(CLINICAL_ROLES))
def test_an_organisation_reads_what_it_wrote(role):
    assert reason([], role=role, author_organization=PRACTICE) is Reason.OWN_RECORD


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, "", "superuser", "Therapist"])
def test_other_roles_read_nothing_even_of_their_own(role):
    assert reason(role=role) is Reason.ROLE
    assert reason([], role=role, author_organization=PRACTICE) is Reason.ROLE


def test_a_denial_does_not_take_away_ones_own_record():
    own = replace(DENIAL, discloser=PRACTICE)
    assert reason([own], author_organization=PRACTICE) is Reason.OWN_RECORD


def test_whether_somebody_is_a_superuser_cannot_even_be_asked():
    fields = set(Request.__dataclass_fields__) | set(Provision.__dataclass_fields__)
    assert not [name for name in fields if "superuser" in name or "staff" in name]


def test_clock_moments_are_aware():
    with pytest.raises(TypeError):
        decide(REQUEST, [PROVISION], datetime(2026, 7, 14))  # noqa: DTZ001
