"""The coordination plan: who proposes, who agrees, what comes into force, and what follows it."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from audit.models import AuditEvent
from consent.enums import Category
from people.concurrency import ChangedMeanwhile
from referrals.actions.team import add_to_case
from referrals.enums import Collaboration
from reminders.enums import ReminderState
from reminders.models import Reminder
from reminders.today import windows
from sessions.actions import coordination
from sessions.actions.care import change_plan
from sessions.coordination import (
    in_force,
    lines,
    minutes_to_acknowledge,
    standing,
    version_in_force,
)
from sessions.enums.coordination import Duty
from sessions.models import (
    CarePlan,
    CoordinationAnswer,
    CoordinationPlan,
    EpisodeOfCare,
)
from sessions.signals import coordination_agreed, coordination_proposed
from tests.refusing import database_refuses
from tests.sessions.coordinating import (
    BOTH_WAYS,
    agree,
    agreed,
    propose,
    session,
    shared,
)
from tests.sessions.test_actions import DAY, HOUR, refused

PROPOSERS = {"coordinator", "prescriber", "kaptherapist", "therapist"}
BEFORE, AFTER = Duty.PREPARATION, Duty.INTEGRATION
OWNERS = ("preparation_owner", "integration_owner")


def states(episode) -> list[str]:
    plans = CoordinationPlan.unscoped.filter(episode=episode)
    answers = list(CoordinationAnswer.unscoped.filter(plan__episode=episode))
    return [str(each.state) for each in standing(plans, answers)]


def reminded() -> dict[str, tuple]:
    rows = Reminder.objects.of_windows().select_related("dosing", "owner")
    return {f"{r.dosing.number} {r.kind}": (r.owner.name.split()[0], r.state) for r in rows}


# ---------------------------------------------------------------- proposing and agreeing


def minutes(episode) -> int:
    return minutes_to_acknowledge(episode.referral)


def test_who_proposes_and_who_agrees(case, episode):
    case.active(**BOTH_WAYS)
    for name, user in case.cast.everybody().items():
        if name in PROPOSERS:
            assert propose(case, by=user).author == user
        else:
            with pytest.raises(PermissionDenied):
                propose(case, by=user)
    plan = propose(case)
    for name, user in case.cast.everybody().items():
        if name not in PROPOSERS:
            with pytest.raises(PermissionDenied):
                agree(case, plan, by=user)
    assert episode.pk not in in_force([episode])
    assert in_force([agree(case, plan).episode]) == {episode.pk: plan.pk}
    events = AuditEvent.objects.filter(subject=f"care_sessions.coordinationplan:{plan.pk}")
    assert set(events.values_list("event", flat=True)) == {
        "coordination.proposed",
        "coordination.agreed",
        "coordination.in_force",
    }
    assert not events.exclude(client_id=case.client.pk).exists()


def test_once_for_each_form_and_each_side_and_others_hear_of_it(case, episode):
    case.active(**BOTH_WAYS)
    heard = []

    def hear(plan, by, **kwargs):
        heard.append((plan.pk, by.name))

    for signal in (coordination_proposed, coordination_agreed):
        signal.connect(hear)
    try:
        key = uuid4()
        first, again = (
            propose(case, form_key=key, seen=None),
            propose(case, form_key=key, seen=None),
        )
        assert first == again
        for _ in range(2):
            agree(case, first)
    finally:
        for signal in (coordination_proposed, coordination_agreed):
            signal.disconnect(hear)
    assert heard == [(first.pk, "Cora Coordinator"), (first.pk, "Tess Therapist")]
    assert CoordinationAnswer.unscoped.count() == 2


def test_a_counter_proposal_starts_from_what_it_answers_and_nothing_is_edited(case, episode):
    case.active(**BOTH_WAYS)
    first = propose(case)
    counter = propose(case, by=case.cast.therapist, talk_often="weekly")
    assert (counter.version, counter.starts_from) == (2, first)
    assert states(episode) == ["waiting", "replaced"]
    assert "later version" in str(refused(None, agree, case, first))
    agree(case, counter, by=case.cast.kaptherapist)
    assert states(episode) == ["in_force", "replaced"]
    third = propose(case, minutes_to_acknowledge=10)
    assert (states(episode)[:2], minutes(episode)) == (
        ["waiting", "in_force"],
        30,
    )
    agree(case, third)
    assert (states(episode)[:2], minutes(episode)) == (
        ["in_force", "replaced"],
        10,
    )


def test_minutes_are_thirty_until_a_plan_is_in_force(case, episode):
    assert minutes(episode) == 30
    propose(case, minutes_to_acknowledge=5)
    assert minutes(episode) == 30


def test_whoever_proposes_second_is_told_and_whoever_cannot_read_is_not(case, episode):
    release = case.active(**BOTH_WAYS)
    read = propose(case)
    propose(case, by=case.cast.therapist)
    with pytest.raises(ChangedMeanwhile):
        propose(case, seen=read.pk)
    case.revoke(release)  # of the therapist's answer the clinic knows nothing any more
    assert propose(case, seen=read.pk).version == 3


def test_only_the_side_that_proposed_withdraws_and_not_once_it_is_agreed(case, episode):
    case.active(**BOTH_WAYS)
    plan = propose(case)
    with pytest.raises(PermissionDenied):
        coordination.withdraw_plan(by=case.cast.therapist, plan=plan)
    for _ in range(2):
        coordination.withdraw_plan(by=case.cast.prescriber, plan=plan)
    assert states(episode) == ["withdrawn"]
    assert "withdrawn" in str(refused(None, agree, case, plan))
    done = agreed(case)
    refused(None, coordination.withdraw_plan, by=case.cast.coordinator, plan=done)


@pytest.mark.parametrize("name", ["safety_protocol", "escalation", "hospitalisation"])
def test_every_part_is_said_and_bounded(case, episode, name):
    for value in ("", "x" * 2001):
        refused(name, propose, case, **{name: value})
    row = propose(case)
    row.pk, row.form_key, row.version = None, uuid4(), 2
    setattr(row, name, "")
    database_refuses(row.save)


@pytest.mark.parametrize("minutes", [4, 241])
def test_minutes_lie_between_5_and_240(case, episode, minutes):
    refused("minutes_to_acknowledge", propose, case, minutes_to_acknowledge=minutes)
    row = propose(case)
    row.pk, row.form_key, row.version, row.minutes_to_acknowledge = None, uuid4(), 2, minutes
    database_refuses(row.save)


# ---------------------------------------------------------------- what a release opens


def test_without_a_release_the_clinic_records_who_said_so_and_when(case, episode):
    plan = propose(case)
    said = {"said_by": "Tess", "said_how": "phone", "said_at": timezone.now() - HOUR}
    record = coordination.record_spoken_agreement
    with pytest.raises(PermissionDenied):
        agree(case, plan)
    with pytest.raises(PermissionDenied):
        propose(case, by=case.cast.therapist)
    for name in set(case.cast.everybody()) - (PROPOSERS - {"therapist"}):
        with pytest.raises(PermissionDenied):
            record(by=getattr(case.cast, name), plan=plan, **said)
    by = {"by": case.cast.coordinator, "plan": plan}
    refused("said_at", record, **by, **{**said, "said_at": timezone.now() + HOUR})
    refused("said_by", record, **by, **{**said, "said_by": " "})
    for _ in range(2):
        record(**by, **said)
    answer = CoordinationAnswer.unscoped.get(plan=plan, side="practice")
    assert (answer.said_by, answer.author) == ("Tess", case.cast.coordinator)
    assert states(episode) == ["in_force"]


def test_where_they_can_answer_here_nobody_answers_for_them(case, episode):
    case.active(**BOTH_WAYS)
    said = {"said_by": "Tess", "said_how": "paper", "said_at": timezone.now()}
    by = {"by": case.cast.coordinator, "plan": propose(case)}
    refused(None, coordination.record_spoken_agreement, **by, **said)


@pytest.mark.parametrize("shut", ["out_categories", "in_categories"])
def test_a_release_in_one_direction_is_not_enough(case, episode, shut):
    case.active(**{**BOTH_WAYS, shut: [Category.OUTCOMES]})
    for act in (lambda: agree(case, propose(case)), lambda: propose(case, by=case.cast.therapist)):
        with pytest.raises(PermissionDenied):
            act()


# ---------------------------------------------------------------- owners


@pytest.mark.parametrize(
    ("split", "preparer", "wrong"),
    [
        (Collaboration.CLINIC_MEDICAL, "kaptherapist", OWNERS[:1]),
        (Collaboration.CLINIC_FULL, "kaptherapist", OWNERS[1:]),
        (Collaboration.SHARED, "stranger", OWNERS[:1]),
    ],
)
def test_owners_fit_the_split(case, episode, split, preparer, wrong):
    owners = dict(zip(OWNERS, (getattr(case.cast, preparer), case.cast.therapist), strict=True))
    with pytest.raises(ValidationError) as error:
        propose(case, collaboration=split, **owners)
    assert tuple(error.value.message_dict) == wrong


def test_sessions_are_divided_among_those_on_the_case_and_only_where_work_is_shared(case, episode):
    cast = case.cast
    one = [session(1, AFTER, cast.kaptherapist)]
    assert not propose(case, sessions=one).duties.exists()  # not shared: nothing is divided
    for name in ("stranger", "coordinator", "colleague", "physician"):
        with pytest.raises(ValidationError):
            propose(case, content=shared(cast), sessions=[session(1, AFTER, getattr(cast, name))])
    by = {"by": cast.therapist, "permissions": ("view_case", "contribute_case")}
    add_to_case(referral=case.referral, user=cast.colleague, **by)
    divided = [*one, session(2, BEFORE, cast.colleague)]
    assert propose(case, content=shared(cast), sessions=divided).duties.count() == 2


def test_a_plan_in_force_drives_the_episode_through_its_own_plan(case, episode):
    case.active(**BOTH_WAYS)
    kai = case.cast.kaptherapist
    owners = dict.fromkeys(OWNERS, kai)
    plan = propose(case, collaboration=Collaboration.CLINIC_FULL, **owners)
    episode.refresh_from_db()
    assert episode.integration_owner == case.cast.therapist
    case.plan(timezone.now() + 5 * DAY)
    agree(case, plan)
    episode.refresh_from_db()
    assert (episode.collaboration, episode.preparation_owner) == ("clinic_full", kai)
    assert CarePlan.objects.first().reason == "As agreed in the coordination plan."
    assert reminded() == {"1 preparation": ("Kai", ReminderState.PENDING)}


def test_each_session_is_reminded_to_whom_the_plan_names(case, episode):
    """The plan for that dose first, then the episode; what is over stays as it was."""
    case.active(**BOTH_WAYS)
    cast = case.cast
    case.give(hours_ago=60)
    before = reminded()
    divided = [session(1, AFTER, cast.kaptherapist), session(2, BEFORE, cast.nurse)]
    agreed(case, content=shared(cast), sessions=divided)
    case.plan(timezone.now() + 5 * DAY)
    assert reminded() == {
        **before,
        "1 secondary": ("Kai", ReminderState.PENDING),
        "2 preparation": ("Nora", ReminderState.PENDING),
    }
    agreed(case, content=shared(cast), sessions=divided[:1])  # dose 2 is the owner's again
    assert reminded()["2 preparation"] == ("Tess", ReminderState.PENDING)
    plan = {name: getattr(case.episode.careplans.first(), name) for name in coordination.OWNERS}
    kai = dict.fromkeys(plan, cast.kaptherapist)
    newest = case.episode.careplans.first()
    terms = {"treatment_model": "pi", "collaboration": "clinic_full", "expected_doses": 6, **kai}
    said = {"reason": "the clinic takes over", "form_key": uuid4(), "seen": newest.pk}
    change_plan(by=cast.prescriber, episode=case.episode, plan=terms, **said)
    assert reminded()["1 secondary"][0] == "Kai"
    assert EpisodeOfCare.objects.get(pk=episode.pk).dose_owners == {}  # it is shared no more


def test_the_day_shows_whose_window_it_is(case, episode):
    case.active(**BOTH_WAYS)
    case.give(hours_ago=30)
    agreed(case, content=shared(case.cast), sessions=[session(1, AFTER, case.cast.kaptherapist)])
    closing = windows(case.cast.nurse, timezone.now()).closing
    assert [each.owner for each in closing] == [case.cast.kaptherapist]


# ---------------------------------------------------------------- what differs, and the database


def test_what_differs_from_the_one_before_is_told(case, episode):
    first, second = propose(case), propose(case, talk_often="weekly")
    told = {line.label: line.before for line in lines(second, first)}
    assert told.pop("How often we talk") == "After each dose"
    assert set(told.values()) == {None}
    assert version_in_force([]) is None
