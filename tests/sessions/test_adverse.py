"""Adverse events: recorded at any time, followed up, corrected, reviewed by a prescriber."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from people.formats import moment
from sessions.actions import adverse, observing
from sessions.adverse_events import adverse_events_of, unreviewed_adverse_events
from sessions.enums.observing import Grade, Outcome
from sessions.models import AdverseEvent, AdverseEventReview, AdverseEventUpdate, SafetyAlert
from tests.builder import Builder
from tests.sessions.sheets import EVENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_utc")]
DAY = timedelta(days=1)


def record(case, key=None, **changes) -> AdverseEvent:
    usual = {"by": case.cast.nurse, "episode": case.episode, "at": timezone.now()}
    values = {**EVENT, **changes.pop("values", {})}
    return adverse.record_adverse_event(
        **{**usual, **changes}, form_key=key or uuid4(), values=values
    )


def update(case, event, key=None, **changes) -> AdverseEventUpdate:
    usual = {"by": case.cast.nurse, "event": event, "at": timezone.now()}
    values = {"severity": Grade.MODERATE, "outcome": Outcome.RECOVERED, "note": ""}
    values |= changes.pop("values", {})
    return adverse.update_adverse_event(
        **{**usual, **changes}, form_key=key or uuid4(), values=values
    )


def review(case, event, **changes) -> AdverseEventReview:
    usual = {"by": case.cast.prescriber, "event": event, "finding": "Expected"}
    return adverse.review_adverse_event(**{**usual, "form_key": uuid4(), **changes})


# ---------------------------------------------------------------- actions


@pytest.fixture
def open_case(case, episode):
    case.episode = episode
    return case


def test_recorded_once_by_those_who_treat(open_case):
    case, key = open_case, uuid4()
    assert len({record(case, key).pk for _ in range(2)}) == 1
    assert AuditEvent.objects.filter(event="adverse_event.recorded").count() == 1
    event = AdverseEvent.objects.get()
    for name, user in case.cast.everybody().items():
        if name not in {"nurse", "prescriber", "kaptherapist"}:
            for act in (record, lambda c, **more: update(c, event, **more)):
                with pytest.raises(PermissionDenied):
                    act(case, by=user)
        if name != "prescriber":
            with pytest.raises(PermissionDenied):
                review(case, event, by=user)


@pytest.mark.parametrize(
    "values",
    [
        {"severity": Grade.DEATH, "outcome": Outcome.RECOVERED},
        {"severity": Grade.SEVERE, "outcome": Outcome.FATAL},
    ],
)
def test_death_is_fatal_and_nothing_else_is(open_case, values):
    case, event = open_case, record(open_case)
    for act in (lambda: record(case, values=values), lambda: update(case, event, values=values)):
        with pytest.raises(ValidationError, match="Grade 5 is death"):
            act()
    row = {"episode": case.episode, "at": event.at, "recorded_by": case.cast.nurse, "what": "x"}
    for write in (
        lambda: AdverseEvent.objects.create(**row, **values),
        lambda: AdverseEventUpdate.objects.create(
            event=event, at=event.at, recorded_by=case.cast.nurse, **values
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_the_dose_is_one_of_the_clients(open_case, cast):
    other = Builder(cast)
    other.begin_care()
    elsewhere = other.plan(timezone.now())
    with pytest.raises(ValidationError, match="dose of this client"):
        record(open_case, values={"dosing": elsewhere})
    row = {"episode": open_case.episode, "at": timezone.now(), "recorded_by": cast.nurse}
    with pytest.raises(DatabaseError), transaction.atomic():
        AdverseEvent.objects.create(**row, **EVENT, dosing=elsewhere)


def test_the_newest_update_tells_how_it_is(open_case):
    case, event, key = open_case, record(open_case), uuid4()
    assert (event.now.severity, event.now.outcome) == (Grade.MODERATE, Outcome.RECOVERING)
    assert len({update(case, event, key).pk for _ in range(2)}) == 1
    worse = {"severity": Grade.SEVERE, "outcome": Outcome.SEQUELAE}
    update(case, event, values=worse)
    event.refresh_from_db()
    assert (event.now.severity, event.now.outcome) == (Grade.SEVERE, Outcome.SEQUELAE)
    assert "Severe, recovered with lasting effects." in event.sentence
    with pytest.raises(ValidationError, match="future"):
        update(case, event, at=timezone.now() + DAY)


def test_a_severe_event_alerts_the_clinic_once_however_it_came_to_be_severe(open_case):
    severe = {"severity": Grade.SEVERE}
    mild = record(open_case)
    assert not SafetyAlert.objects.exists()
    update(open_case, mild, values=severe)
    update(open_case, mild, values=severe)
    at_once = record(open_case, values=severe)
    other = record(open_case)
    content = {"reason": "mistyped", "at": other.at}
    by = {"by": open_case.cast.nurse}
    worse = adverse.correct_adverse_event(
        **by, row=other, form_key=uuid4(), values=severe, **content
    )
    adverse.correct_adverse_event(
        **by, row=at_once, form_key=uuid4(), values={"what": "Fell twice"}, **content
    )
    sources = [row.source.split(":")[1] for row in SafetyAlert.objects.filter(kind="adverse_event")]
    assert sources == [str(row.pk) for row in (mild, at_once, worse)]


def test_it_is_reviewed_again_when_it_went_on_or_was_corrected(open_case):
    case, event = open_case, record(open_case)

    def waiting() -> list[int]:
        return [each.pk for each in unreviewed_adverse_events(case.cast.clinic)]

    assert waiting() == [event.pk]
    with pytest.raises(ValidationError, match="what you found"):
        review(case, event, finding=" ")
    key = uuid4()
    assert len({review(case, event, form_key=key).pk for _ in range(2)}) == 1
    assert waiting() == []
    update(case, event)
    assert waiting() == [event.pk]
    review(case, event)
    new = observing.correct(
        by=case.cast.nurse,
        row=event,
        form_key=uuid4(),
        reason="wrong room",
        at=event.at,
        values={"what": "Slipped"},
    )
    assert waiting() == [new.pk]
    for act in (update, review):
        with pytest.raises(ValidationError, match="corrected meanwhile"):
            act(case, event)


def test_what_counts_in_a_period(open_case):
    case, now = open_case, timezone.now()
    old, recent = record(case, at=now - 9 * DAY), record(case, at=now - DAY)
    withdrawn = record(case, at=now - DAY)
    observing.withdraw(by=case.cast.nurse, row=withdrawn, form_key=uuid4(), reason="x")
    update(case, recent, values={"severity": Grade.SEVERE})

    def found(since, until, clinic=case.cast.clinic):
        return [(e.pk, e.now.severity) for e in adverse_events_of(clinic, since, until)]

    assert found(now - 10 * DAY, now) == [(old.pk, 2), (recent.pk, 3)]
    assert found(recent.at, now) == [(recent.pk, 3)]
    assert found(now - 10 * DAY, recent.at) == [(old.pk, 2)]
    assert found(now - 10 * DAY, now, case.cast.practice) == []


def test_an_event_stays_with_its_dose(open_case):
    dosing = open_case.give(hours_ago=3)
    event = dosing.adverse_events.get()
    row = {"episode": open_case.episode, "at": event.at, "recorded_by": event.recorded_by}
    with pytest.raises(DatabaseError), transaction.atomic():
        AdverseEvent.objects.create(**row, **EVENT, corrects=event, reason="x")


# ---------------------------------------------------------------- pages


def sent(**changes):
    words = {"what": "Fell in the corridor", "severity": "2", "outcome": "recovering"}
    return {"form_key": uuid4(), "at": moment(timezone.now()), **words, **changes}


def shown(response) -> str:
    return response.content.decode()


def test_from_the_flow_sheet_and_from_the_case(open_case, signed_in):
    case, browser = open_case, signed_in(open_case.cast.nurse)
    dosing = case.give(hours_ago=3)
    address = reverse("care:record_adverse_event", args=[case.episode.pk])
    page = shown(browser.get(f"{address}?dose={dosing.pk}"))
    assert f'value="{dosing.pk}" selected' in page
    answer = browser.post(f"{address}?dose={dosing.pk}", sent(dosing=dosing.pk))
    assert answer.url == reverse("care:dosing", args=[dosing.pk])
    sheet = shown(browser.get(answer.url))
    assert "Adverse event: Fell in the corridor. Moderate, recovering." in sheet
    assert browser.post(address, sent(what="Later")).url == reverse(
        "care:case", args=[case.episode.pk]
    )
    page = shown(browser.get(reverse("care:case", args=[case.episode.pk])))
    assert "Later" in page
    assert "Not reviewed" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"what": ""}, "Fill in: what happened."),
        ({"severity": "6"}, "Select a valid choice."),
        ({"severity": "5"}, "Grade 5 is death"),
        ({"at": "14-Jul-2099 10:00"}, "This is in the future."),
        ({"dosing": "999999"}, "Select a valid choice."),
    ],
)
def test_an_event_that_is_refused_keeps_what_was_typed(changes, words, open_case, signed_in):
    browser = signed_in(open_case.cast.nurse)
    address = reverse("care:record_adverse_event", args=[open_case.episode.pk])
    answer = browser.post(f"{address}?dose=none", sent(actions_taken="Held her hand", **changes))
    assert words in shown(answer)
    assert "Held her hand" in shown(answer)
    assert not AdverseEvent.objects.exists()


def test_its_page_tells_the_course_and_takes_the_review(open_case, signed_in):
    case, event = open_case, record(open_case)
    nurses, prescribers = signed_in(case.cast.nurse), signed_in(case.cast.prescriber)
    address = reverse("care:adverse_event", args=[event.pk])
    data = {**sent(), "severity": "3", "outcome": "recovered", "note": "Walked again"}
    assert nurses.post(f"{address}update/", data).status_code == 302
    page = shown(nurses.get(address))
    assert "Grade 3, severe" in page
    assert "Walked again" in page
    assert "What you found" not in page
    assert "No prescriber reviewed it" in page
    refused = prescribers.post(f"{address}review/", {"form_key": uuid4(), "finding": ""})
    assert "Fill in: what you found." in shown(refused)
    found = {"form_key": uuid4(), "finding": "Rail was loose"}
    assert prescribers.post(f"{address}review/", found).status_code == 302
    page = shown(prescribers.get(address))
    assert "Rail was loose" in page
    assert "What you found" not in page


def test_it_is_corrected_on_a_page_of_its_own(open_case, signed_in):
    event, browser = record(open_case), signed_in(open_case.cast.nurse)
    address = reverse("care:correct_adverse_event", args=[event.pk])
    assert "Fell" in shown(browser.get(address))
    data = sent(at=moment(event.at), what="Slipped", reason="")
    assert "Fill in: why." in shown(browser.post(address, data))
    answer = browser.post(address, {**data, "reason": "asked again"})
    new = AdverseEvent.objects.get(corrects=event)
    assert answer.url == reverse("care:adverse_event", args=[new.pk])
    assert "<s>Fell</s>" in shown(browser.get(answer.url))
    old = shown(browser.get(reverse("care:adverse_event", args=[event.pk])))
    assert "This was corrected" in old
    assert "How is it now?" not in old
    gone = reverse("care:withdraw_adverse_event", args=[new.pk])
    assert browser.post(gone, {"form_key": uuid4(), "reason": ""}).status_code == 200
    assert browser.post(gone, {"form_key": uuid4(), "reason": "twice"}).status_code == 302
    assert not AdverseEvent.objects.current().exists()
    case = shown(browser.get(reverse("care:case", args=[open_case.episode.pk])))
    assert "None is recorded." in case
