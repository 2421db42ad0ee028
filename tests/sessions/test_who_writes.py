"""Whoever writes past the actions still has to be somebody who may: the database asks."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from consent.access import Access, Reader
from consent.enums import Category
from sessions.enums import CATEGORY_OF_EVENT
from sessions.enums.stock import Finding
from sessions.models import (
    CareEvent,
    ContinuityNote,
    Discrepancy,
    DoseCorrection,
    DoseOrder,
    DosingSession,
    EscortPlan,
    GateOverride,
    IdentityCheck,
    IntegrationSession,
    NoteSection,
    OutcomeError,
    OutcomeResponse,
    OverrideReview,
    PreDoseCheck,
    QuestionLink,
    SafetyAlert,
    Satisfaction,
    StockEntry,
)
from tests.builder import Builder
from tests.refusing import database_refuses, database_takes
from tests.sessions.asking import enter, token_for
from tests.sessions.gating import given_by_hand, open_gates
from tests.stock import Cupboard

pytestmark = pytest.mark.django_db
TREATING = {"prescriber", "nurse", "kaptherapist"}


def only(allowed, case, write):
    """`write(by)` is refused to everybody of the cast but `allowed`, for whom it stands."""
    people = case.cast.everybody()
    for who in sorted(set(people) - allowed):
        database_refuses(lambda who=who: write(people[who]))
    for who in sorted(allowed):
        write(people[who])


def test_before_a_dose(case, episode):
    planned = case.plan(timezone.now())
    row = {"dosing": planned}
    born = case.client.date_of_birth
    order, lift = DoseOrder.objects.create, GateOverride.objects.create
    only({"prescriber"}, case, lambda by: order(**row, recorded_by=by, route="im", dose_mg=50))
    only({"prescriber"}, case, lambda by: lift(**row, overridden_by=by, gate="escort", reason="x"))
    who_it_is, checks = IdentityCheck.objects.create, PreDoseCheck.objects.create
    only(TREATING, case, lambda by: who_it_is(**row, recorded_by=by, date_of_birth=born))
    only(TREATING, case, lambda by: checks(**row, recorded_by=by, weight_kg=70))
    plan, words = EscortPlan.objects.create, {"name": "x", "reached_by": "y"}
    only({*TREATING, "coordinator"}, case, lambda by: plan(**row, recorded_by=by, **words))
    lifted = GateOverride.objects.get()
    review = OverrideReview.objects.create
    made = {"override": lifted, "finding": "x"}
    for name in ("coordinator", "stranger", "administrator"):
        database_refuses(lambda name=name: review(**made, reviewed_by=getattr(case.cast, name)))
    assert review(**made, reviewed_by=case.cast.nurse)


def test_a_dose_is_given_and_corrected_by_who_treats_there(case, episode):
    planned = case.plan(timezone.now())
    row = given_by_hand(case, planned, open_gates(case, planned))
    rows = DosingSession.objects.filter(pk=planned.pk)
    for name in ("stranger", "therapist", "coordinator", "administrator", "physician"):
        database_refuses(
            lambda name=name: rows.update(**{**row, "given_by": getattr(case.cast, name)})
        )
    rows.update(**row)
    given = rows.get()

    def correct(by):
        DoseCorrection.objects.create(
            form_key=uuid4(),
            dosing=given,
            was_given_at=given.given_at,
            was_mg=given.dose_mg,
            given_at=given.given_at - timedelta(minutes=1),
            dose_mg=given.dose_mg,
            reason="x",
            recorded_by=by,
        )

    only(TREATING, case, correct)


# ---------------------------------------------------------------- what was found and answered


def test_an_alert_is_answered_by_who_treats_there(case, episode):
    enter(case, item_9=1)
    alerts = SafetyAlert.objects.all()
    people, now = case.cast.everybody(), timezone.now()
    for name in sorted(people):
        done = {"acknowledged_at": now, "acknowledged_by": people[name], "done": "x"}
        tried = database_takes if name in TREATING else database_refuses
        tried(lambda done=done: alerts.update(**done))


def test_a_response_is_marked_by_who_treats_there(case, episode):
    mistaken, people = response(case), case.cast.everybody()
    for name in sorted(people):
        row = {"response": mistaken, "reason": "x", "recorded_by": people[name]}
        tried = database_takes if name in TREATING else database_refuses
        tried(lambda row=row: OutcomeError.objects.create(**row))


def test_a_difference_is_explained_later_and_by_a_prescriber_there(case, episode):
    cupboard, cast = Cupboard(case.cast), case.cast
    cupboard.count({cupboard.vial(): "480"})
    found = Discrepancy.objects.get()
    words = {"finding": Finding.MISCOUNTED, "explanation": "x"}
    said = {"resolved_at": timezone.now(), "resolved_by": cast.prescriber, **words}
    rows = Discrepancy.objects.filter(pk=found.pk)
    people = cast.everybody()
    for name in sorted(people):
        tried = database_takes if name == "prescriber" else database_refuses
        tried(lambda by=people[name]: rows.update(**{**said, "resolved_by": by}))
    other = StockEntry.objects.get(vial=cupboard.vial())
    database_refuses(
        lambda: Discrepancy.objects.create(entry=other, difference_mg=-1, **said),
    )
    assert Discrepancy.objects.create(entry=other, difference_mg=-1)


# ---------------------------------------------------------------- questions


def response(case, link=None, **changes):
    episode = case.episode
    row = {
        "client": case.client,
        "category": Category.OUTCOMES,
        "author_organization": episode.clinic,
        "author": case.cast.nurse,
        "episode": episode,
        "instrument": "phq9",
        "answers": "000000000",
        "link": link,
    }
    return OutcomeResponse.unscoped.create(**{**row, **changes})


def test_a_link_is_frozen_used_once_and_kept(case, episode):
    token_for(case)
    link = QuestionLink.objects.get()
    rows, now = QuestionLink.objects.filter(pk=link.pk), timezone.now()
    others = {
        "asked": ["gad7"],
        "token_sha256": "0" * 64,
        "created_by": case.cast.nurse,
        "created_at": now,
        "expires_at": now + timedelta(days=99),
    }
    for name, value in others.items():
        database_refuses(lambda change={name: value}: rows.update(**change))
    rows.update(failures=2)
    database_refuses(lambda: rows.update(failures=0))
    rows.update(used_at=now)
    for again in (None, now + timedelta(minutes=1)):
        database_refuses(lambda again=again: rows.update(used_at=again))
    rows.update(closed_at=now)
    database_refuses(lambda: rows.update(closed_at=None))
    database_refuses(lambda: rows._raw_delete(rows.db))
    made = {name: getattr(link, name) for name in ("episode", "created_by", "expires_at", "asked")}
    database_refuses(
        lambda: QuestionLink.objects.create(**made, token_sha256="1" * 64, used_at=now)
    )


def test_an_answer_comes_by_an_open_link_of_its_episode_that_asks_it(case, episode):
    other = Builder(case.cast)
    other.send()
    other.accept()
    other.open()
    token_for(other)
    token_for(case)
    theirs, link = (QuestionLink.objects.get(episode=e.episode) for e in (other, case))
    rows = QuestionLink.objects.filter(pk=link.pk)
    database_takes(lambda: response(case, link))
    late = {"occurred_at": link.expires_at}
    gad7 = {"instrument": "gad7", "answers": "0000000"}
    word = {"recorded_by": case.cast.nurse, "answers": "444", "answered_at": timezone.now()}
    for refused in (
        lambda: response(case, theirs),
        lambda: response(case, link, **late),
        lambda: response(case, link, **gad7),
        lambda: Satisfaction.objects.create(episode=case.episode, link=link, **word),
    ):
        database_refuses(refused)
    for end in ("used_at", "closed_at"):
        with transaction.atomic():
            rows.update(**{end: timezone.now()})
            database_refuses(lambda: response(case, link))
            transaction.set_rollback(True)


def test_what_may_be_read_is_of_the_client_of_its_episode(case, episode):
    other = Builder(case.cast)
    other.send()
    theirs = {"client": other.client}
    database_refuses(lambda: response(case, **theirs))
    database_takes(lambda: response(case))
    case.give(hours_ago=3)
    draft = case.write({"response": "x"})
    whole = {
        "category": Category.SCHEDULE,
        "author_organization": case.cast.clinic,
        "author": case.cast.prescriber,
    }
    made = {
        IntegrationSession: {**whole, "episode": episode},
        CareEvent: {**whole, "episode": episode, **event_of_any_kind()},
        NoteSection: {**whole, "note": draft, "text": "x", "category": Category.RESPONSE},
    }
    for model, row in made.items():
        database_takes(lambda: model.unscoped.create(**row, client=case.client))  # noqa: B023
        database_refuses(lambda: model.unscoped.create(**row, **theirs))  # noqa: B023


def event_of_any_kind() -> dict:
    kind = next(kind for kind in CATEGORY_OF_EVENT if not kind.startswith("dose_"))
    return {"kind": kind, "category": CATEGORY_OF_EVENT[kind]}


def test_an_event_follows_its_dose_and_nothing_else(case, episode):
    planned = case.plan(timezone.now())
    rows = CareEvent.unscoped.filter(dosing=planned)
    for change in (
        {"dosing": None},
        {"author_organization": case.cast.practice},
        {"sensitivities": "substance_use"},
    ):
        database_refuses(lambda change=change: rows.update(**change))
    database_refuses(lambda: rows._raw_delete(rows.db))
    rows.update(occurred_at=timezone.now())


# ---------------------------------------------------------------- notes


def test_a_note_is_signed_and_marked_by_who_may(case, episode):
    case.give(hours_ago=3)
    rows = ContinuityNote.objects.filter(pk=case.write({"response": "x"}).pk)
    people, now = case.cast.everybody(), timezone.now()
    for name in sorted(people):
        tried = database_takes if name in {"prescriber", "kaptherapist"} else database_refuses
        tried(lambda by=people[name]: rows.update(signed_at=now, signed_by=by))
    for signer, may_mark in (
        ("prescriber", {"prescriber"}),
        ("kaptherapist", {"prescriber", "kaptherapist"}),
    ):
        with transaction.atomic():
            rows.update(signed_at=now, signed_by=people[signer])
            for name in sorted(people):
                marked = {"in_error_at": now, "in_error_by": people[name], "in_error_reason": "x"}
                tried = database_takes if name in may_mark else database_refuses
                tried(lambda marked=marked: rows.update(**marked))
            transaction.set_rollback(True)
    made = {"episode": episode, "author": case.cast.prescriber, "adds_to": None}
    signed = {"signed_at": now, "signed_by": case.cast.prescriber}
    given = case.give(hours_ago=2.5)
    database_refuses(lambda: ContinuityNote.objects.create(**made, **signed, dosing=given))
    other = Builder(case.cast)
    other.send()
    other.accept()
    elsewhere = {**made, "episode": other.open()}
    database_refuses(lambda: ContinuityNote.objects.create(**elsewhere, dosing=given))
    database_takes(lambda: ContinuityNote.objects.create(**made, dosing=given))


def test_a_section_passes_the_door_once_its_note_is_signed(case, episode):
    case.give(hours_ago=3)
    draft = case.write({"response": "x"})
    NoteSection.unscoped.create(
        note=draft,
        text="Zqunsigned",
        client=case.client,
        category=Category.RESPONSE,
        author_organization=case.cast.clinic,
        author=case.cast.prescriber,
    )
    access = Access.load(Reader.of(case.cast.nurse), [case.client.pk], timezone.now())
    readable = NoteSection.objects.readable_by(access)
    assert not readable.exists()
    ContinuityNote.objects.filter(pk=draft.pk).update(
        signed_at=timezone.now(), signed_by=case.cast.prescriber
    )
    assert readable.get().text == "Zqunsigned"
