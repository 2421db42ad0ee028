"""The end of treatment: once, for a reason, and with everything that hangs on it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from consent.enums import Ending, ReleaseState
from consent.models import Release
from people.formats import moment
from referrals.enums import ReferralState
from referrals.models import Referral
from reminders.models import Reminder
from sessions.actions.discharge import discharge
from sessions.actions.ending import end_episode
from sessions.actions.giving import give_dose
from sessions.enums import DischargeCheck
from sessions.models import CareEvent, DosingSession, EpisodeOfCare
from tests import triggers
from tests.builder import Builder

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REASON = "All planned doses were given"
UNTIL_THE_END = {"until": None, "ending": Ending.END_OF_TREATMENT}


def end(case: Builder, **changes) -> EpisodeOfCare:
    usual = {"by": case.cast.prescriber, "reason": REASON, "ended_at": timezone.now()}
    return end_episode(**{**usual, "episode": case.episode, **changes})


def state_of(release: Release) -> ReleaseState:
    return Release.objects.get(pk=release.pk).state(timezone.now() + timedelta(seconds=1))


# ---------------------------------------------------------------- what follows


def test_the_episode_and_its_referral_are_over(case, episode):
    ended = end(case)
    assert (ended.ended_by, ended.ended_reason) == (case.cast.prescriber, REASON)
    assert Referral.objects.get().state == ReferralState.COMPLETED


def test_planned_doses_are_cancelled_with_their_reminders(case, episode):
    case.active()
    planned = case.plan(timezone.now() + 2 * DAY)
    end(case)
    planned.refresh_from_db()
    assert planned.cancelled_at
    assert CareEvent.unscoped.get(dosing=planned).kind == "dose_cancelled"
    assert set(Reminder.objects.of_windows().values_list("state", flat=True)) == {"cancelled"}


def test_the_windows_of_a_dose_that_was_given_stay(case, episode):
    case.active()
    case.give(hours_ago=5)
    end(case)
    waiting = (
        Reminder.objects.of_windows().exclude(kind="preparation").values_list("state", flat=True)
    )
    assert list(waiting) == ["pending", "pending"]


def test_releases_until_the_end_of_treatment_are_over_and_others_stand(case, episode):
    ending, dated = case.active(**UNTIL_THE_END), case.active()
    case.give(hours_ago=5)
    end(case)
    assert state_of(ending) == ReleaseState.EXPIRED
    assert state_of(dated) == ReleaseState.ACTIVE


def test_with_its_only_release_the_reminders_of_the_outside_owner_go(case, episode):
    case.active(**UNTIL_THE_END)
    case.give(hours_ago=5)
    end(case)
    reasons = set(Reminder.objects.of_windows().values_list("state", "cancel_reason"))
    assert ("cancelled", "release_ended") in reasons
    assert not Reminder.objects.of_windows().filter(state="pending").exists()


def test_another_open_episode_at_the_clinic_keeps_the_releases(case, episode):
    release = case.active(**UNTIL_THE_END)
    other = Builder(case.cast)
    other.begin_care()
    with triggers.disabled("care_sessions_episodeofcare"):
        EpisodeOfCare.objects.filter(pk=other.episode.pk).update(client=case.client)
    end(case)
    assert state_of(release) == ReleaseState.ACTIVE
    other.episode.refresh_from_db()
    end(other)
    assert state_of(release) == ReleaseState.EXPIRED


def test_ending_it_again_changes_nothing(case, episode):
    first = end(case)
    again = end(case, reason="Another reason", ended_at=timezone.now())
    assert (again.ended_at, again.ended_reason) == (first.ended_at, REASON)


# ---------------------------------------------------------------- what is refused


def test_only_a_prescriber_of_the_clinic_ends_it(case, episode):
    for name, user in case.cast.everybody().items():
        if name == "prescriber":
            continue
        with pytest.raises(PermissionDenied):
            end(case, by=user)
    assert Referral.objects.get().state == ReferralState.IN_PROGRESS
    end(case)
    with pytest.raises(PermissionDenied):
        end(case, by=case.cast.nurse)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("reason", {"reason": " "}),
        ("ended_at", {"ended_at": timezone.now() + 400 * DAY}),
        ("ended_at", {"ended_at": timezone.now() - 400 * DAY}),
        ("ended_reason", {"reason": "x" * 201}),
    ],
)
def test_an_impossible_end_is_refused_beside_its_field(case, episode, field, changes):
    case.give(hours_ago=5)
    with pytest.raises(ValidationError) as error:
        end(case, **changes)
    assert set(error.value.message_dict) == {field}
    assert EpisodeOfCare.objects.get().ended_at is None


def test_not_while_the_client_is_still_here(case, episode):
    planned = case.plan(timezone.now() - HOUR)
    given = {"order": case.make_ready(planned), "given_at": timezone.now() - HOUR}
    dosing = give_dose(by=case.cast.nurse, dosing=planned, **given)
    with pytest.raises(ValidationError, match="has not left yet"):
        end(case)
    discharge(
        by=case.cast.nurse,
        dosing=dosing,
        discharged_at=timezone.now() - HOUR / 2,
        mental_status="clear",
        escort="sister",
        checks=DischargeCheck.values,
        despite="she insists",
    )
    assert end(case).ended_at


def test_there_are_no_doses_afterwards(case, episode):
    end(case)
    with pytest.raises(ValidationError, match="Treatment has ended"):
        case.plan(timezone.now() + DAY)
    with pytest.raises(IntegrityError, match="treatment has ended"), transaction.atomic():
        DosingSession.objects.create(
            form_key=uuid4(),
            episode=case.episode,
            number=9,
            planned_at=timezone.now(),
            planned_by=case.cast.prescriber,
        )


def test_the_database_keeps_the_end_whole_and_as_it_was(case, episode):
    rows = EpisodeOfCare.objects.filter(pk=case.episode.pk)
    for changes in ({"ended_at": timezone.now()}, {"ended_reason": REASON}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**changes)
    end(case)
    gone = {"ended_at": None, "ended_by": None, "ended_reason": ""}
    for changes in (gone, {"ended_reason": "Another"}, {"ended_at": timezone.now() - DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**changes)


# ---------------------------------------------------------------- the page


@pytest.fixture
def browser(case, episode, signed_in):
    return signed_in(case.cast.prescriber)


def page(case, name="end_episode") -> str:
    return reverse(f"care:{name}", args=[case.episode.pk])


def test_the_page_says_what_follows_and_a_look_changes_nothing(case, browser):
    case.active(**UNTIL_THE_END)
    planned = case.plan(timezone.now() + 2 * DAY)
    assert page(case) in browser.get(page(case, "case")).content.decode()
    shown = browser.get(page(case)).content.decode()
    assert moment(planned.planned_at) in shown
    assert "1 ends with treatment" in shown
    assert EpisodeOfCare.objects.get().ended_at is None


def test_ending_it_by_the_page(case, browser):
    sent = {"reason": REASON, "ended_at": moment(timezone.localtime())}
    answer = browser.post(page(case), sent, follow=True)
    assert EpisodeOfCare.objects.get().ended_reason == REASON
    shown = answer.content.decode()
    assert "Treatment ended" in shown
    assert REASON in shown
    assert reverse("care:plan_dose", args=[case.episode.pk]) not in shown
    assert browser.get(page(case)).url == page(case, "case")
    assert browser.post(page(case), sent).url == page(case, "case")


def test_what_is_wrong_stands_beside_its_field(case, browser):
    answer = browser.post(page(case), {"reason": "", "ended_at": "yesterday"})
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"reason", "ended_at"}
    assert EpisodeOfCare.objects.get().ended_at is None


@pytest.mark.parametrize("name", ["nurse", "coordinator", "kaptherapist", "therapist", "stranger"])
def test_there_is_no_such_page_for_others(case, episode, signed_in, name):
    other = signed_in(getattr(case.cast, name))
    assert other.get(page(case)).status_code == 404
    assert other.post(page(case), {"reason": REASON}).status_code == 404
    if name in ("nurse", "coordinator", "kaptherapist"):
        assert page(case) not in other.get(page(case, "case")).content.decode()


def test_the_therapist_learns_of_it_where_a_release_opens_it(case, episode, signed_in):
    browser = signed_in(case.cast.therapist)
    case.active(out_categories=["schedule", "readiness"])
    end(case)
    assert "Treatment ended" in browser.get(reverse("reminders:worklist")).content.decode()


def test_without_a_release_they_do_not(case, episode, signed_in):
    browser = signed_in(case.cast.therapist)
    end(case)
    assert "Treatment ended" not in browser.get(reverse("reminders:worklist")).content.decode()
