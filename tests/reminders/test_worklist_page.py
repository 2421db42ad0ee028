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
from reminders import cases
from tests import triggers
from tests.builder import Builder
from tests.factories import LAST_NAME

pytestmark = pytest.mark.django_db
URL = "/worklist/"


def main(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[1].split("</main>")[0]


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


def test_it_is_for_practices(client, cast):
    for name, user in cast.everybody().items():
        client.force_login(user)
        outside = user.membership.role in ("therapist", "physician")
        assert client.get(URL).status_code == (200 if outside else 404), name


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
    assert "No client of yours" in main(client.get(URL, {"q": "Zqquill"}))


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
    assert [tile["count"] for tile in browser.get(URL).context["tiles"]] == [1, 1, 0]
    assert "No client is in this group" in main(browser.get(URL + "?show=none"))


def test_search_is_over_ones_own_cases(browser, cast):
    Builder(cast).draft(first_name="Ingrid", last_name="Halvorsen")
    Builder(cast, cast.colleague).draft(first_name="Ingrid", last_name="Else")
    page = main(browser.get(URL, {"q": "ingrid halv"}))
    assert "HALVORSEN" in page
    assert "ELSE" not in page
    assert "No client of yours" in main(browser.get(URL, {"q": "<b>%_"}))


@pytest.mark.parametrize(
    "query",
    ["show=everything", "before=x", "before=-1", "before=" + "9" * 40, "q=" + "x" * 81, "q=%00"],
)
def test_what_is_not_understood_is_not_found(browser, query):
    assert browser.get(f"{URL}?{query}").status_code == 404


def test_it_pages_by_key(browser, cast, monkeypatch):
    monkeypatch.setattr(cases, "PAGE", 2)
    made = {Builder(cast).draft().pk for _ in range(5)}
    seen, before = [], ""
    while before is not None:
        answer = browser.get(f"{URL}?before={before}" if before else URL)
        seen += [row.action_url[1] for row in answer.context["rows"]]
        before = answer.context["next"]
    assert (len(seen), set(seen)) == (5, made)


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
