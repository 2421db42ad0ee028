"""The thread: who reads what in which direction, receipts, what waits, and writing on its pages."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from consent.enums import Category as C
from consent.models import Disclosure
from referrals.actions.team import add_to_case
from referrals.models import Message, MessageDraft
from tests.consent.scans import on_opening, scan
from tests.referrals.talking import CHECK_IN, SAID, content_of, keep, page, say, url

NOTHING = "Nothing to read here yet"
WAITS = "Nobody there can read it yet"


@pytest.fixture
def nurses(signed_in, nurse):
    return signed_in(nurse)


@pytest.fixture
def therapists(signed_in, therapist):
    return signed_in(therapist)


def crossing(case) -> list[Disclosure]:
    return list(Disclosure.objects.filter(client_id=case.client.pk).order_by("sequence"))


# ---------------------------------------------------------------- both directions
def test_a_check_in_is_the_clinics_to_read_while_a_release_opens_themes(case, referral, nurses):
    case.active(in_categories=[C.HISTORY])
    say(case.cast.therapist, referral, "check_in")
    text = page(nurses, referral)
    assert NOTHING in text
    assert not [word for word in (*CHECK_IN.values(), "Check-in") if word in text]
    assert crossing(case) == []
    release = case.active(in_categories=[C.THEMES])
    text = page(nurses, referral)
    assert all(word in text for word in list(CHECK_IN.values())[:4])
    (row,) = crossing(case)
    assert (row.categories, row.releases, row.channel) == (["themes"], [release.pk], "page")
    case.revoke(release)
    assert NOTHING in page(nurses, referral)


def test_what_the_clinic_writes_is_the_therapists_to_read_while_a_release_opens_it(
    case, referral, therapists
):
    say(case.cast.nurse, referral, "aftercare")
    assert NOTHING in page(therapists, referral)
    release = case.active(out_categories=[C.SCHEDULE])
    assert SAID in page(therapists, referral)
    case.revoke(release)
    assert SAID not in page(therapists, referral)


def test_substance_use_needs_a_release_that_names_it(case, referral, nurses):
    say(case.cast.therapist, referral, substance_use=True)
    case.active(in_categories=[C.INTEGRATION])
    assert NOTHING in page(nurses, referral)
    case.active(in_categories=[C.INTEGRATION], sensitivities=["substance_use"])
    assert SAID in page(nurses, referral)


def test_each_house_reads_its_own_and_it_is_no_disclosure(case, referral, signed_in, nurses):
    say(case.cast.coordinator, referral, "aftercare", pdf=scan())
    text = page(nurses, referral)
    assert SAID in text
    assert WAITS in text
    assert nurses.get(url("message_pdf", referral, Message.unscoped.get().pk)).status_code == 200
    assert crossing(case) == []


@pytest.mark.parametrize("who", ["colleague", "stranger", "physician", "administrator"])
def test_whoever_is_of_neither_house_finds_no_thread(case, referral, signed_in, who):
    """The physician's release opens the schedule to them, and still the thread is not theirs."""
    case.active(recipients=[case.cast.physician])
    message = say(case.cast.nurse, referral, "aftercare", pdf=scan())
    browser = signed_in(getattr(case.cast, who))
    for name, more in (
        ("messages", ()),
        ("write_message", ("question",)),
        ("check_message", ()),
        ("message_pdf", (message.pk,)),
    ):
        assert browser.get(url(name, referral, *more)).status_code == 404
    assert crossing(case) == []


def test_an_attachment_follows_the_release_of_its_message(case, referral, nurses):
    message = say(case.cast.therapist, referral, category="history", pdf=scan())
    address = url("message_pdf", referral, message.pk)
    assert nurses.get(address).status_code == 404
    release = case.active(in_categories=[C.HISTORY])
    response = nurses.get(address)
    assert response.content.startswith(b"%PDF-")
    assert response["Content-Disposition"] == f'attachment; filename="message-{message.pk}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    (row,) = crossing(case)
    assert (row.items[0][0], row.channel) == ("referrals.messagepdf", "pdf")
    case.revoke(release)
    assert nurses.get(address).status_code == 404
    other = case.send(last_name="Other")
    assert nurses.get(url("message_pdf", other, message.pk)).status_code == 404


# ---------------------------------------------------------------- receipts, and what is new
def test_a_receipt_says_who_of_the_other_side_opened_it_first(case, referral, signed_in, nurses):
    case.active()
    say(case.cast.therapist, referral)
    therapists = signed_in(case.cast.therapist)
    assert "Not opened yet" in page(therapists, referral)
    assert "New to you" in page(nurses, referral)
    again = page(nurses, referral)
    assert "New to you" not in again
    assert "Opened by" not in again  # that is for the house that wrote it
    assert "New to you" in page(signed_in(case.cast.prescriber), referral)
    text = page(therapists, referral)
    assert "Opened by Nora Nurse" in text
    assert "Opened by Pia" not in text


def test_a_list_opens_nothing(case, referral, signed_in, therapist, nurse):
    case.active()
    say(therapist, referral)
    say(nurse, referral)
    for browser, address in ((signed_in(nurse), "/today/"), (signed_in(therapist), "/worklist/")):
        assert browser.get(address).status_code == 200
    assert [row.channel for row in crossing(case)] == ["worklist"] * 2
    assert "Not opened yet" in page(signed_in(nurse), referral)
    assert "Opened by Nora" in page(signed_in(therapist), referral)


def test_new_ones_stand_first_and_the_newest_last(case, referral, nurses):
    case.active()
    therapist = case.cast.therapist
    say(therapist, referral, text="Zqone")
    say(case.cast.nurse, referral, text="Zqours")
    page(nurses, referral)
    say(therapist, referral, text="Zqtwo")
    say(therapist, referral, text="Zqthree", urgent=True)
    text = page(nurses, referral)
    assert re.findall("Zq(one|two|three|ours)", text) == ["two", "three", "one", "ours"]
    assert text.count("Urgent") == 1


def test_what_is_answered_is_named_where_it_may_be_read(case, referral, signed_in):
    release = case.active()
    question = say(case.cast.nurse, referral)
    say(case.cast.therapist, referral, "answer", answers=question.pk)
    therapists = signed_in(case.cast.therapist)
    assert f'href="#message-{question.pk}"' in page(therapists, referral)
    case.revoke(release)
    assert f"message-{question.pk}" not in page(therapists, referral)


# ---------------------------------------------------------------- what waits
@pytest.mark.parametrize("kind", ["question", "scheduling"])
def test_a_message_waits_until_it_is_opened_a_question_until_it_is_answered(
    case, referral, signed_in, therapists, kind
):
    def waits() -> bool:
        return "A message waits for you" in therapists.get("/worklist/").content.decode()

    message = say(case.cast.nurse, referral, kind)
    assert not waits()
    case.active()
    assert waits()
    page(therapists, referral)
    assert waits() == (kind == "question")
    if kind == "question":
        say(case.cast.therapist, referral, "answer", answers=message.pk)
        assert not waits()


def test_beside_another_move_it_waits_and_an_urgent_one_comes_first(case, episode, therapists):
    case.active()
    case.give(hours_ago=30)  # the therapist's window is open
    say(case.cast.nurse, episode.referral)
    text = therapists.get("/worklist/").content.decode()
    assert "Hold or log one session" in text
    assert "A message waits<" in text
    say(case.cast.nurse, episode.referral, urgent=True)
    text = therapists.get("/worklist/").content.decode()
    assert "2 messages wait for you" in text
    assert "Hold or log" not in text


def test_a_viewer_is_not_asked_to_answer(case, referral, signed_in, colleague):
    case.active(recipients=[colleague])
    add_to_case(by=case.cast.therapist, referral=referral, user=colleague)
    say(case.cast.nurse, referral)
    browser = signed_in(colleague)
    assert "A message waits" in browser.get("/worklist/").content.decode()
    assert "Answer<" not in page(browser, referral)
    assert "A message waits" not in browser.get("/worklist/").content.decode()


def test_on_today_it_stands_for_everybody_until_one_opens_it(case, referral, signed_in, nurses):
    say(case.cast.therapist, referral, "scheduling", urgent=True)
    line = "Urgent message: scheduling"
    assert line not in nurses.get("/today/").content.decode()
    case.active(in_categories=[C.SCHEDULE])
    coordinator = signed_in(case.cast.coordinator)
    assert line in nurses.get("/today/").content.decode()
    page(nurses, referral)
    assert line not in coordinator.get("/today/").content.decode()


# ---------------------------------------------------------------- writing
def test_before_sending_it_says_by_name_who_will_read_it(case, referral, therapists):
    keep(case.cast.therapist, referral, category="integration")
    text = therapists.get(url("check_message", referral)).content.decode()
    assert "Nobody there can read it at present" in text
    assert "Send it anyway" in text
    case.active()
    text = therapists.get(url("check_message", referral)).content.decode()
    names = ("Cora Coordinator", "Pia Prescriber, MD", "Nora Nurse, RN", "Kai Kaptherapist")
    assert all(name in text for name in names)
    assert "Ada" not in text
    assert "Send it anyway" not in text
    keep(case.cast.therapist, referral, category="integration", substance_use=True)
    assert "Nobody there" in therapists.get(url("check_message", referral)).content.decode()


def test_the_clinic_sees_who_of_the_practice_will_read_it(case, referral, nurses):
    case.active(recipients=[case.cast.colleague])
    keep(case.cast.nurse, referral, "aftercare")
    text = nurses.get(url("check_message", referral)).content.decode()
    assert "Cole Colleague" in text
    assert "Tess" not in text


def test_from_the_template_to_the_thread(case, referral, therapists, nurses):
    case.active(in_categories=[C.THEMES])
    asked = therapists.get(url("write_message", referral, "check_in")).content.decode()
    assert "A release lets" in asked
    sent = {**content_of("check_in"), "version": 0, "then": "check"}
    response = therapists.post(url("write_message", referral, "check_in"), sent)
    assert response.url == url("check_message", referral)
    form = therapists.get(response.url)
    data = {"form_key": form.context["form"]["form_key"].value(), "version": 1}
    file = SimpleUploadedFile("a.pdf", scan(), "application/pdf")
    for _ in range(2):
        posted = therapists.post(response.url, {**data, "pdf": file})
        assert posted.url == url("messages", referral)
    assert Message.unscoped.get().pdf_pages == 1
    assert "PDF, 1 page" in page(nurses, referral)


def test_an_error_names_the_field_and_keeps_what_was_typed(referral, therapists, therapist):
    data = {**content_of("check_in", mental_status=""), "version": 0}
    response = therapists.post(url("write_message", referral, "check_in"), data)
    text = response.content.decode()
    assert "Say how the client is at present." in text
    assert "Zqsaidthemes" in text
    kept = therapists.post(url("write_message", referral, "check_in"), {**data, "then": "keep"})
    assert kept.url == url("messages", referral)
    assert "You have an unsent message" in page(therapists, referral)
    assert therapists.get(url("check_message", referral)).status_code == 302  # not whole
    again = therapists.get(url("write_message", referral, "check_in")).content.decode()
    assert "Zqsaidthemes" in again


def test_a_refused_file_keeps_the_words(referral, therapists, therapist):
    keep(therapist, referral, category="history")
    address = url("check_message", referral)
    key = therapists.get(address).context["form"]["form_key"].value()
    for content, why in (
        (b"x", "no PDF"),
        (scan(on_opening), "Print it and scan the paper"),
        (b"", "This file is empty"),
    ):
        file = SimpleUploadedFile("a.pdf", content, "application/pdf")
        response = therapists.post(address, {"form_key": key, "version": 1, "pdf": file})
        assert why in response.content.decode()
        assert SAID in response.content.decode()
    assert MessageDraft.objects.of_writer(therapist).exists()


def test_the_second_window_is_told_and_loses_nothing(referral, therapists, therapist):
    keep(therapist, referral, category="history", text="Zqfirst")
    data = {"text": "Zqsecond", "category": "history", "version": 0}
    response = therapists.post(url("write_message", referral, "question"), data)
    text = response.content.decode()
    assert "Zqfirst" in text
    assert "Zqsecond" in text
    assert 'name="version" value="1"' in text
    response = therapists.post(url("write_message", referral, "question"), {**data, "version": 1})
    assert response.url == url("check_message", referral)


def test_what_is_not_there_to_be_answered_is_no_page(case, referral, therapists, nurses):
    question = say(case.cast.nurse, referral)
    for to in (question.pk, 999_999, "x", ""):
        address = f"{url('write_message', referral, 'answer')}?to={to}"
        assert therapists.get(address).status_code == 404
    assert therapists.get(url("write_message", referral, "aftercare")).status_code == 404
    case.active()
    address = f"{url('write_message', referral, 'answer')}?to={question.pk}"
    assert SAID in therapists.get(address).content.decode()


def test_queries_do_not_grow_with_the_thread(case, referral, nurses, django_assert_max_num_queries):
    case.active()
    for _ in range(6):
        say(case.cast.therapist, referral)
        say(case.cast.nurse, referral)
    with django_assert_max_num_queries(40):
        page(nurses, referral)
