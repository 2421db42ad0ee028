"""Answers and alerts in the database: computed scores, one row a form, nothing taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from audit.models import AuditEvent
from sessions.actions.alerts import acknowledge_alert, open_alerts, raise_alert
from sessions.actions.outcomes import Answers, mark_in_error, record_answers
from sessions.enums.outcomes import SCORED, AlertKind
from sessions.instruments import QUESTIONNAIRES
from sessions.models import OutcomeError, OutcomeResponse, SafetyAlert, Satisfaction
from tests.sessions.asking import I, digits, enter

pytestmark = pytest.mark.usefixtures("episode")
CLINICAL = ["prescriber", "nurse", "kaptherapist", "coordinator"]
NOT_CLINICAL = ["administrator", "therapist", "physician", "stranger", "superuser"]


def events(name: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(event=name))


def refused(attempt) -> bool:
    try:
        with transaction.atomic():
            attempt()
    except DatabaseError:
        return True
    return False


# ------------------------------------------------------------------ the score
@pytest.mark.parametrize("instrument", SCORED)
def test_the_database_computes_what_the_rule_computes(case, instrument):
    questionnaire = QUESTIONNAIRES[instrument]
    every = [questionnaire.digits, "0", questionnaire.digits[-1], "12", "203"]
    for answers in ((each * 20)[: len(questionnaire.items)] for each in every):
        given = Answers(instrument, answers)
        row = record_answers(
            by=case.cast.nurse,
            episode=case.episode,
            form_key=uuid4(),
            answers=given,
            at=timezone.now(),
        )
        assert row.score == questionnaire.score(answers)
        row.refresh_from_db()
        assert row.score == sum(map(int, answers))


def test_a_score_can_be_written_in_no_way(case):
    row = enter(case, score=12)
    mine = OutcomeResponse.unscoped.filter(pk=row.pk)
    copy = OutcomeResponse.unscoped.get(pk=row.pk)
    copy.pk, copy.form_key, copy.score = None, uuid4(), 3
    copy.save(force_insert=True)
    assert OutcomeResponse.unscoped.get(pk=copy.pk).score == 12
    mine.update(score=3)  # Django leaves it out, and nothing is left to update
    columns = "score, answers, instrument"
    for statement in (
        "UPDATE care_sessions_outcomeresponse SET score = 3",
        f"INSERT INTO care_sessions_outcomeresponse ({columns}) VALUES (3, '000', 'phq9')",  # noqa: S608
    ):
        with pytest.raises(Exception, match="(?i)generated|score"), transaction.atomic():
            connection.cursor().execute(statement)
    assert mine.get().score == 12


@pytest.mark.parametrize(
    ("instrument", "answers"),
    [
        (I.PHQ9, "00000000"),
        (I.PHQ9, "0000000000"),
        (I.PHQ9, "000000004"),
        (I.PHQ9, "00000000x"),
        (I.GAD7, "000000000"),
        (I.PCL5, "5" * 20),
        (I.SATISFACTION, "123"),
        ("other", "123"),
    ],
)
def test_what_is_not_whole_is_kept_by_nobody(case, instrument, answers):
    row = enter(case)
    row.pk, row.form_key, row.instrument, row.answers = None, uuid4(), instrument, answers
    assert refused(lambda: row.save(force_insert=True))
    if instrument in SCORED:
        with pytest.raises(ValidationError, match="every question"):
            record_answers(
                by=case.cast.nurse,
                episode=case.episode,
                form_key=uuid4(),
                answers=Answers(instrument, answers),
                at=timezone.now(),
            )


@pytest.mark.parametrize(("instrument", "difficulty"), [(I.PHQ9, 4), (I.GAD7, 1)])
def test_the_question_of_difficulty_is_phq9s_and_has_four_answers(case, instrument, difficulty):
    with pytest.raises(ValidationError):
        enter(case, instrument, difficulty=difficulty)
    assert enter(case, difficulty=3).score == 12  # it is not scored


@pytest.mark.parametrize("answers", ["", "12", "1234", "016", "12x"])
def test_satisfaction_is_whole_too(case, answers):
    row = Satisfaction(
        episode=case.episode,
        recorded_by=case.cast.nurse,
        answered_at=timezone.now(),
        answers=answers,
    )
    assert refused(row.save)


# ------------------------------------------------------------------ entered by staff
@pytest.mark.parametrize("who", CLINICAL)
def test_everybody_who_works_with_clients_enters_answers(case, who):
    row = enter(case, by=getattr(case.cast, who))
    assert (row.author, row.author_organization, row.link) == (
        getattr(case.cast, who),
        case.cast.clinic,
        None,
    )
    [event] = events("outcome.recorded")
    assert event.detail == {"instrument": "phq9"}
    assert (event.client_id, event.actor_id) == (case.client.pk, row.author_id)


@pytest.mark.parametrize("who", NOT_CLINICAL)
def test_nobody_else_does(case, who):
    person = getattr(case.cast, who)
    with pytest.raises(PermissionDenied):
        enter(case, by=person)
    row = enter(case)
    with pytest.raises(PermissionDenied):
        mark_in_error(by=person, response=row, reason="Wrong")


def test_one_form_gives_one_row(case):
    key = uuid4()
    first = enter(case, form_key=key, item_9=1)
    assert enter(case, form_key=key, item_9=1).pk == first.pk
    assert OutcomeResponse.unscoped.count() == SafetyAlert.objects.count() == 1
    assert len(events("outcome.recorded")) == 1
    with pytest.raises(ValidationError, match="used already"):
        enter(case, I.GAD7, form_key=key)


def satisfied(case, key, **more):
    return record_answers(
        by=case.cast.nurse,
        episode=case.episode,
        form_key=key,
        answers=Answers(I.SATISFACTION, "545", comment=" Warmer blankets. "),
        at=timezone.now(),
        **more,
    )


def test_satisfaction_is_recorded_once_and_is_no_disclosable_item(case):
    key = uuid4()
    assert satisfied(case, key).pk == satisfied(case, key).pk
    row = Satisfaction.objects.get()
    assert (row.answers, row.comment, row.link) == ("545", "Warmer blankets.", None)
    assert len(events("satisfaction.recorded")) == 1
    assert not OutcomeResponse.unscoped.exists()


@pytest.mark.parametrize(("days_ago", "words"), [(-1, "future"), (32, "more than a month")])
def test_when_it_was_answered_is_neither_ahead_nor_long_ago(case, days_ago, words):
    with pytest.raises(ValidationError, match=words):
        enter(case, days_ago=days_ago)
    assert not OutcomeResponse.unscoped.exists()


# ------------------------------------------------------------------ entered in error
def test_an_error_is_said_once_beside_the_row_and_nothing_is_deleted(case):
    row, by = enter(case), case.cast.prescriber
    first = mark_in_error(by=by, response=row, reason=" Another client’s paper. ")
    assert mark_in_error(by=by, response=row, reason="Again").pk == first.pk
    assert OutcomeError.objects.get().reason == "Another client’s paper."
    assert OutcomeResponse.unscoped.get().answers == row.answers
    assert len(events("outcome.marked_in_error")) == 1
    with pytest.raises(ValidationError, match="wrong"):
        mark_in_error(by=by, response=enter(case), reason="  ")


def test_the_coordinator_does_not_mark_errors(case):
    with pytest.raises(PermissionDenied):
        mark_in_error(by=case.cast.coordinator, response=enter(case), reason="Wrong")


# ------------------------------------------------------------------ alerts
@pytest.mark.parametrize(("item_9", "alerts"), [(0, 0), (1, 1), (3, 1)])
def test_item_9_above_0_raises_an_alert_in_the_same_transaction(case, item_9, alerts):
    row = enter(case, score=12, item_9=item_9)
    assert len(open_alerts(case.cast.clinic.pk)) == alerts
    for alert in open_alerts(case.cast.clinic.pk):
        assert (alert.kind, alert.source) == (
            AlertKind.ITEM_9,
            f"care_sessions.outcomeresponse:{row.pk}",
        )
        assert alert.episode.client == case.client
    assert len(events("alert.raised")) == alerts


def test_no_other_scale_raises_it(case):
    for instrument in (I.GAD7, I.PCL5):
        enter(case, instrument, QUESTIONNAIRES[instrument].most)
    assert not SafetyAlert.objects.exists()


def test_answers_and_alert_stand_or_fall_together(case, monkeypatch):
    def fails(**kwargs):
        raise RuntimeError

    monkeypatch.setattr("sessions.actions.outcomes.raise_alert", fails)
    with pytest.raises(RuntimeError), transaction.atomic():
        enter(case, item_9=1)
    assert not OutcomeResponse.unscoped.exists()


def test_one_row_raises_one_alert_of_a_kind(case):
    row = enter(case, item_9=2)
    again = raise_alert(by=None, episode=case.episode, kind=AlertKind.ITEM_9, source=row)
    assert again == SafetyAlert.objects.get()
    assert len(events("alert.raised")) == 1


def test_an_alert_is_answered_once_with_what_was_done(case):
    enter(case, item_9=1)
    alert, by = SafetyAlert.objects.get(), case.cast.kaptherapist
    with pytest.raises(ValidationError, match="what was done"):
        acknowledge_alert(by=by, alert=alert, done=" ")
    done = acknowledge_alert(by=by, alert=alert, done=" Rang her; safe tonight. ")
    assert (done.acknowledged_by, done.done) == (by, "Rang her; safe tonight.")
    assert acknowledge_alert(by=by, alert=alert, done="Rang her; safe tonight.") == done
    with pytest.raises(ValidationError, match="Kai Kaptherapist has answered"):
        acknowledge_alert(by=case.cast.nurse, alert=alert, done="Me too")
    assert open_alerts(case.cast.clinic.pk) == []
    assert len(events("alert.acknowledged")) == 1
    assert "Rang" not in str(AuditEvent.objects.values())


@pytest.mark.parametrize("who", ["coordinator", *NOT_CLINICAL])
def test_who_does_not_treat_answers_no_alert(case, who):
    enter(case, item_9=1)
    with pytest.raises(PermissionDenied):
        acknowledge_alert(
            by=getattr(case.cast, who), alert=SafetyAlert.objects.get(), done="Nothing"
        )


def test_an_alert_changes_once_and_is_kept(case):
    enter(case, item_9=1)
    mine = SafetyAlert.objects.all()
    now, nurse = timezone.now(), case.cast.nurse
    whole = {"acknowledged_at": now, "acknowledged_by": nurse, "done": "x"}
    for changes in (
        {"raised_at": now - timedelta(days=1)},
        {"source": "other:1"},
        {"acknowledged_at": now},
        {**whole, "done": ""},
    ):
        assert refused(lambda changes=changes: mine.update(**changes)), changes
    assert refused(mine.delete)
    alert = mine.get()
    alert.pk, alert.source, alert.acknowledged_at = None, "other:2", now
    alert.acknowledged_by, alert.done = nurse, "x"
    assert refused(lambda: alert.save(force_insert=True))
    mine.update(**whole)
    for changes in ({"done": "y"}, {"acknowledged_at": None, "acknowledged_by": None, "done": ""}):
        assert refused(lambda changes=changes: mine.update(**changes)), changes


def test_the_alerts_of_another_clinic_are_not_ours(case):
    enter(case, item_9=1)
    assert open_alerts(case.cast.practice.pk) == []


def test_digits_sum_to_what_they_say():
    for instrument in SCORED:
        for score in (0, 1, 13):
            assert QUESTIONNAIRES[instrument].score(digits(instrument, score)) == score
