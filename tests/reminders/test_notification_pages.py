"""The list of notifications, opening one, marking them, and how mail tells."""

from datetime import time, timedelta

import pytest
from django.urls import reverse

from audit.models import AuditEvent
from consent.enums import Category as C
from people.models import User
from reminders.enums import CHOSEN, Told, Way
from reminders.models import Notification, Preferences
from reminders.notifications.actions import mark_seen, notify, save_preferences
from reminders.notifications.reading import count_unseen
from tests.factories import LAST_NAME
from tests.referrals.talking import say
from tests.refusing import database_refuses

LIST = reverse("reminders:notifications")
COUNT = reverse("reminders:unseen")
SEEN = reverse("reminders:seen")
PREFERENCES = reverse("reminders:preferences")
READINESS = {"out_categories": [C.READINESS], "in_categories": [C.HISTORY]}


def page(browser, address: str = LIST) -> str:
    response = browser.get(address)
    assert response.status_code == 200
    return response.content.decode()


def opening(row: Notification) -> str:
    return reverse("reminders:open_notification", args=[row.pk])


def row_of(user: User, kind: Told = Told.REFERRAL_SENT) -> Notification:
    return Notification.objects.get(user=user, kind=kind)


@pytest.fixture
def browser(signed_in, cast, referral):
    """The coordinator's, who was told that a referral came in."""
    return signed_in(cast.coordinator)


# ---------------------------------------------------------------- the list


def test_what_is_new_comes_first_with_a_word_and_then_the_newest(browser, cast, referral):
    older = {"source": referral, "at": referral.submitted_at - timedelta(days=2)}
    notify(Told.QUESTION_ANSWERED, [cast.coordinator], referral=referral, **older)
    mark_seen(by=cast.coordinator, notification=row_of(cast.coordinator))
    words = page(browser)
    assert words.index("answered your question") < words.index("sent a referral")
    assert words.count("kc-news__mark") == 1
    assert LAST_NAME.lower() in words.lower()
    assert "1 you have not seen." in words
    assert LAST_NAME.lower() not in words[: words.index("</title>")].lower()


def test_an_empty_list_says_why_and_offers_one_thing(signed_in, cast, referral):
    words = page(signed_in(cast.nurse))
    assert "Nothing to tell you" in words
    assert f'href="{PREFERENCES}"' in words
    assert "Mark all as seen" not in words


def test_what_may_not_be_known_leaves_no_trace(signed_in, case, referral):
    """Neither in the words nor in the numbers: the page is that of somebody told nothing."""
    case.accept()
    mine = signed_in(case.cast.therapist)
    words = page(mine)
    assert "Nothing to tell you" in words
    assert "accepted" not in words
    assert page(mine, COUNT).strip() == ""
    case.active(**READINESS)
    assert "Northfield Clinic accepted the referral" in page(mine)
    assert ">2<" in page(mine, COUNT)


def test_fifty_stand_on_a_page(browser, cast, referral):
    for minutes in range(1, 53):
        at = referral.submitted_at - timedelta(minutes=minutes)
        notify(Told.WITHDRAWN, [cast.coordinator], source=referral, at=at, referral=referral)
    assert page(browser).count("kc-news__mark") == 50
    assert page(browser, f"{LIST}?page=2").count("kc-news__mark") == 3
    assert "1 to 50 of 53" in page(browser)


def test_queries_do_not_grow_with_the_list(browser, cast, referral, django_assert_max_num_queries):
    for minutes in range(1, 30):
        at = referral.submitted_at - timedelta(minutes=minutes)
        notify(Told.WITHDRAWN, [cast.coordinator], source=referral, at=at, referral=referral)
    page(browser)
    with django_assert_max_num_queries(25):
        page(browser)


def test_every_page_leads_there_and_asks_for_the_number_by_itself(browser, client):
    words = page(browser, reverse("reminders:today"))
    assert f'href="{LIST}"' in words
    assert f'hx-get="{COUNT}"' in words
    assert "kc-bell" not in client.get(reverse("account_login")).content.decode()


def test_looking_writes_nothing_but_the_ledger(browser, cast):
    before = AuditEvent.objects.count()
    page(browser)
    page(browser, COUNT)
    assert browser.get(opening(row_of(cast.coordinator))).status_code == 405
    assert (row_of(cast.coordinator).seen_at, AuditEvent.objects.count()) == (None, before)


# ---------------------------------------------------------------- seen


def test_opening_one_marks_it_and_leads_to_what_it_tells_of(browser, cast, referral):
    row = row_of(cast.coordinator)
    for _ in range(2):
        response = browser.post(opening(row))
        assert response.url == reverse("referrals:triage", args=[referral.pk])
    assert browser.get(response.url).status_code == 200
    first = row_of(cast.coordinator).seen_at
    assert first is not None
    assert AuditEvent.objects.filter(event="notification.seen").count() == 1
    assert "You have seen them all." in page(browser)


def test_nobody_opens_what_is_somebody_elses(signed_in, browser, cast):
    row = row_of(cast.coordinator)
    assert signed_in(cast.nurse).post(opening(row)).status_code == 404
    assert signed_in(cast.prescriber).post(opening(row)).status_code == 404
    assert row_of(cast.coordinator).seen_at is None


def test_what_may_no_longer_be_known_is_not_there_to_open(signed_in, case, referral):
    case.accept()
    release = case.active(**READINESS)
    mine, row = signed_in(case.cast.therapist), row_of(case.cast.therapist, Told.REPLIED)
    case.revoke(release)
    assert mine.post(opening(row)).status_code == 404
    row.refresh_from_db()
    assert row.seen_at is None


def test_all_on_the_page_are_marked_and_nothing_that_was_not_there(signed_in, case, referral):
    therapist, mine = case.cast.therapist, signed_in(case.cast.therapist)
    case.accept()  # told of, and not to be known
    say(case.cast.nurse, referral)
    case.active(out_categories=[C.INTEGRATION])
    newest = Notification.objects.latest("pk").pk
    say(case.cast.nurse, referral)
    for _ in range(2):
        assert mine.post(SEEN, {"newest": newest}).url == LIST
    seen = Notification.objects.filter(user=therapist, seen_at__isnull=False)
    assert sorted(seen.values_list("kind", flat=True)) == [Told.MESSAGE, Told.RELEASE_SIGNED]
    assert count_unseen(User.objects.get(pk=therapist.pk)) == 1
    assert AuditEvent.objects.filter(event="notification.all_seen").count() == 1
    assert mine.get(SEEN).status_code == 405
    assert mine.post(SEEN, {"newest": "x"}).status_code == 302


# ---------------------------------------------------------------- how mail tells

WAYS = {group.value: Way.PORTAL.value for group in CHOSEN} | {"windows": Way.DIGEST.value}
FORM = {**WAYS, "digest_hour": "17", "quiet_from": "21:30", "quiet_until": "06:00"}


def test_what_is_chosen_is_kept_once_without_a_word_in_the_log(browser, cast):
    assert "Alerts and emergency notices always come at once" in page(browser, PREFERENCES)
    assert not Preferences.objects.exists()
    for _ in range(2):
        assert browser.post(PREFERENCES, FORM).url == PREFERENCES
    row = Preferences.objects.get(user=cast.coordinator)
    assert (row.digest_hour, row.quiet_from, row.quiet_until) == (17, time(21, 30), time(6))
    assert {group.value: getattr(row, group) for group in CHOSEN} == WAYS
    event = AuditEvent.objects.get(event="preferences.saved")
    assert event.detail == {}
    assert 'value="21:30"' in page(browser, PREFERENCES)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"quiet_until": ""}, "Enter when quiet hours end, or empty both."),
        ({"quiet_from": ""}, "Enter when quiet hours begin, or empty both."),
        ({"quiet_until": "21:30"}, "Enter another time than the beginning, or empty both."),
        ({"quiet_until": "late"}, "Enter a time such as 21:00."),
        ({"messages": "never"}, "Select a valid choice"),
        ({"digest_hour": "24"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(browser, changes, error):
    response = browser.post(PREFERENCES, {**FORM, **changes})
    words = response.content.decode()
    assert response.status_code == 200
    assert error in words
    assert not Preferences.objects.exists()
    assert 'value="17" selected' in words or changes.get("digest_hour")


def test_safety_and_windows_cannot_be_turned_off(browser, cast):
    refused = browser.post(PREFERENCES, {**FORM, "windows": "portal"})
    assert refused.status_code == 200
    browser.post(PREFERENCES, {**FORM, "safety": "portal"})
    row = Preferences.objects.get()
    assert not hasattr(row, "safety")
    assert row.way("safety") == Way.AT_ONCE
    database_refuses(lambda: Preferences.objects.update(windows="portal"))


def test_the_database_keeps_preferences_whole(cast):
    values = {**WAYS, "digest_hour": 8, "quiet_from": None, "quiet_until": None}
    save_preferences(by=cast.nurse, values=values)
    row = Preferences.objects.filter(user=cast.nurse)
    database_refuses(lambda: row.update(messages="never"))
    database_refuses(lambda: row.update(digest_hour=24))
    database_refuses(lambda: row.update(quiet_from=time(22)))
    database_refuses(lambda: row.update(quiet_from=time(22), quiet_until=time(22)))
