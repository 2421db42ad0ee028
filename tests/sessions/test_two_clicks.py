"""A session is logged in two clicks, once, with themes only where a release covers them; and a
mistake opens its window again."""

from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from consent.enums import Category
from people.formats import moment
from reminders.actions.missed import note_missed
from reminders.enums import ReminderState
from reminders.models import Letter, Reminder
from sessions.actions.giving import give_dose
from sessions.actions.integration import LoggedAlready, mark_session_in_error
from sessions.models import IntegrationSession, SessionError, SessionThemes
from tests.refusing import database_refuses
from tests.releases import EVERYTHING
from tests.sessions.test_actions import HOUR, refused, reminders

S = ReminderState
THEMES = {**EVERYTHING, "in_categories": [Category.SCHEDULE, Category.THEMES]}
NO_THEMES = {**EVERYTHING, "in_categories": [Category.SCHEDULE]}


class Page(HTMLParser):
    """What somebody can press on a page: links by their words, and the form as it is filled in."""

    def __init__(self, answer):
        super().__init__()
        self.links: dict[str, str] = {}
        self.filled: dict[str, str] = {}
        self._href = self._words = ""
        self.text = answer.content.decode()
        self.feed(self.text.split("<main")[1])

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a":
            self._href, self._words = given.get("href", ""), ""
        chosen = given.get("type") != "radio" or "checked" in given
        if tag == "input" and given.get("name") and chosen:
            self.filled[given["name"]] = given.get("value", "")

    def handle_data(self, data):
        self._words += data

    def handle_endtag(self, tag):
        if tag == "a":
            self.links[" ".join(self._words.split())] = self._href

    def link(self, words: str) -> str:
        return next(href for text, href in self.links.items() if text.startswith(words))


def at(name: str, case, *args) -> str:
    return reverse(f"care:{name}", args=[case.referral.pk, *args])


@pytest.fixture
def treated(case, episode):
    case.give(hours_ago=30)
    return case


@pytest.fixture
def browser(treated, signed_in):
    return signed_in(treated.referrer)


# ---------------------------------------------------------------- two clicks


@pytest.mark.parametrize("start", ["reminders:worklist", "care:timeline"])
def test_two_clicks_log_the_session_and_close_the_window(start, treated, browser):
    treated.active(**NO_THEMES)
    args = [treated.referral.pk] if start == "care:timeline" else []
    page = Page(browser.get(reverse(start, args=args)))
    opened = page.link("I held this session today")  # the first click
    confirm = Page(browser.get(opened))
    assert confirm.filled["at"].startswith(moment(timezone.now()).split()[0])
    assert browser.post(opened, confirm.filled).status_code == 302  # the second
    assert reminders(kind="primary") == {"1 primary": S.DONE}
    assert IntegrationSession.unscoped.get().state == "held"
    page = Page(browser.get(reverse("reminders:worklist")))
    assert not [text for text in page.links if text.startswith("I held")]


@pytest.mark.parametrize(("release", "offered"), [(THEMES, True), (NO_THEMES, False)])
def test_themes_are_asked_for_only_where_a_release_covers_them(
    treated, browser, signed_in, release, offered
):
    treated.active(**release)
    form = Page(browser.get(at("log_session", treated)))
    assert ("themes" in form.filled) == offered
    browser.post(at("log_session", treated), {**form.filled, "themes": "Zqthemes"})
    assert SessionThemes.unscoped.exists() == offered
    seen = signed_in(treated.cast.nurse).get(reverse("care:case", args=[treated.episode.pk]))
    assert ("Zqthemes" in seen.content.decode()) == offered
    staff = Page(signed_in(treated.cast.nurse).get(at("log_session", treated)))
    assert "themes" not in staff.filled  # the clinic writes its own record


def test_themes_are_refused_where_nobody_may_read_them(treated):
    treated.active(**NO_THEMES)
    refused("themes", treated.log_session, timezone.now(), themes="grief")
    assert not IntegrationSession.unscoped.exists()


# ---------------------------------------------------------------- once


def test_two_forms_cannot_log_one_session(treated, browser):
    treated.active(**NO_THEMES)
    now = timezone.now()
    first = treated.log_session(now - 2 * HOUR)
    for apart in (0.99, -0.99, 0):
        with pytest.raises(LoggedAlready) as error:
            treated.log_session(now - (2 + apart) * HOUR)
        assert error.value.session == first
    treated.log_session(now - 3 * HOUR)
    treated.log_session(now - 2 * HOUR, by=treated.cast.kaptherapist)
    data = {"form_key": uuid4(), "at": moment(first.occurred_at), "state": "held"}
    page = browser.post(at("log_session", treated), data).content.decode()
    assert at("correct_session", treated, first.pk) in page
    assert f'value="{moment(first.occurred_at)}"' in page
    assert IntegrationSession.unscoped.count() == 3


# ---------------------------------------------------------------- a mistake


def test_a_mistake_opens_the_window_again(treated, browser):
    treated.active(**NO_THEMES)
    session = treated.log_session(timezone.now())
    link = Page(browser.get(at("timeline", treated))).link("Correct")
    assert link == at("correct_session", treated, session.pk)
    page = browser.post(link, {"reason": " "}).content.decode()
    assert "Say what was wrong." in page
    for _ in range(2):
        assert browser.post(link, {"reason": "Zqmoved"}).url == at("timeline", treated)
    assert SessionError.objects.count() == 1
    assert reminders(kind="primary") == {"1 primary": S.PENDING}
    text = browser.get(at("timeline", treated)).content.decode()
    assert "Logged by mistake" in text
    assert "Zqmoved" in text
    assert "I held this session today" in Page(browser.get(reverse("reminders:worklist"))).text
    assert AuditEvent.objects.filter(event="integration.in_error").count() == 1
    treated.log_session(timezone.now())
    assert reminders(kind="primary") == {"1 primary": S.DONE}


def test_what_another_session_answers_stays_answered_and_what_closed_was_missed(case, episode):
    case.give(hours_ago=60)
    given = case.dosing.given_at
    first, second = (case.log_session(given + n * HOUR) for n in (26, 30))
    mark_session_in_error(by=case.referrer, session=first, reason="x")
    assert reminders(kind="primary") == {"1 primary": S.DONE}
    mark_session_in_error(by=case.referrer, session=second, reason="x")
    note_missed(timezone.now())
    assert reminders(kind="primary") == {"1 primary": S.MISSED}
    assert Letter.objects.get(kind="missed").user == case.cast.coordinator


def test_nobody_prepares_for_a_dose_that_was_given_meanwhile(case, episode):
    planned = case.plan(timezone.now() + 48 * HOUR)
    session = case.log_session(timezone.now())
    assert reminders() == {"1 preparation": S.DONE}
    order = case.make_ready(planned)
    give_dose(by=case.cast.nurse, dosing=planned, order=order, given_at=timezone.now())
    mark_session_in_error(by=case.referrer, session=session, reason="x")
    assert reminders(kind="preparation") == {"1 preparation": S.CANCELLED}
    assert Reminder.objects.of_windows().get(kind="preparation").cancel_reason == "dose_changed"


def test_those_who_logged_it_say_that_it_was_a_mistake(treated, signed_in):
    session = treated.log_session(timezone.now())
    for name, user in treated.cast.everybody().items():
        if name != "therapist":
            with pytest.raises(PermissionDenied):
                mark_session_in_error(by=user, session=session, reason="x")
            link = at("correct_session", treated, session.pk)
            assert signed_in(user).get(link).status_code == 404
    refused("reason", mark_session_in_error, by=treated.referrer, session=session, reason=" ")


def test_what_the_clinic_wrote_about_stands(treated):
    session = treated.integrate(timezone.now()).session
    by = {"by": treated.cast.kaptherapist, "session": session}
    refused(None, mark_session_in_error, **by, reason="x")
    row = SessionError(session=session, recorded_by=by["by"], reason="x")
    database_refuses(row.save)


def test_why_it_was_a_mistake_and_its_themes_stay_at_home(treated, signed_in):
    treated.active(**THEMES)
    session = treated.log_session(timezone.now(), themes="Zqthemes")
    mark_session_in_error(by=treated.referrer, session=session, reason="Zqwhy")
    address = reverse("care:case", args=[treated.episode.pk])
    text = signed_in(treated.cast.nurse).get(address).content.decode()
    assert "Logged by mistake" in text
    assert "Zqwhy" not in text
    assert "Zqthemes" not in text
    own = signed_in(treated.referrer).get(at("timeline", treated)).content.decode()
    assert "Zqwhy" in own
    assert "Zqthemes" in own
