"""Scores on pages: the clinic's own, the timeline of outside readers, the PDF, the drawing."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from audit.models import AuditEvent
from consent.actions.links import open_with
from consent.enums import Category
from consent.models import Disclosure
from people.formats import day
from sessions.actions.outcomes import mark_in_error
from sessions.enums.outcomes import SCORED
from sessions.instruments import PHQ9, QUESTIONNAIRES
from sessions.models import CareEvent, OutcomeResponse, QuestionLink, SafetyAlert, Satisfaction
from sessions.outcomes import outcomes
from sessions.reading import read_outcomes
from tests.consent.visiting import BORN
from tests.sessions.asking import I, enter, token_for

pytestmark = pytest.mark.usefixtures("episode")
C = Category


def shown(answer) -> str:
    if answer.headers["Content-Type"] == "application/pdf":
        pages = PdfReader(io.BytesIO(answer.content)).pages
        return "\n".join(page.extract_text() for page in pages)
    return answer.content.decode()


def url(name: str, *args) -> str:
    return reverse(f"care:{name}", args=args)


def down(case) -> None:
    """19 → 12 → 9 with one of 25 in between that was entered in error, and two doses."""
    for score, days_ago in ((19, 28), (12, 9), (9, 2)):
        enter(case, score=score, days_ago=days_ago)
    mark_in_error(
        by=case.cast.nurse, response=enter(case, score=23, days_ago=5), reason="Other paper"
    )
    case.give(hours_ago=20 * 24)
    case.give(hours_ago=6 * 24)


def read(case, who="prescriber") -> list:
    found = read_outcomes(getattr(case.cast, who), case.referral)
    return outcomes(found.of(OutcomeResponse), found.of(CareEvent))


# ------------------------------------------------------------------ table and drawing
def test_table_and_drawing_hold_the_same_numbers(case):
    down(case)
    [phq9] = read(case)
    counted = [row.score for row in phq9.rows if row.score is not None]
    for chart in (phq9.wide, phq9.narrow):
        assert [mark.score for mark in chart.marks] == counted[::-1] == [19, 12, 9]
        assert len(chart.doses) == 2
        assert [mark.reached for mark in chart.marks] == [False, False, True]
        assert [rule.text for rule in chart.rules] == ["Response: 9 or below", "Remission: below 5"]
        for mark in chart.marks:  # higher scores lie higher, each in the band of its name
            place = next(
                place
                for place, stripe in enumerate(chart.stripes)
                if stripe.y <= mark.y <= stripe.y + stripe.height
            )
            assert PHQ9.bands[place] == PHQ9.band(mark.score)
    assert [(row.score, row.band, row.change) for row in phq9.rows] == [
        (9, "Mild", "−10 (−53%), response"),
        (None, "Entered in error", ""),
        (12, "Moderate", "−7 (−37%)"),
        (19, "Moderately severe", "Baseline"),
    ]
    assert phq9.lead == f"9 on {day(timezone.now() - timedelta(days=2))}, down 10 from baseline."
    assert phq9.more == "Mild. Response."


@pytest.mark.parametrize("instrument", SCORED)
@pytest.mark.parametrize("share", [0, 0.2, 0.4, 1])
def test_every_mark_and_word_stays_in_the_frame(case, instrument, share):
    most = QUESTIONNAIRES[instrument].most - 3  # item 9 stays 0
    enter(case, instrument, round(most * share), days_ago=20)
    for _ in range(3):
        enter(case, instrument, most)
    [one] = read(case)
    for chart in (one.wide, one.narrow):
        for mark in chart.marks:
            assert chart.left <= mark.x <= chart.right - 10
            assert chart.top <= mark.y <= chart.bottom
        assert chart.marks[-1].text == str(most)
        assert [mark.text for mark in chart.marks][1:3] == ["", ""]  # not written over another


def test_of_errors_alone_nothing_is_drawn(case):
    mark_in_error(by=case.cast.nurse, response=enter(case), reason="Other paper")
    [phq9] = read(case)
    assert (phq9.wide, phq9.last, phq9.lead) == (None, None, "No score counts.")


# ------------------------------------------------------------------ the clinic
def test_the_outcomes_page_shows_scores_and_satisfaction(case, signed_in):
    down(case)
    enter(case, I.SATISFACTION, 12, comment="Warmer blankets.")
    text = shown(signed_in(case.cast.coordinator).get(url("outcomes", case.episode.pk)))
    for words in ("−10 (−53%), response", "Warmer blankets.", "Entered in error", "5 of 5, fully"):
        assert words in text
    assert text.count("<svg viewBox") >= 2
    assert not Disclosure.objects.exists()  # what the clinic wrote itself is no disclosure


def test_without_answers_it_says_what_to_do(case, signed_in):
    text = shown(signed_in(case.cast.nurse).get(url("outcomes", case.episode.pk)))
    assert "ask before the first dose" in text
    assert "Not asked yet." in text


def test_the_case_shows_the_newest_score(case, signed_in):
    browser = signed_in(case.cast.nurse)
    assert "No questionnaire is answered yet." in shown(browser.get(url("case", case.episode.pk)))
    down(case)
    text = shown(browser.get(url("case", case.episode.pk)))
    assert "<b>9</b> Mild" in text
    assert "9 of 27: Mild." in text  # among the notes by day


def test_staff_enter_answers_and_keep_what_they_typed(case, signed_in):
    browser, address = signed_in(case.cast.nurse), url("enter_answers", case.episode.pk, 2)
    page = browser.get(address)
    assert " checked>" not in shown(page)
    assert shown(page).count('type="radio"') == 28
    sent = {f"item_{n}": "2" for n in range(1, 7)}
    sent |= {"form_key": str(page.context["form"]["form_key"].value()), "answered_at": "soon"}
    refused = shown(browser.post(address, sent))
    assert "Question 7: choose an answer." in refused
    assert "Enter date and time such as" in refused
    assert refused.count(" checked>") == 6
    assert 'value="soon"' in refused
    sent |= {"item_7": "3", "answered_at": page.context["form"]["answered_at"].initial}
    sent["answered_at"] = timezone.localtime().strftime("%d-%b-%Y %H:%M")
    for _ in range(2):
        assert browser.post(address, sent).url == url("outcomes", case.episode.pk)
    assert OutcomeResponse.unscoped.get().score == 15
    assert browser.get(url("enter_answers", case.episode.pk, 9)).status_code == 404


def test_satisfaction_is_entered_by_the_same_form(case, signed_in):
    browser, address = signed_in(case.cast.nurse), url("enter_answers", case.episode.pk, 4)
    key = str(browser.get(address).context["form"]["form_key"].value())
    at = timezone.localtime().strftime("%d-%b-%Y %H:%M")
    sent = {"form_key": key, "answered_at": at, "item_1": "5", "item_2": "4", "item_3": "5"}
    assert browser.post(address, sent).status_code == 302
    assert Satisfaction.objects.get().answers == "545"


def test_the_answers_of_one_response_and_its_error(case, signed_in):
    row = enter(case, score=12, item_9=1, difficulty=1)
    address = url("answers", case.episode.pk, row.pk)
    browser = signed_in(case.cast.nurse)
    text = shown(browser.get(address))
    for words in ("better off dead", "Moderate 10–14", "Somewhat difficult", "Several days"):
        assert words in text
    assert "Fill in: what is wrong with it." in shown(browser.post(address, {"reason": ""}))
    assert browser.post(address, {"reason": "Other paper"}).status_code == 302
    text = shown(browser.get(address))
    assert "Entered in error: it does not count" in text
    assert "Mark as entered in error" not in text
    missing = url("answers", case.episode.pk, row.pk + 1)
    assert browser.get(missing).status_code == 404


@pytest.mark.parametrize("who", ["administrator", "therapist", "physician", "superuser"])
def test_these_pages_are_the_clinics_own(case, who, signed_in):
    row = enter(case, item_9=1)
    case.active(out_categories=[C.OUTCOMES])
    pk, browser = case.episode.pk, signed_in(getattr(case.cast, who))
    alert = SafetyAlert.objects.get().pk
    pages = [url("outcomes", pk), url("answers", pk, row.pk), url("enter_answers", pk, 1)]
    for address in [*pages, url("ask", pk), url("alert", alert)]:
        assert browser.get(address).status_code == 404
        assert browser.post(address).status_code == 404


def test_the_coordinator_cannot_mark_an_error(case, signed_in):
    row = enter(case)
    browser, address = (
        signed_in(case.cast.coordinator),
        url("answers", case.episode.pk, row.pk),
    )
    assert "Mark as entered in error" not in shown(browser.get(address))
    assert browser.post(address, {"reason": "x"}).status_code == 403


def test_a_link_is_shown_once(case, signed_in):
    browser, address = signed_in(case.cast.coordinator), url("ask", case.episode.pk)
    assert " checked>" not in shown(browser.get(address))
    assert "Choose at least one questionnaire." in shown(browser.post(address))
    assert not QuestionLink.objects.exists()
    made = shown(browser.post(address, {"asked": ["phq9", "satisfaction"]}))
    assert "/q/" in made
    assert "It is shown this once" in made
    again = shown(browser.get(address))
    assert "/q/" not in again
    assert "A link is open already: PHQ-9, Satisfaction" in again
    assert "555 0199" in again  # whom to call about it


def test_a_link_that_went_astray_is_called_back(case, signed_in):
    token, close = token_for(case), url("close_questions", case.episode.pk)
    assert signed_in(case.cast.administrator).post(close).status_code == 404
    assert f'action="{close}"' in shown(
        signed_in(case.cast.coordinator).get(url("outcomes", case.episode.pk))
    )
    browser = signed_in(case.cast.nurse)
    for _ in range(2):
        assert browser.post(close).url == url("outcomes", case.episode.pk)
    assert open_with(QuestionLink, token, BORN) is None
    event = AuditEvent.objects.get(event="questions.link_closed")
    assert (event.actor_id, event.client_id) == (case.cast.nurse.pk, case.client.pk)
    assert f'action="{close}"' not in shown(browser.get(url("ask", case.episode.pk)))


# ------------------------------------------------------------------ outside readers
@pytest.mark.parametrize("name", ["timeline", "timeline_notes", "timeline_pdf"])
@pytest.mark.pango
def test_a_release_with_the_category_opens_scores_and_no_answer(case, name, signed_in):
    down(case)
    enter(case, score=8, item_9=2, difficulty=3)
    case.active(out_categories=[C.OUTCOMES])
    answer = signed_in(case.cast.therapist).get(url(name, case.referral.pk))
    text = shown(answer)
    assert "PHQ-9" in text
    if name == "timeline_notes":
        assert "8 of 27: Mild." in text
    else:
        assert "−11 (−58%), response" in text
    for never in ("better off dead", "Extremely difficult", "Item 9", "Other paper", "Answers<"):
        assert never not in text
    for never in ("Dose 1", "j-dose"):
        assert never not in text  # the schedule is not opened
    [row] = Disclosure.objects.filter(reader_id=case.cast.therapist.pk)
    assert row.categories == ["outcomes"]
    assert {item[0] for item in row.items} == {"care_sessions.outcomeresponse"}
    assert len(row.items) == 5


@pytest.mark.parametrize("name", ["timeline", "timeline_notes", "timeline_pdf"])
@pytest.mark.pango
def test_a_release_without_it_leaves_no_trace_of_scores(case, name, signed_in):
    down(case)
    case.active(out_categories=[C.SCHEDULE])
    text = shown(signed_in(case.cast.therapist).get(url(name, case.referral.pk)))
    assert "PHQ-9" not in text
    assert "Outcomes" not in text
    [row] = Disclosure.objects.filter(reader_id=case.cast.therapist.pk)
    assert row.categories == ["schedule"]


def test_doses_are_drawn_for_whom_the_schedule_is_open(case, signed_in):
    down(case)
    case.active(out_categories=[C.OUTCOMES, C.SCHEDULE])
    text = shown(signed_in(case.cast.therapist).get(url("timeline", case.referral.pk)))
    drawing = text.split('id="phq9-chart-w"')[1].split("</svg>")[0]
    assert drawing.count('class="j-dose"') == 2
    assert "Reached" not in drawing


def test_what_was_answered_is_not_even_loaded_for_a_reader(case):
    enter(case, item_9=3)
    case.active(out_categories=[C.OUTCOMES])
    [row] = read_outcomes(case.cast.therapist, case.referral).of(OutcomeResponse)
    assert row.get_deferred_fields() == {"answers", "difficulty"}
    assert row.score == 12


def test_satisfaction_and_alerts_go_nowhere(case, signed_in):
    enter(case, item_9=3)
    enter(case, I.SATISFACTION, 3, comment="Zqblanket")
    case.active()
    text = shown(signed_in(case.cast.therapist).get(url("timeline", case.referral.pk)))
    assert "Zqblanket" not in text
    assert "afety alert" not in text
