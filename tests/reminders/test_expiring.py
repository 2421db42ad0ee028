"""A release ends in 30, 14, 7 days: its administrators and recipients are told, each once."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from consent.clock import database_now
from consent.models import OutsideContact
from kapcare.demo.past import sign_in_the_past
from people.enums import Role
from reminders import upkeep
from reminders.actions.letters import ending_unannounced, write_ending_letters
from reminders.delivery import sweep
from reminders.enums import CancelReason, LetterKind, ReminderState
from reminders.models import Letter
from reminders.upkeep import keep_up
from tests.reminders.sending import renewal, round_of, told

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
ADMINISTRATOR, THERAPIST = "ada.administrator@example.org", "tess.therapist@example.org"


@pytest.fixture
def ending(case, referral):
    """ending(days=20, **terms): signed 100 days ago, over in so many days."""

    def make(days: float, *, signed_days_ago: float = 100, **terms):
        now = database_now()
        return sign_in_the_past(
            case.unsigned(**terms), signed_at=now - signed_days_ago * DAY, until=now + days * DAY
        )

    return make


def thresholds(release, at) -> list[int]:
    return [days for found, days in ending_unannounced(at) if found == release]


def test_each_threshold_begins_at_its_very_moment_and_lasts_to_the_next(ending):
    release = ending(60)
    until = release.until
    expected = {30: (30, 14), 14: (14, 7), 7: (7, 0)}
    assert thresholds(release, until - 30 * DAY - TICK) == []
    for days, (begin, end) in expected.items():
        assert thresholds(release, until - begin * DAY) == [days]
        assert thresholds(release, until - end * DAY - TICK) == [days]
    assert thresholds(release, until) == []


def test_administrators_and_recipients_are_told_once_for_each_threshold(ending, case):
    ending(20)
    round_of()
    round_of()
    assert told() == {ADMINISTRATOR, THERAPIST}
    assert len(mail.outbox) == 2
    assert "within 30 days" in mail.outbox[0].body


def test_after_a_pause_only_the_nearest_threshold_is_told(ending):
    release = ending(5)
    keep_up(database_now())
    assert set(Letter.objects.values_list("days", flat=True)) == {7}
    assert Letter.objects.filter(release=release).count() == 2


def test_a_threshold_that_was_behind_when_it_was_signed_says_nothing(ending):
    short = ending(6, signed_days_ago=4)  # ten days in all: 30 and 14 never were ahead
    assert thresholds(short, short.signed_at + TICK) == []
    assert thresholds(short, short.until - 7 * DAY) == [7]


def test_a_letter_goes_out_no_more_after_the_next_threshold(ending):
    release = ending(20)
    keep_up(database_now())
    assert {letter.closes_at for letter in Letter.objects.all()} == {release.until - 14 * DAY}


def test_those_who_hold_the_role_are_told_and_contacts_are_not(ending, case):
    contact = OutsideContact.objects.create(
        client=case.client, clinic=case.cast.clinic, name="Zq Sister", relation="sister"
    )
    ending(
        5,
        recipients=[],
        roles=[(case.cast.primary_care, Role.PHYSICIAN)],
        contacts=[contact],
    )
    round_of()
    assert told() == {ADMINISTRATOR, "phil.physician@example.org", "lars.lapsed@example.org"}


def test_somebody_who_left_and_a_withdrawn_recipient_are_not_told(ending, case):
    release = ending(5, recipients=[case.cast.therapist, case.cast.physician, case.cast.stranger])
    case.revoke(release, recipient=release.recipients.get(user=case.cast.physician))
    case.cast.stranger.memberships.update(ended_at=database_now())
    round_of()
    assert told() == {ADMINISTRATOR, THERAPIST}


@pytest.mark.parametrize("kind", ["future", "revoked", "expired", "unsigned"])
def test_a_release_that_is_not_in_force_is_not_told_of(case, referral, kind):
    case.make_release(kind)
    keep_up(database_now())
    assert not Letter.objects.filter(kind=LetterKind.ENDING).exists()


# ---------------------------------------------------------------- between writing and sending


def written(ending, **terms):
    release = ending(5, **terms)
    assert write_ending_letters(release, 7, database_now()) == 2
    return release


def reasons() -> set[tuple[str, str]]:
    rows = Letter.objects.filter(kind=LetterKind.ENDING)
    return set(rows.values_list("state", "cancel_reason"))


def test_a_signed_renewal_cancels_what_waits(ending, case):
    release = written(ending)
    case.sign(renewal(case, release))
    assert reasons() == {(ReminderState.CANCELLED, CancelReason.RELEASE_ENDED)}
    assert [c for c in sweep() if c.kind == "letter"] == []


def test_a_signed_renewal_that_begins_later_cancels_too(ending, case):
    release = written(ending)
    case.sign(renewal(case, release, starts_at=database_now() + 3 * DAY))
    keep_up(database_now())
    round_of()
    assert reasons() == {(ReminderState.CANCELLED, CancelReason.RELEASE_ENDED)}
    assert ending_unannounced(database_now()) == []


def test_a_renewal_that_is_not_signed_cancels_nothing(ending, case):
    renewal(case, written(ending))
    round_of()
    assert told() == {ADMINISTRATOR, THERAPIST}


def test_a_withdrawal_cancels_what_waits(ending, case):
    case.revoke(written(ending))
    assert reasons() == {(ReminderState.CANCELLED, CancelReason.RELEASE_ENDED)}


def test_it_is_found_out_again_when_it_is_sent(ending, case):
    written(ending)
    case.cast.therapist.memberships.update(ended_at=database_now())
    round_of()
    assert told() == {ADMINISTRATOR}


# ---------------------------------------------------------------- upkeep


def test_a_release_that_cannot_be_told_of_stops_no_other(ending, monkeypatch, caplog):
    broken, good = ending(5), ending(5)
    write = upkeep.write_ending_letters

    def write_but_one(release, *args):
        if release == broken:
            raise RuntimeError("Zqreason")
        return write(release, *args)

    monkeypatch.setattr(upkeep, "write_ending_letters", write_but_one)
    keep_up(database_now())
    assert set(Letter.objects.values_list("release", flat=True)) == {good.pk}
    assert "RuntimeError" in caplog.text
    assert "Zqreason" not in caplog.text


def test_a_round_without_news_asks_little(ending, django_assert_max_num_queries):
    for _ in range(5):
        ending(5)
    keep_up(database_now())
    with django_assert_max_num_queries(16):
        keep_up(database_now())


# ---------------------------------------------------------------- where recipients read


@pytest.mark.parametrize(
    ("days", "left", "soon"), [(6.5, "6 days left", True), (40.5, "40 days left", False)]
)
def test_the_strip_says_how_long_it_lasts(
    ending, case, accepted_referral, signed_in, days, left, soon
):
    case.open()
    ending(days)
    browser = signed_in(case.cast.therapist)
    page = browser.get(reverse("care:timeline", args=[case.referral.pk])).content.decode()
    strip = page[page.index("kc-release__facts") :].split("</dl>")[0]
    assert left in strip
    assert ("kc-status--attention" in strip) == soon
