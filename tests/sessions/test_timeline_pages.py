"""The timeline: what is permitted and no trace of the rest, one row of the ledger a reading."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consent.models import Disclosure
from people.formats import moment
from people.pdf import pdf_available
from sessions.models import IntegrationSession
from tests.builder import Builder
from tests.factories import CLINIC, CLINIC_SENSITIVE, INTERNAL
from tests.releases import EVERYTHING, STATES

pytestmark = pytest.mark.django_db
NO_RELEASE = "No release lets you read the clinic’s notes at present"
CLOSED = [state for state in STATES if state not in ("active", "other_category")]


def at(name, case, query=""):
    return reverse(f"care:{name}", args=[case.referral.pk]) + query


def shown(response) -> str:
    return response.content.decode()


def written(answer) -> set[str]:
    """The categories of the clinic's own words that can be read in an answer."""
    text = shown(answer)
    assert INTERNAL not in text
    return {str(category) for category, words in CLINIC.items() if words in text}


@pytest.fixture
def whole(full_case):
    return full_case


@pytest.mark.parametrize("state", CLOSED)
@pytest.mark.parametrize("name", ["timeline", "timeline_notes", "timeline_pdf"])
def test_without_a_release_in_force(name, state, whole, signed_in, monkeypatch):
    whole.make_release(state, **EVERYTHING)
    answer = signed_in(whole.referrer).get(at(name, whole))
    if name != "timeline":
        assert answer.status_code in ((404,) if pdf_available() else (404, 503))
    else:
        assert NO_RELEASE in shown(answer)
        assert not written(answer)
        assert "Dose" not in shown(answer)
        assert "I held this session" not in shown(answer)
    assert not Disclosure.objects.filter(reader_id=whole.referrer.pk).exists()


def test_the_referral_is_linked_for_its_own_practice_alone(cast, whole, signed_in):
    whole.active(recipients=[cast.therapist, cast.physician], **EVERYTHING)
    link = reverse("referrals:detail", args=[whole.referral.pk])
    assert link in shown(signed_in(cast.therapist).get(at("timeline", whole)))
    assert link not in shown(signed_in(cast.physician).get(at("timeline", whole)))


def test_what_the_referrer_sees_without_a_release_says_nothing_of_the_clinic(
    cast, whole, signed_in
):
    sent = Builder(cast)
    sent.send()

    def page(case):
        text = shown(signed_in(cast.therapist).get(at("timeline", case)))
        return text.split("<main")[1].split("</main")[0].replace(f"/{case.referral.pk}/", "/#/")

    assert page(whole) == page(sent)


@pytest.mark.parametrize("who", ["colleague", "stranger", "physician", "superuser"])
@pytest.mark.parametrize("name", ["timeline", "timeline_notes", "timeline_pdf", "log_session"])
def test_nobody_else_finds_the_case(name, who, cast, whole, signed_in):
    whole.active(**EVERYTHING)
    browser = signed_in(getattr(cast, who))
    assert browser.get(at(name, whole)).status_code == 404
    assert browser.post(at(name, whole)).status_code == 404


@pytest.mark.parametrize("who", ["nurse", "prescriber", "administrator", "coordinator"])
def test_the_clinic_has_its_own_page(who, cast, whole, signed_in):
    assert signed_in(getattr(cast, who)).get(at("timeline", whole)).status_code == 404


def test_each_reader_sees_their_own_categories_and_nothing_else(cast, whole, signed_in):
    whole.active(out_categories=["response", "integration"])
    whole.active(recipients=[cast.physician], out_categories=["safety"])
    first = signed_in(cast.therapist).get(at("timeline", whole))
    assert written(first) == {"response", "integration"}
    assert CLINIC_SENSITIVE not in shown(first)
    second = signed_in(cast.physician).get(at("timeline", whole))
    assert written(second) == {"safety"}
    assert "Safety" in shown(second).split("Notes by day")[0]
    rows = Disclosure.objects.order_by("pk")
    assert [(row.reader_id, row.channel) for row in rows] == [
        (cast.therapist.pk, "page"),
        (cast.physician.pk, "page"),
    ]
    assert rows[0].categories == ["integration", "response"]
    assert rows[1].categories == ["safety"]


def test_a_release_without_the_schedule_shows_no_dose_and_no_date_of_one(whole, signed_in):
    whole.active(out_categories=["response"])
    text = shown(signed_in(whole.referrer).get(at("timeline", whole)))
    assert "Dose" not in text
    assert "I held this session" not in text
    assert "kc-journey" not in text


def test_the_scope_and_its_end_stand_above(whole, signed_in):
    release = whole.active(out_categories=["response"], sensitivities=["substance_use"])
    text = shown(signed_in(whole.referrer).get(at("timeline", whole)))
    assert release.number in text
    assert "42 CFR part 2 prohibits" in text
    assert text.index(release.number) < text.index("Notes by day")
    assert "esponse" in text.split('class="kc-release"')[1].split("</dl>")[0]
    assert "<title>Care timeline, kapcare" in text


def test_withdrawn_the_open_page_refuses_the_next_click(whole, signed_in):
    release = whole.active(**EVERYTHING)
    browser = signed_in(whole.referrer)
    assert written(browser.get(at("timeline", whole)))
    whole.revoke(release)
    assert browser.get(at("timeline_notes", whole)).status_code == 404
    assert NO_RELEASE in shown(browser.get(at("timeline", whole)))
    assert Disclosure.objects.count() == 1


@pytest.mark.parametrize(
    ("show", "clinic", "own"), [("all", 1, 1), ("others", 1, 0), ("ours", 0, 1)]
)
def test_the_fragment_shows_what_the_page_shows(show, clinic, own, whole, signed_in):
    whole.log_session(timezone.now() - timedelta(hours=4))
    whole.active(**EVERYTHING)
    browser = signed_in(whole.referrer)
    fragment = browser.get(at("timeline_notes", whole, f"?show={show}"))
    page = browser.get(at("timeline", whole, f"?show={show}"))
    for answer in (fragment, page):
        notes = shown(answer).split('id="notes"')[1].split("</section>")[0]
        assert (CLINIC["response"] in notes) == bool(clinic)
        assert ("Your session" in notes) == bool(own)
    rows = Disclosure.objects.filter(channel="fragment")
    assert rows.count() == clinic
    assert "<html" not in shown(fragment)


def test_the_document_states_scope_reader_and_time(whole, signed_in, monkeypatch):
    from sessions.views import timeline

    monkeypatch.setattr(timeline, "pdf_available", lambda: True)
    drawn = {}

    def keep(request, template, context, filename):
        from django.http import HttpResponse
        from django.template.loader import render_to_string

        drawn["html"], drawn["name"] = render_to_string(template, context, request), filename
        return HttpResponse("pdf")

    monkeypatch.setattr(timeline, "pdf_response", keep)
    release = whole.active(**EVERYTHING, sensitivities=["substance_use"])
    assert signed_in(whole.referrer).get(at("timeline_pdf", whole)).status_code == 200
    for words in (release.number, "Tess Therapist", "42 CFR part 2", CLINIC["response"]):
        assert words in drawn["html"]
    assert drawn["name"] == "care-timeline.pdf"
    assert Disclosure.objects.get().channel == "pdf"


def test_where_pango_is_missing_the_button_says_what_to_install(whole, signed_in, monkeypatch):
    from sessions.views import timeline

    monkeypatch.setattr(timeline, "pdf_available", lambda: False)
    whole.active(**EVERYTHING)
    browser = signed_in(whole.referrer)
    assert "libpango" in shown(browser.get(at("timeline", whole)))
    assert browser.get(at("timeline_pdf", whole)).status_code == 503
    assert not Disclosure.objects.filter(channel="pdf").exists()


def session(**changes):
    when = moment(timezone.now() - timedelta(minutes=5))
    return {"form_key": uuid4(), "at": when, "state": "held", **changes}


def test_i_held_this_session_in_two_clicks(whole, signed_in):
    whole.active(**EVERYTHING)
    browser = signed_in(whole.referrer)
    assert at("log_session", whole) in shown(browser.get(at("timeline", whole)))
    data = session()
    for _ in range(2):
        answer = browser.post(at("log_session", whole), data)
        assert answer.url == at("timeline", whole)
    assert IntegrationSession.unscoped.count() == 1
    assert "Your session" in shown(browser.get(at("timeline", whole)))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"at": "14-Jul-2099 10:00"}, "This is in the future."),
        ({"at": "14-Jul-2020 10:00"}, "This is more than a month ago."),
        ({"at": "31-Feb-2026 10:00"}, "Enter date and time such as"),
        ({"state": "maybe"}, "Select a valid choice."),
    ],
)
def test_a_session_that_cannot_be(changes, words, whole, signed_in):
    whole.active(**EVERYTHING)
    answer = signed_in(whole.referrer).post(at("log_session", whole), session(**changes))
    assert words in shown(answer)
    assert not IntegrationSession.unscoped.exists()


@pytest.mark.parametrize("state", [*CLOSED, "other_category"])
def test_without_known_doses_there_is_no_session_to_log(state, whole, signed_in):
    whole.make_release(state, **EVERYTHING)
    browser = signed_in(whole.referrer)
    assert browser.get(at("log_session", whole)).status_code == 404
    assert browser.post(at("log_session", whole), session()).status_code == 404


def test_the_clinic_logs_its_sessions_from_the_case(cast, whole, signed_in):
    answer = signed_in(cast.kaptherapist).post(at("log_session", whole), session())
    assert answer.url == reverse("care:case", args=[whole.episode.pk])
    assert signed_in(cast.coordinator).post(at("log_session", whole)).status_code == 404


def test_whoever_cannot_see_the_sessions_is_told_of_no_missed_window(cast, whole, signed_in):
    whole.active(recipients=[cast.physician], **EVERYTHING)
    text = shown(signed_in(cast.physician).get(at("timeline", whole)))
    drawing = text.split('class="kc-legend"')[0]
    assert "j-win--untold" in drawing
    assert "j-win--missed" not in drawing
    assert "j-need" not in drawing
    assert "none held" not in text
    assert "No session is logged yet" not in text


def test_the_number_of_queries_does_not_grow_with_the_rows(case, episode, signed_in):
    case.active(**EVERYTHING)
    browser = signed_in(case.referrer)

    def queries():
        with CaptureQueriesContext(connection) as found:
            browser.get(at("timeline", case))
        return len(found)

    case.give(hours_ago=80)
    case.note({"response": "one"})
    case.log_session(timezone.now() - timedelta(hours=75))
    queries()
    most = queries()
    assert most <= 36
    for hours in (60, 40, 20):
        case.give(hours_ago=hours)
        case.note({"response": "more", "safety": "more"})
        case.log_session(timezone.now() - timedelta(hours=hours - 5))
    assert queries() <= most
