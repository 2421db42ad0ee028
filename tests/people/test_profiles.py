"""A clinic's profile: who writes it, what it needs, and that a version stays; on both engines."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import AuditEvent
from people.concurrency import ChangedMeanwhile
from people.credentials.actions import enter_in_error
from people.enums import OrganizationKind, Role
from people.models import ClinicProfile, ProfileDraft, Training
from people.profiles.actions import discard_draft, publish, save_draft
from people.profiles.questions import NAMES, QUESTIONS, day_words, mask_of, missing
from people.profiles.reading import described, history
from people.training import TrainingKind
from referrals.models import Referral
from tests.factories import make_organization, make_user
from tests.people.credentials import in_days, licence, make_current
from tests.people.profiles import publish_profile, save, whole
from tests.refusing import database_refuses


def publishing(by, clinic, version, key=None):
    return publish(by=by, clinic=clinic, form_key=key or uuid4(), version=version)


# ---------------------------------------------------------------- who may, and what it needs
def test_an_administrator_or_prescriber_of_the_clinic_writes_and_nobody_else(cast):
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    strangers = [make_user(f"Ed {r}", r, elsewhere) for r in (Role.ADMINISTRATOR, Role.PRESCRIBER)]
    draft = save(cast.administrator)
    for by in [*cast.everybody().values(), *strangers]:
        if by in (cast.administrator, cast.prescriber):
            draft = save(by, phone=f"555 0{by.pk}")
            assert publishing(by, cast.clinic, draft.version).published_by == by
            continue
        args = {"by": by, "clinic": cast.clinic, "version": draft.version}
        for write in (
            lambda args=args: save_draft(**args, content=whole()),
            lambda args=args: publish(**args, form_key=uuid4()),
            lambda args=args: discard_draft(**args),
        ):
            with pytest.raises(PermissionDenied):
                write()


def test_every_answer_is_needed_to_publish_and_none_to_save(administrator, clinic):
    with pytest.raises(ValidationError, match="Write the profile first"):
        publishing(administrator, clinic, 0)
    for name in NAMES:
        draft = save(administrator, **{name: None})
        with pytest.raises(ValidationError) as refusal:
            publishing(administrator, clinic, draft.version)
        assert refusal.value.messages == [missing(whole(**{name: None}))[name]]
    assert not ClinicProfile.objects.exists()


def test_a_clinic_that_takes_nobody_says_no_wait(administrator):
    published = publish_profile(administrator, takes_referrals=False)
    assert (published.takes_referrals, published.wait_weeks) == (False, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, value) for name in ("reply_days", "answer_days") for value in (0, 128)),
        ("reply_days", 11),
        ("wait_weeks", 105),
        ("answers_until", "08:30"),
        ("phone", "5" * 41),
        ("aftercare", "x" * 3001),
        ("dosing", "a\x00b"),
    ],
)
def test_what_is_out_of_bounds_is_not_even_kept_as_a_draft(administrator, name, value):
    with pytest.raises(ValidationError) as refusal:
        save(administrator, **{name: value})
    assert list(refusal.value.message_dict) == [name]


# ---------------------------------------------------------------- once, and in turn
def test_the_same_form_publishes_once_and_the_same_words_make_no_version(administrator, clinic):
    key, draft = uuid4(), save(administrator)
    first = publishing(administrator, clinic, draft.version, key)
    save(administrator, phone="555 0777")
    assert publishing(administrator, clinic, draft.version, key) == first
    save(administrator)
    assert publish_profile(administrator) == first
    assert ClinicProfile.objects.get() == first
    second = make_organization("Second Clinic", OrganizationKind.CLINIC)
    other = make_user("Ed Elsewhere", Role.PRESCRIBER, second)
    with pytest.raises(ValidationError, match="used already"):
        publishing(other, second, save(other).version, key)


def test_whoever_saves_second_is_told_and_publishes_nothing_unread(cast):
    draft = save(cast.administrator)
    again = {"by": cast.prescriber, "clinic": cast.clinic, "version": 0}
    assert save_draft(**again, content=whole()).version == draft.version  # the same words
    with pytest.raises(ChangedMeanwhile):
        save_draft(**again, content=whole(phone="555 0999"))
    save(cast.prescriber, phone="555 0666")
    for write in (
        lambda: publishing(cast.administrator, cast.clinic, draft.version),
        lambda: discard_draft(by=cast.administrator, clinic=cast.clinic, version=draft.version),
    ):
        with pytest.raises(ValidationError, match="other words meanwhile"):
            write()


def test_discarding_goes_back_to_what_is_published(administrator, clinic):
    published = publish_profile(administrator)
    for _ in range(2):
        draft = save(administrator, phone="555 0777")
        discard_draft(by=administrator, clinic=clinic, version=draft.version)
        assert ProfileDraft.objects.get().content == whole()
    assert publish_profile(administrator) == published


def test_what_happened_is_recorded_without_a_word_of_it(administrator, clinic):
    published = publish_profile(administrator)
    draft = save(administrator, phone="555 0777")
    discard_draft(by=administrator, clinic=clinic, version=draft.version)
    events = AuditEvent.objects.filter(event__startswith="profile.").order_by("pk")
    assert [(e.event, e.actor_id, e.detail) for e in events] == [
        ("profile.saved", administrator.pk, {"version": 1}),
        ("profile.published", administrator.pk, {"version": 1}),
        ("profile.saved", administrator.pk, {"version": 2}),
        ("profile.discarded", administrator.pk, {"version": 3}),
    ]
    assert events[1].subject == f"people.clinicprofile:{published.pk}"


# ---------------------------------------------------------------- in the database itself
def test_a_version_is_whole_in_turn_and_by_whoever_answers_for_it(cast):
    row = publish_profile(cast.administrator)

    def write(**changes):
        row.pk, row.form_key, row.version = None, uuid4(), 2
        before = {name: getattr(row, name) for name in changes}
        for name, value in changes.items():
            setattr(row, name, value)
        database_refuses(lambda: row.save(force_insert=True))
        for name, value in before.items():
            setattr(row, name, value)

    for name in QUESTIONS:
        write(**{name: ""})
        write(**{name: "x" * 3001})
    write(phone="")
    for wrong in (0, 11, None):
        write(reply_days=wrong)
    for wrong in (0, 128, None):
        write(answer_days=wrong)
    for wrong in (None, 105):
        write(wait_weeks=wrong)
    write(takes_referrals=False)
    write(answers_until=time(8, 30))
    for version in (1, 3):
        write(version=version)
    for somebody in (cast.nurse, cast.coordinator, cast.therapist):
        write(published_by=somebody)
    write(organization=cast.practice)
    row.pk, row.form_key, row.version = None, uuid4(), 2
    row.save(force_insert=True)  # nothing else was wrong with it


# ---------------------------------------------------------------- reading
def test_the_newest_counts_and_the_history_says_what_changed(cast):
    publish_profile(cast.administrator, wait_weeks=5)
    newest = publish_profile(cast.prescriber, wait_weeks=0, aftercare="We call.")
    [each] = described([cast.clinic])
    assert each.profile == newest
    assert each.facts["New referrals"] == "Taken now; the wait is usually less than a week"
    assert each.facts["Somebody answers"] == "Monday to Friday, 08:30 to 17:00, New York time"
    later, first = history(cast.clinic)
    assert (later.profile.published_by, first.changes) == (cast.prescriber, [])
    assert [(c.label, c.after) for c in later.changes] == [
        ("New referrals", "Taken now; the wait is usually less than a week"),
        ("Follow-up and aftercare", "We call."),
    ]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([0, 1, 2, 3, 4], "Monday to Friday"),
        ([1, 3], "Tuesday and Thursday"),
        ([0, 2, 4], "Monday, Wednesday and Friday"),
        ([5, 6], "Saturday and Sunday"),
        ([6], "Sunday"),
        ([], ""),
    ],
)
def test_days_in_words(days, words):
    assert day_words(mask_of(days)) == words


def test_the_staff_in_sum_counts_who_treats_here_now_and_what_counts_today(cast):
    administrator, clinic = cast.administrator, cast.clinic
    make_current(cast.nurse, administrator, in_days(cast.nurse, 0))
    make_current(cast.kaptherapist, administrator, in_days(cast.nurse, 90))
    licence(cast.kaptherapist, in_days(cast.nurse, 90), by=administrator, kind="lmft")
    licence(cast.prescriber, in_days(cast.nurse, 90), by=administrator, kind="md")
    licence(cast.prescriber, in_days(cast.nurse, 90), kind="np")  # nobody has checked it
    make_current(cast.coordinator, administrator, in_days(cast.nurse, 90))  # treats nobody
    wrong = Training.objects.filter(person=cast.kaptherapist, kind=TrainingKind.DIDACTIC).get()
    enter_in_error(by=administrator, row=wrong, reason="Twice")

    def now():
        staff = described([clinic])[0].staff
        kinds = [(kind.short, count) for kind, count in staff.licences]
        return staff.people, kinds, staff.current, [int(h) for h in staff.hours.values()]

    assert now() == (3, [("MD", 1), ("RN", 2), ("LMFT", 1)], 1, [8, 40, 100])
    cast.nurse.memberships.update(ended_at=timezone.now())
    assert now() == (2, [("MD", 1), ("RN", 1), ("LMFT", 1)], 0, [0, 20, 50])


def test_as_many_queries_for_four_clinics_as_for_one(cast):
    clinics = [make_organization(f"Clinic {n}", OrganizationKind.CLINIC) for n in range(3)]
    for number, each in enumerate(clinics):
        publish_profile(make_user(f"Al {number}", Role.ADMINISTRATOR, each))
    with CaptureQueriesContext(connection) as found:
        assert len(described([cast.clinic, *clinics])) == 4
    assert len(found) == 3


# ---------------------------------------------------------------- the promise of a reply
def test_the_reply_to_a_referral_is_as_promised_when_it_was_sent(case):
    def days() -> int:
        listed = Referral.objects.with_reply_days().get(pk=case.referral.pk).reply_days
        assert Referral.objects.get(pk=case.referral.pk).reply_days == listed
        return listed

    case.draft()
    case.fill_in()
    assert days() == 5  # the clinic has not said
    publish_profile(case.cast.administrator, reply_days=2)
    assert days() == 2
    second = make_organization("Second Clinic", OrganizationKind.CLINIC)
    publish_profile(make_user("Al Elsewhere", Role.ADMINISTRATOR, second), reply_days=9)
    case.send()
    publish_profile(case.cast.administrator, reply_days=7)
    assert days() == 2  # what was told then
    before = timezone.now() - timedelta(days=1)
    Referral.objects.filter(pk=case.referral.pk).update(submitted_at=before)
    assert days() == 5
