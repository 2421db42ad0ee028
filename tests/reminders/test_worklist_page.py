"""The worklist through the one door: with, without and with a limited release."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consent.enums import Category as C
from consent.models import Disclosure
from referrals.actions.triage import ask_for_information, decline_referral
from referrals.models import Referral
from reminders.worklists import disclosed, rows
from tests import triggers
from tests.builder import Builder
from tests.factories import LAST_NAME

pytestmark = pytest.mark.django_db
URL = "/worklist/"


def main(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def looked_for(browser, words: str) -> str:
    """The list after `words` were looked for."""
    answer = browser.post(URL, {"words": words})
    assert (answer.status_code, answer.url) == (302, URL)
    return main(browser.get(URL))


def neutral(page: str, case: Builder) -> str:
    """The page without what differs from case to case."""
    return page.replace(f"/{case.referral.pk}/", "//").replace(case.client.number, "")


@pytest.fixture
def browser(client, therapist):
    client.force_login(therapist)
    return client


@pytest.fixture
def treated(case):
    """A dose thirty hours ago: the primary window is open."""
    case.begin_care()
    case.give(hours_ago=30)
    return case


def only(cast, browser, make) -> str:
    """The worklist of a therapist with one case that `make` made."""
    case = Builder(cast)
    make(case)
    page = neutral(main(browser.get(URL)), case)
    with triggers.disabled("referrals_referral"):
        Referral.objects.filter(pk=case.referral.pk).update(practice=cast.other_practice)
    return page


def test_nobody_referred_yet(browser):
    assert "No clients yet" in main(browser.get(URL))


def test_without_a_release_the_answer_leaves_no_trace(browser, cast):
    sent = only(cast, browser, lambda case: (case.send(), _received(case)))
    assert "Received" in sent
    assert "The clinic’s answer is opened by a release" in sent
    assert "call them" not in sent
    assert only(cast, browser, lambda case: (case.send(), case.accept())) == sent
    assert only(cast, browser, lambda case: (case.send(), _declined(case))) == sent
    assert only(cast, browser, lambda case: case.full()) == sent
    assert not Disclosure.objects.exists()


def _received(case) -> None:
    Referral.objects.filter(pk=case.referral.pk).update(state="received")


def _declined(case) -> None:
    decline_referral(by=case.cast.coordinator, referral=case.referral, text="Zqdeclined")


def test_an_open_window_is_shown_where_the_schedule_is_open(browser, treated):
    assert "Hold or log" not in main(browser.get(URL))
    release = treated.active(out_categories=[C.SCHEDULE])
    page = main(browser.get(URL))
    assert "Hold or log one session" in page
    assert "Integration, 24–48 h" in page
    assert reverse("care:log_session", args=[treated.referral.pk]) in page
    row = Disclosure.objects.get()
    assert (row.channel, row.categories) == ("worklist", ["schedule"])
    treated.revoke(release)
    assert "Hold or log" not in main(browser.get(URL))


@pytest.mark.parametrize("state", ["unsigned", "future", "expired", "revoked", "other_category"])
def test_no_other_release_shows_it(browser, treated, state):
    treated.make_release(state, out_categories=[C.SCHEDULE])
    page = main(browser.get(URL))
    assert "Hold or log" not in page
    assert "Received" in page
    assert not Disclosure.objects.exists()


def test_a_logged_session_answers_the_window(browser, treated):
    treated.active(out_categories=[C.SCHEDULE])
    treated.log_session(timezone.now() - timedelta(hours=1))
    page = main(browser.get(URL))
    assert "Hold or log" not in page
    assert "Consolidation, 4–7 days" in page


def test_what_was_asked_waits_on_the_therapist(browser, case, cast):
    case.send()
    ask_for_information(by=cast.coordinator, referral=case.referral, text="Which medicines?")
    assert "Answer the clinic" not in main(browser.get(URL))
    case.active(out_categories=[C.READINESS])
    assert "Answer the clinic" in main(browser.get(URL))


# ------------------------------------------------------------------ others
@pytest.mark.parametrize("state", ["none", "unsigned", "future", "expired", "revoked"])
def test_a_physician_finds_no_trace_without_a_release(client, cast, treated, state):
    treated.make_release(state, recipients=[cast.physician])
    client.force_login(cast.physician)
    page = main(client.get(URL))
    assert LAST_NAME.upper() not in page
    assert "No clients yet" in page
    assert "kc-tile" not in page
    assert "No client of yours" in looked_for(client, "Zqquill")


def test_a_physician_reads_what_a_release_opens(client, cast, treated):
    treated.active(recipients=[cast.physician], out_categories=[C.SAFETY])
    client.force_login(cast.physician)
    page = main(client.get(URL))
    assert LAST_NAME.upper() in page
    assert "For you to read" in page
    assert "Dose" not in page
    assert "New referral" not in page
    assert reverse("referrals:detail", args=[treated.referral.pk]) not in page
    assert cast.therapist.name not in page  # who referred is in no category of this release


def test_colleagues_and_strangers_have_their_own_cases(client, cast, treated):
    treated.active()
    for user in (cast.colleague, cast.stranger, cast.superuser):
        client.force_login(user)
        assert "No clients yet" in main(client.get(URL))


# ------------------------------------------------------------------ narrowing
def test_tiles_filter_and_count_what_is_shown(browser, cast):
    Builder(cast).draft(last_name="Draftfeather")
    Builder(cast).send(last_name="Sentfeather")
    page = main(browser.get(URL + "?show=you"))
    assert "DRAFTFEATHER" in page
    assert "SENTFEATHER" not in page
    assert [tile["count"] for tile in browser.get(URL).context["tiles"]] == [1, 1, 0, 0]
    assert "Something waits in every case" in main(browser.get(URL + "?show=none"))


def test_search_is_over_ones_own_cases(browser, cast):
    Builder(cast).draft(first_name="Ingrid", last_name="Halvorsen")
    Builder(cast, cast.colleague).draft(first_name="Ingrid", last_name="Else")
    page = looked_for(browser, "ingrid halv")
    assert "HALVORSEN" in page
    assert "ELSE" not in page
    assert "No client of yours" in looked_for(browser, "<b>%_")


@pytest.mark.parametrize(
    "query",
    [
        *("show=everything", "show=practice", "stage=intake", "sort=born", "house=x"),
        *("after=x", "after=-1", "after=" + "9" * 40),
    ],
)
def test_what_is_not_understood_is_not_found(browser, query):
    assert browser.get(f"{URL}?{query}").status_code == 404


def test_pages_meet_every_row_once_while_the_list_changes(browser, cast, monkeypatch):
    monkeypatch.setattr(rows, "PAGE", 2)
    made = [Builder(cast).draft().pk for _ in range(5)]
    first = browser.get(URL).context
    assert [row.pk for row in first["page"].rows] == made[:2]  # the longest wait first
    assert first["page"].preceding is None
    Builder(cast).draft()  # comes last, and moves nobody
    second = browser.get(URL + first["pages"]["next"]).context
    assert [row.pk for row in second["page"].rows] == made[2:4]
    assert "3 to 4 of 6" in main(browser.get(URL + first["pages"]["next"]))
    back = browser.get(URL + second["pages"]["previous"]).context["page"]
    assert [row.pk for row in back.rows] == made[:2]
    assert second["page"].following == made[3]
    gone = browser.get(f"{URL}?after=999999").context["page"]
    assert gone.first == 1


def test_a_bounded_number_of_cases_is_looked_at(browser, cast, monkeypatch):
    monkeypatch.setattr(disclosed, "MOST", 2)
    Builder(cast).draft(last_name="Oldfeather")
    for _ in range(2):
        Builder(cast).draft()
    page = main(browser.get(URL))
    assert "These are the 2 newest cases" in page
    assert "OLDFEATHER" not in page
    assert "OLDFEATHER" in looked_for(browser, "oldfea")


def test_a_withdrawn_referral_leaves_after_a_month(browser, case):
    case.send()
    month = timezone.now() - timedelta(days=31)
    Referral.objects.update(state="cancelled", state_since=month)
    assert "No clients yet" in main(browser.get(URL))


def test_queries_do_not_grow_with_rows(browser, cast):
    def add() -> None:
        case = Builder(cast)
        case.begin_care()
        case.give(hours_ago=30)
        case.active(out_categories=[C.SCHEDULE, C.READINESS])

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert "Hold or log" in main(browser.get(URL))
        return len(queries)

    add()
    count()
    one = count()
    for _ in range(3):
        add()
    assert count() == one
