"""Questioning an entry: once, by its client alone, answered once by the clinic's administrator."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import AuditEvent
from consent.actions.links import close_client_links
from consent.actions.questions import answer_question, ask_question
from consent.models import DisclosureQuestion
from people.enums import OrganizationKind, Role
from tests.consent.pages import link_of, look, main, shown, token_of, url, visitor
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db
WORDS = "Who is this, and <why>?"


@pytest.fixture
def looked(full_case):
    """A client whose entries 1 and 2 are looks of the therapist; their page is made."""
    full_case.active()
    look(full_case)
    look(full_case)
    token_of(full_case)
    return full_case


def ask(case, sequence=1, text=WORDS) -> DisclosureQuestion:
    return ask_question(link=link_of(case), sequence=sequence, text=text)


# ------------------------------------------------------------------ asking
def test_one_question_waits_for_each_entry(looked):
    first = ask(looked)
    assert ask(looked, text="again") == first
    assert ask(looked, sequence=2) != first
    events = AuditEvent.objects.filter(event="question.asked", client_id=looked.client.pk)
    assert [event.detail for event in events] == [{"sequence": 1}, {"sequence": 2}]


def test_after_the_answer_the_entry_can_be_questioned_again(looked):
    first = ask(looked)
    answer_question(by=looked.cast.administrator, question=first, answer="Your therapist.")
    assert ask(looked) != first


def test_an_entry_that_is_not_on_the_page_cannot_be_questioned(looked):
    with pytest.raises(ValidationError, match="not on your page"):
        ask(looked, sequence=3)
    assert visitor(looked).get(url("my_question", 3)).status_code == 404


def test_a_closed_link_asks_nothing(looked):
    link = link_of(looked)
    close_client_links(by=looked.cast.administrator, client=looked.client)
    with pytest.raises(ValidationError, match="was closed"):
        ask_question(link=link, sequence=1, text="")
    assert not DisclosureQuestion.objects.exists()


def test_the_database_holds_one_open_question(looked):
    first = ask(looked)
    with pytest.raises(IntegrityError), transaction.atomic():
        DisclosureQuestion.objects.create(
            client=first.client,
            organization=first.organization,
            sequence=1,
            asked_at=timezone.now(),
        )


def test_asking_on_the_page(looked):
    browser = visitor(looked)
    assert "Question this entry" in main(browser.get(url("my_question", 2)))
    answer = browser.post(url("my_question", 2), {"text": WORDS}, follow=True)
    page = main(answer)
    assert "Your question was sent to Northfield Clinic" in page
    assert "Who is this, and &lt;why&gt;?" in page
    assert "Not answered yet" in page
    assert "has not answered yet" in main(browser.get(url("my_question", 2)))
    long = browser.post(url("my_question", 1), {"text": "x" * 501})
    assert "this is 1 too many" in main(long)
    assert DisclosureQuestion.objects.count() == 1


# ------------------------------------------------------------------ answering
def test_the_administrator_sees_the_entry_and_answers_once(looked, signed_in):
    question = ask(looked)
    browser = signed_in(looked.cast.administrator)
    page = url("question", question.pk)
    assert page in shown(browser.get(url("accounting", looked.client.pk)))
    asked = main(browser.get(page))
    for words in ("Who is this, and &lt;why&gt;?", "Tess Therapist", "Treatment", "KC-R-"):
        assert words in asked
    assert "Write what the client should know" in main(browser.post(page, {"answer": " "}))
    answer = browser.post(page, {"answer": "Your own therapist."}, follow=True)
    assert "Answered. The client reads it" in main(answer)
    assert "<form" not in main(browser.get(page))
    assert page not in shown(browser.get(url("accounting", looked.client.pk)))
    event = AuditEvent.objects.get(event="question.answered")
    assert (event.actor_id, event.client_id) == (looked.cast.administrator.pk, looked.client.pk)
    assert "Your own therapist" not in str(event.detail)
    assert "Your own therapist." in main(visitor(looked).get(url("my_page")))


def test_a_second_answer_is_refused_and_the_same_sent_twice_is_one(looked):
    question, by = ask(looked), looked.cast.administrator
    answer_question(by=by, question=question, answer="First.")
    answer_question(by=by, question=question, answer="First.")
    with pytest.raises(ValidationError, match="has answered this question already"):
        answer_question(by=by, question=question, answer="Second.")
    question.refresh_from_db()
    assert question.answer == "First."
    assert AuditEvent.objects.filter(event="question.answered").count() == 1


def test_only_the_clinics_administrator_answers(looked, cast, signed_in):
    question = ask(looked)
    other = make_organization("South Clinic", OrganizationKind.CLINIC)
    stranger = make_user("Otto Other", Role.ADMINISTRATOR, other)
    for user in (stranger, cast.coordinator, cast.prescriber, cast.therapist):
        assert signed_in(user).get(url("question", question.pk)).status_code == 404
        assert signed_in(user).post(url("question", question.pk), {}).status_code == 404
        with pytest.raises(PermissionDenied):
            answer_question(by=user, question=question, answer="No.")
