"""A client answers by a one-time link: the door, the visit, what is said at its end."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from consent.actions.links import open_with
from consent.models.links import MOST_TRIES
from people.enums import SafeContact
from people.models import Organization
from people.tokens import hashed
from sessions.actions.outcomes import CLOSED, Answers, answer_by_link
from sessions.models import OutcomeResponse, QuestionLink, SafetyAlert, Satisfaction
from sessions.question_visits import VISITS
from sessions.signals import questions_mailed
from tests.consent.visiting import BORN
from tests.factories import LAST_NAME
from tests.reminders.sending import secrets_in
from tests.routes import routes
from tests.sessions.asking import I, send, token_for, visit

pytestmark = pytest.mark.usefixtures("episode")
QUESTIONS = "/questions/"
CALM, HELP = "000000000", "100000001"


def shown(answer) -> str:
    return answer.content.decode()


def door(token: str) -> str:
    return reverse("care:open_questions", args=[token])


def without_secrets(answer) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", shown(answer))
    return re.sub(r'nonce="[^"]+"', "", page)


# ------------------------------------------------------------------ making a link
def test_only_a_hash_is_kept_and_the_audit_log_names_what_is_asked(case):
    token = token_for(case, I.GAD7, I.PHQ9)
    link = QuestionLink.objects.get()
    assert (link.token_sha256, link.asked) == (hashed(token), ["phq9", "gad7"])
    assert link.expires_at - link.created_at == timedelta(days=7)
    event = AuditEvent.objects.get(event="questions.link_made")
    assert (event.detail, event.client_id) == ({"asked": ["phq9", "gad7"]}, case.client.pk)
    assert token not in str(AuditEvent.objects.values())


def test_a_new_link_closes_the_one_before(case):
    first, second = token_for(case), token_for(case, by=case.cast.nurse)
    assert open_with(QuestionLink, first, BORN) is None
    assert open_with(QuestionLink, second, BORN) is not None


@pytest.mark.parametrize("who", ["administrator", "therapist", "stranger", "superuser"])
def test_who_does_not_work_with_the_client_makes_none(case, who):
    with pytest.raises(PermissionDenied):
        token_for(case, by=getattr(case.cast, who))


@pytest.mark.parametrize("asked", [[], ["weather"], ["phq9", "weather"]])
def test_a_link_asks_for_something_known(case, asked):
    from sessions.actions.question_links import make_question_link

    with pytest.raises(ValidationError, match="at least one"):
        make_question_link(by=case.cast.nurse, episode=case.episode, asked=asked)


def test_mail_goes_to_whom_it_is_safe_for_and_says_nothing(
    case, django_capture_on_commit_callbacks
):
    with pytest.raises(ValidationError, match="Mail is not the safe way"):
        token_for(case, mail=True)
    client = case.episode.client
    client.safe_contact, client.email = SafeContact.EMAIL, "someone@example.org"
    client.save()
    with django_capture_on_commit_callbacks(execute=True):
        token = token_for(case, mail=True)
        assert mail.outbox == []
    [sent] = mail.outbox
    assert sent.to == ["someone@example.org"]
    assert token in sent.body
    sent.body = sent.body.replace(token, "")  # letters of chance may say anything
    assert secrets_in(sent) == []
    for word in ("PHQ", "score", "mood", "questionnaire", "Northfield"):
        assert word not in sent.subject + sent.body
    assert AuditEvent.objects.filter(event="question_link.sent").count() == 1
    assert questions_mailed.receivers


# ------------------------------------------------------------------ the door
def test_the_door_says_nothing_and_the_same_whatever_is_wrong(case):
    token, spent, dead = token_for(case, by=case.cast.nurse), token_for(case), "x" * 43
    token = token_for(case)
    assert QuestionLink.objects.get(token_sha256=hashed(spent)).closed_at
    answers = [
        Client().post(door(each), {"date_of_birth": born})
        for each, born in ((token, "15-Jul-1985"), (spent, "15-Jul-1985"), (dead, "14-Jul-1985"))
    ]
    pages = {without_secrets(answer).replace("15-Jul", "14-Jul") for answer in answers}
    assert len(pages) == 1
    assert "This did not open" in pages.pop()
    looks = [Client().get(door(each)) for each in (token, dead)]
    assert len({without_secrets(answer) for answer in looks}) == 1
    assert looks[0]["Cache-Control"] == "no-store"
    body = shown(looks[0]).split("<body")[1]
    for never in (LAST_NAME, "Northfield", "clinic", "PHQ", "mood", "kapcare<"):
        assert never not in body
    assert "<title>Questions</title>" in shown(looks[0])


def test_five_wrong_dates_close_a_link_for_good(case):
    token = token_for(case)
    for _ in range(MOST_TRIES):
        assert VISITS.key not in visit(token, born="15-Jul-1985").session
    assert VISITS.key not in visit(token).session
    assert Client().get(QUESTIONS).status_code == 404


def test_a_link_is_over_after_a_week(case):
    with time_machine.travel(timezone.now() - timedelta(days=7)):
        token = token_for(case)
    assert VISITS.key not in visit(token).session


# ------------------------------------------------------------------ the visit
def test_nothing_else_opens_during_the_visit_and_staff_are_signed_out(case, nurse):
    browser = Client()
    browser.force_login(nurse)
    visit(token_for(case), browser)
    assert set(browser.session.keys()) == {VISITS.key, "_session_expiry"}
    own = {VISITS.door, "care:questions", "care:questions_leave"}
    own |= {"consent:open_link", "consent:my_open"}
    shut = [route for route in routes() if route.name not in own and "<" not in route.path]
    cases = [f"/care/{case.episode.pk}/", f"/care/{case.episode.pk}/outcomes/"]
    for path in [*(f"/{route.path}" for route in shut), *cases, "/nothing/", "/my/", "/document/"]:
        for method in (browser.get, browser.post):
            answer = method(path)
            assert (answer.status_code, answer.get("Location")) == (302, QUESTIONS), path
            assert answer["Cache-Control"] == "no-store"
    assert browser.get(QUESTIONS).status_code == 200


def test_a_page_asks_every_question_and_none_is_answered_in_advance(case):
    page = visit(token_for(case, I.PCL5)).get(QUESTIONS)
    text = shown(page)
    assert text.count('type="radio"') == 100
    assert " checked>" not in text
    assert "<title>Questions</title>" in text
    assert "PCL" not in text
    assert "PTSD" not in text
    assert "Sign out" not in text
    assert page["Cache-Control"] == "no-store"


def test_a_missing_answer_is_named_and_the_others_are_kept(case):
    browser = visit(token_for(case))
    assert send(browser, I.PHQ9, "012_00000").url == QUESTIONS
    for text in (shown(browser.get(QUESTIONS)), shown(browser.get(QUESTIONS))):  # reloaded
        assert "Question 4: choose an answer." in text
        assert text.count(" checked>") == 8
    assert not OutcomeResponse.unscoped.exists()
    assert QuestionLink.objects.get().is_open(timezone.now())


def test_no_part_is_filled_with_the_answers_to_another(case):
    browser = visit(token_for(case, I.PHQ9, I.GAD7))
    send(browser, I.PHQ9, "_00000000")
    assert 'name="part1-item_2"' in shown(browser.get(QUESTIONS))
    assert send(browser, I.PHQ9, CALM).url == QUESTIONS
    text = shown(browser.get(QUESTIONS))
    assert 'name="part2-item_2"' in text
    assert "part1-" not in text
    assert " checked>" not in text
    assert 'autocomplete="off"' in text


def test_whoever_closes_early_is_told_where_help_is(case):
    browser = visit(token_for(case, I.PHQ9, I.GAD7))
    send(browser, I.PHQ9, HELP)
    text = shown(browser.post("/questions/leave/"))
    for words in ("tel:988", "sms:988", "tel:911"):
        assert words in text


def test_parts_follow_one_another_and_the_last_uses_the_link_up(case):
    token = token_for(case, I.PHQ9, I.GAD7, I.SATISFACTION)
    browser = visit(token)
    assert "Part 1 of 3" in shown(browser.get(QUESTIONS))
    assert send(browser, I.PHQ9, CALM, difficulty="2").url == QUESTIONS
    assert "Part 2 of 3" in shown(browser.get(QUESTIONS))
    # Closed and opened again: what was sent is kept.
    assert "This page is closed" in shown(browser.post("/questions/leave/"))
    assert browser.get(QUESTIONS).status_code == 404
    browser = visit(token)
    assert "Part 2 of 3" in shown(browser.get(QUESTIONS))
    send(browser, I.GAD7, "1110000")
    assert QuestionLink.objects.get().used_at is None
    send(browser, I.SATISFACTION, "345", comment="More tea.")
    link = QuestionLink.objects.get()
    assert link.used_at
    text = shown(browser.get(QUESTIONS))
    assert "Thank you" in text
    assert "988" not in text
    assert VISITS.key not in visit(token).session  # it opens no more
    late = Client().post(door(token), {"date_of_birth": "14-Jul-1985"})
    assert "You have answered already. Thank you." in shown(late)
    first, second = OutcomeResponse.unscoped.order_by("pk")
    assert (first.score, first.difficulty, first.link, first.author) == (
        0,
        2,
        link,
        case.cast.coordinator,
    )
    assert second.score == 3
    assert (Satisfaction.objects.get().answers, Satisfaction.objects.get().comment) == (
        "345",
        "More tea.",
    )
    recorded = AuditEvent.objects.filter(event__in=["outcome.recorded", "satisfaction.recorded"])
    assert {event.actor_id for event in recorded} == {None}
    assert recorded.count() == 3
    assert not SafetyAlert.objects.exists()


def test_item_9_alerts_the_clinic_and_says_at_once_where_to_find_help(case):
    browser = visit(token_for(case, I.PHQ9, I.GAD7))
    send(browser, I.PHQ9, HELP)
    assert SafetyAlert.objects.standing().count() == 1  # before the rest is answered
    for text in (shown(browser.get(QUESTIONS)), _finished(browser)):
        for words in ("You do not have to be alone", "tel:988", "tel:911", "555 0100"):
            assert words in text
    assert "Thank you" in text


def _finished(browser) -> str:
    send(browser, I.GAD7, "0000000")
    return shown(browser.get(QUESTIONS))


def test_without_a_phone_the_help_names_none(case):
    Organization.objects.filter(pk=case.cast.clinic.pk).update(phone="")
    browser = visit(token_for(case))
    send(browser, I.PHQ9, HELP)
    text = shown(browser.get(QUESTIONS))
    assert "tel:988" in text
    assert "tel:555" not in text


def test_sent_twice_is_one_response(case):
    token = token_for(case, I.PHQ9, I.GAD7)
    browser, other = visit(token), visit(token)
    for each in (browser, other, browser):
        assert send(each, I.PHQ9, HELP).url == QUESTIONS
    assert OutcomeResponse.unscoped.count() == SafetyAlert.objects.count() == 1
    link = QuestionLink.objects.get()
    again = answer_by_link(link=link, answers=Answers(I.PHQ9, CALM))
    assert again.answers == HELP  # the first stays
    # A part that is not asked, or that is none, leads back to what is.
    for part in (str(I.PCL5.number), "9", ""):
        assert browser.post(QUESTIONS, {"part": part}).url == QUESTIONS


def test_the_action_refuses_what_was_not_asked_or_is_closed(case):
    token_for(case)
    link = QuestionLink.objects.get()
    with pytest.raises(ValidationError, match="not asked"):
        answer_by_link(link=link, answers=Answers(I.GAD7, "0000000"))
    with pytest.raises(ValidationError, match="every question"):
        answer_by_link(link=link, answers=Answers(I.PHQ9, "0"))
    token_for(case)
    with pytest.raises(ValidationError, match=CLOSED):
        answer_by_link(link=link, answers=Answers(I.PHQ9, CALM))
    assert not OutcomeResponse.unscoped.exists()


def test_a_new_link_ends_the_visit_before(case):
    browser = visit(token_for(case))
    token_for(case)
    answer = send(browser, I.PHQ9, CALM)
    assert answer.status_code == 404
    assert LAST_NAME not in shown(answer)
    assert not OutcomeResponse.unscoped.exists()


def test_a_visit_ends_by_itself(case):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        browser = visit(token_for(case))
        clock.shift(timedelta(seconds=VISITS.lasts + 1))
        assert browser.get(QUESTIONS).status_code == 404
