"""The plan of an episode: who owns what, how it changes, and what goes with it."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from consent.enums import Category
from people.concurrency import ChangedMeanwhile
from referrals.enums import Collaboration
from reminders.actions.cancelling import cancel
from reminders.actions.telling import may_be_told
from reminders.enums import CancelReason, ReminderState
from reminders.models import Reminder
from sessions.actions.care import OWNERS, PLAN, change_plan
from sessions.actions.ending import end_episode
from sessions.models import CarePlan, EpisodeOfCare
from sessions.signals import plan_changed
from tests.builder import Builder
from tests.refusing import database_refuses
from tests.sessions.test_actions import DAY, HOUR, refused

C, S = Collaboration, ReminderState


def change(case: Builder, **changes) -> EpisodeOfCare:
    """The same plan with `changes`; the one that was read is the newest."""
    newest = case.episode.careplans.first()
    usual = {"by": case.cast.prescriber, "form_key": uuid4(), "reason": "He is away until May."}
    usual |= {"seen": newest.pk}
    mine = {name: changes.pop(name) for name in usual if name in changes}
    plan = {name: getattr(newest, name) for name in PLAN} | changes
    return change_plan(episode=case.episode, plan=plan, **{**usual, **mine})


def owned_by(preparer, integrator=None) -> dict:
    return dict(zip(OWNERS, (preparer, integrator or preparer), strict=True))


# ---------------------------------------------------------------- who owns what


@pytest.mark.parametrize(
    ("split", "preparer", "integrator", "wrong"),
    [
        (C.CLINIC_MEDICAL, "therapist", "therapist", []),
        (C.CLINIC_MEDICAL, "kaptherapist", "therapist", OWNERS[:1]),
        (C.CLINIC_MEDICAL, "therapist", "nurse", OWNERS[1:]),
        (C.CLINIC_FULL, "nurse", "kaptherapist", []),
        (C.CLINIC_FULL, "therapist", "kaptherapist", OWNERS[:1]),
        (C.CLINIC_FULL, "coordinator", "therapist", OWNERS),
        (C.SHARED, "therapist", "kaptherapist", []),
        (C.SHARED, "therapist", "therapist", []),
        (C.SHARED, "stranger", "colleague", OWNERS),
    ],
)
def test_owners_are_those_whom_the_split_names(
    case, accepted_referral, split, preparer, integrator, wrong
):
    owners = owned_by(getattr(case.cast, preparer), getattr(case.cast, integrator))
    if not wrong:
        assert case.open(collaboration=split, **owners).collaboration == split
        return
    with pytest.raises(ValidationError) as error:
        case.open(collaboration=split, **owners)
    assert set(error.value.message_dict) == set(wrong)
    forged = EpisodeOfCare(
        referral=accepted_referral,
        client=case.client,
        clinic=case.cast.clinic,
        treatment_model="pi",
        collaboration=split,
        expected_doses=6,
        opened_by=case.cast.prescriber,
        **owners,
    )
    database_refuses(forged.save)


def test_the_database_holds_the_split_when_it_changes(case, episode):
    rows = EpisodeOfCare.objects.filter(pk=episode.pk)
    database_refuses(lambda: rows.update(integration_owner=case.cast.kaptherapist))
    database_refuses(lambda: rows.update(collaboration=C.CLINIC_FULL))
    rows.update(collaboration=C.SHARED, integration_owner=case.cast.kaptherapist)


# ---------------------------------------------------------------- changing it


def test_a_prescriber_changes_the_plan_with_a_reason_and_it_is_kept(case, episode):
    kai = case.cast.kaptherapist
    changed = change(case, collaboration=C.CLINIC_FULL, treatment_model="kap", **owned_by(kai))
    assert (changed.preparation_owner, changed.treatment_model) == (kai, "kap")
    newest, first = CarePlan.objects.all()
    assert (newest.collaboration, newest.reason) == (C.CLINIC_FULL, "He is away until May.")
    assert (first.collaboration, first.integration_owner) == (C.CLINIC_MEDICAL, case.cast.therapist)
    assert AuditEvent.objects.filter(event="plan.set", detail={}).count() == 2
    with pytest.raises(ValidationError):
        change(case, reason="  ")
    refused("expected_doses", change, case, expected_doses=61)
    for name, user in case.cast.everybody().items():
        if name != "prescriber":
            with pytest.raises(PermissionDenied):
                change(case, by=user)


def test_one_form_changes_it_once_and_whoever_comes_second_is_told(case, episode):
    seen, key = episode.careplans.first().pk, uuid4()
    for _ in range(2):
        change(case, form_key=key, seen=seen, expected_doses=8)
    assert CarePlan.objects.count() == 2
    with pytest.raises(ChangedMeanwhile):
        change(case, seen=seen, expected_doses=4)
    episode.refresh_from_db()
    assert episode.expected_doses == 8


def test_after_the_end_nothing_is_planned(case, episode):
    end_episode(by=case.cast.prescriber, episode=episode, reason="done", ended_at=timezone.now())
    assert "has ended" in str(refused(None, change, case, expected_doses=3))


# ---------------------------------------------------------------- reminders go with it


def owners_of_reminders() -> dict[str, tuple]:
    rows = Reminder.objects.of_windows().select_related("dosing", "owner")
    return {f"{r.dosing.number} {r.kind}": (r.owner.name.split()[0], r.state) for r in rows}


def test_what_is_not_over_waits_for_the_new_owners(case, episode):
    kai, tess = case.cast.kaptherapist, case.cast.therapist
    case.give(hours_ago=60)  # its primary window is over
    case.plan(timezone.now() + 5 * DAY)
    Reminder.objects.of_windows().filter(kind="secondary").update(state=S.SENT)
    before = owners_of_reminders()
    change(case, collaboration=C.SHARED, **owned_by(tess, kai))
    assert owners_of_reminders() == {
        **before,
        "1 secondary": ("Kai", S.PENDING),
        "2 preparation": ("Tess", S.PENDING),
    }
    change(case, collaboration=C.CLINIC_FULL, **owned_by(kai))
    assert owners_of_reminders()["2 preparation"] == ("Kai", S.PENDING)
    assert owners_of_reminders()["1 primary"] == before["1 primary"]


def test_one_that_was_barred_may_be_told_to_the_new_owner(case, episode):
    case.give(hours_ago=3)
    cancel(Reminder.objects.of_windows().filter(kind="primary"), CancelReason.RELEASE_ENDED)
    change(case, collaboration=C.CLINIC_FULL, **owned_by(case.cast.kaptherapist))
    assert owners_of_reminders()["1 primary"] == ("Kai", S.PENDING)
    row = Reminder.objects.of_windows().get(kind="primary")
    assert (row.cancel_reason, row.lease) == ("", None)


def test_a_session_that_was_held_answers_for_the_new_owner_too(case, episode):
    kai = case.cast.kaptherapist
    case.give(hours_ago=30)
    case.log_session(timezone.now() - HOUR, by=kai)
    change(case, collaboration=C.CLINIC_FULL, **owned_by(kai))
    assert owners_of_reminders()["1 primary"] == ("Kai", S.DONE)
    assert owners_of_reminders()["1 secondary"] == ("Kai", S.PENDING)


def test_a_plan_whose_reminders_cannot_follow_does_not_change(case, episode):
    def fails(**kwargs):
        raise RuntimeError("cannot follow")

    plan_changed.connect(fails)
    try:
        with pytest.raises(RuntimeError):
            change(case, expected_doses=9)
    finally:
        plan_changed.disconnect(fails)
    episode.refresh_from_db()
    assert (episode.expected_doses, CarePlan.objects.count()) == (6, 1)


# ---------------------------------------------------------------- the pages


def posted_plan(cast, **changes) -> dict:
    both = dict.fromkeys(OWNERS, cast.therapist.pk)
    rest = {"treatment_model": "pi", "collaboration": "clinic_medical", "expected_doses": "6"}
    return {**rest, **both, **changes}


def test_opening_compares_the_models_and_groups_the_owners(cast, accepted_referral, signed_in):
    browser = signed_in(cast.prescriber)
    address = reverse("care:open", args=[accepted_referral.pk])
    page = browser.get(address).content.decode()
    for words in ("Deeper work is wanted", "Coordination", 'label="Harbor Lane Practice"'):
        assert words in page
    assert "Stella Stranger" not in page
    answer = browser.post(address, posted_plan(cast, integration_owner=cast.nurse.pk))
    page = answer.content.decode()
    assert "this is the referring therapist’s: Tess Therapist" in page
    assert f'value="{cast.nurse.pk}" selected' in page
    assert not EpisodeOfCare.objects.exists()


def test_the_plan_is_changed_on_its_page(cast, case, episode, signed_in):
    browser, address = signed_in(cast.prescriber), reverse("care:change_plan", args=[episode.pk])
    page = browser.get(address).content.decode()
    assert "The episode was opened." in page
    data = posted_plan(cast, collaboration="clinic_full", form_key=uuid4(), reason="Zqkept")
    seen = episode.careplans.first().pk
    answer = browser.post(address, {**data, "seen": seen})
    assert "choose somebody of the clinic" in answer.content.decode()
    assert "Zqkept" in answer.content.decode()
    data |= dict.fromkeys(OWNERS, cast.kaptherapist.pk)
    for _ in range(2):
        assert browser.post(address, {**data, "seen": seen}).status_code == 302
    assert CarePlan.objects.count() == 2
    stale = browser.post(address, {**data, "seen": seen, "form_key": uuid4()}).content.decode()
    assert "Somebody else changed this meanwhile." in stale
    assert f'name="seen" value="{CarePlan.objects.first().pk}"' in stale
    case_page = browser.get(reverse("care:case", args=[episode.pk])).content.decode()
    assert "Kai Kaptherapist prepares" in case_page
    assert address in case_page
    nurse = signed_in(cast.nurse).get(reverse("care:case", args=[episode.pk]))
    assert address not in nurse.content.decode()


def test_an_outside_owner_is_told_only_through_a_release(case, episode):
    """The split names the therapist; the release still decides what reaches them."""
    case.plan(timezone.now() + 2 * DAY)
    row = Reminder.objects.of_windows().get()
    assert not may_be_told(row, timezone.now())
    case.active(out_categories=[Category.SCHEDULE])
    assert may_be_told(row, timezone.now())
