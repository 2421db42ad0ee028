"""The flow sheet in a browser without and with script: rows, their parts, corrections."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from people.formats import moment
from sessions.models import Intervention, PhaseMark, Presence, SideEffect, Vitals

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_utc")]
SCRIPT = {"headers": {"HX-Request": "true"}}


def vitals(**changes):
    numbers = {"systolic": "124", "diastolic": "78", "heart_rate": "118", "spo2": "98"}
    return {"form_key": uuid4(), **numbers, **changes}


def send(browser, name, dosing, data, *more, **extra):
    return browser.post(reverse(f"care:{name}", args=[dosing.pk, *more]), data, **extra)


def page_of(browser, dosing) -> str:
    return shown(browser.get(reverse("care:dosing", args=[dosing.pk])))


def shown(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    ("name", "data", "model", "words"),
    [
        ("intervention", {"kind": "grounding"}, Intervention, "Breathing, grounding."),
        ("intervention", {"kind": "other", "note": "Blanket"}, Intervention, "Blanket"),
        ("side_effect", {"effect": "nausea", "severity": "severe"}, SideEffect, "Nausea, severe."),
        ("mark_phase", {"phase": "peak"}, PhaseMark, "Peak begins."),
    ],
)
def test_one_tap_is_one_row(name, data, model, words, browser, given):
    sent = {"form_key": uuid4(), **data}
    for _ in range(2):
        assert send(browser, name, given, sent).status_code == 302
    assert model.objects.count() == 1
    assert words in page_of(browser, given)
    refused = send(browser, name, given, {"form_key": uuid4()})
    assert refused.status_code == 422
    assert model.objects.count() == 1


def test_the_script_gets_the_parts_alone_and_the_row_has_the_time_of_the_tap(browser, given):
    tapped = timezone.now() - timedelta(minutes=12)
    data = vitals(tapped_at=tapped.isoformat())
    answer = send(browser, "vitals", given, data, **SCRIPT)
    assert answer.status_code == 200
    assert 'id="flow"' in shown(answer)
    assert "<html" not in shown(answer)
    assert f'data-key="{data["form_key"]}"' in shown(answer)
    assert "Entered late" in shown(answer)
    assert Vitals.objects.get().at == tapped


@pytest.mark.parametrize("tapped", ["yesterday", "2026-07-14T10:00:00", "2026-13-40T10:00:00Z"])
def test_a_time_of_the_device_that_cannot_be_read(tapped, browser, given):
    answer = send(browser, "vitals", given, vitals(tapped_at=tapped), **SCRIPT)
    assert answer.status_code == 422
    assert not Vitals.objects.exists()


def test_what_was_typed_stays_with_a_refusal(browser, given):
    answer = send(browser, "vitals", given, vitals(systolic="1240"), **SCRIPT)
    assert answer.status_code == 422
    assert 'value="1240"' in shown(answer)


def test_the_parts_show_what_another_device_recorded(browser, signed_in, cast, given):
    address = reverse("care:sheet_parts", args=[given.pk])
    assert 'data-state="given"' in shown(browser.get(address))
    send(signed_in(cast.prescriber), "vitals", given, vitals(systolic="158", diastolic="96"))
    parts = shown(browser.get(address))
    assert "158/96" in parts
    assert "was above 150/95" in parts
    assert "Blood pressure above 150/95." in parts
    assert "Prescriber called" in parts
    send(browser, "intervention", given, {"form_key": uuid4(), "kind": "prescriber_called"})
    assert "A prescriber was called" in shown(browser.get(address))


def test_what_a_page_asks_for_by_itself_keeps_no_session_alive(browser, given, settings):
    address = reverse("care:sheet_parts", args=[given.pk])

    def seen() -> float:
        return browser.session["seen"]

    session = browser.session
    session["seen"] = session["started"] = seen_before = timezone.now().timestamp() - 600
    session.save()
    browser.get(address, headers={"X-Unattended": "1"})
    assert seen() == seen_before
    browser.get(address)
    assert seen() > seen_before


def test_who_is_in_the_room_is_one_tap(browser, cast, given):
    def tap(change):
        return send(browser, "presence", given, {"form_key": uuid4(), "change": change})

    assert tap(f"in-{cast.nurse.pk}").status_code == 302
    assert "1 of the team" in page_of(browser, given)
    assert tap(f"out-{cast.nurse.pk}").status_code == 302
    assert "0 of the team" in page_of(browser, given)
    for change in ("", "in-0", f"in-{cast.coordinator.pk}", "near-1"):
        assert tap(change).status_code == 422
    assert Presence.objects.count() == 2


def test_phases_around_the_dose_are_offered_in_one_model_alone(browser, case, given):
    assert "Post-session" not in page_of(browser, given)
    type(case.episode).objects.filter(pk=case.episode.pk).update(treatment_model="kap")
    assert "Post-session" in page_of(browser, given)


def test_the_phase_is_a_guess_until_it_is_marked(browser, given):
    page = page_of(browser, given)
    assert "data-about>, about" in page
    send(browser, "mark_phase", given, {"form_key": uuid4(), "phase": "peak"})
    page = page_of(browser, given)
    assert "data-about hidden>, about" in page


# ---------------------------------------------------------------- corrections


def correction(row, **changes):
    numbers = {"systolic": "124", "diastolic": "78", "heart_rate": "81", "spo2": "98"}
    usual = {"form_key": uuid4(), "at": moment(row.at), "reason": "misread", **numbers}
    return {**usual, **changes}


def test_a_correction_shows_what_it_was_and_keeps_the_second(browser, given):
    send(browser, "vitals", given, vitals())
    row = Vitals.objects.get()
    page = shown(browser.get(reverse("care:correct", args=[given.pk, "vitals", row.pk])))
    assert 'value="118"' in page
    assert send(browser, "correct", given, correction(row), "vitals", row.pk).status_code == 302
    current = Vitals.objects.current().get()
    assert (current.heart_rate, current.at) == (81, row.at)
    page = page_of(browser, given)
    assert "Heart rate was <s>118</s>." in page
    assert "misread" in page
    assert "Heart rate above 110" not in page
    old = shown(browser.get(reverse("care:correct", args=[given.pk, "vitals", row.pk])))
    assert "corrected or withdrawn already" in old


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": ""}, "Fill in: why."),
        ({"heart_rate": "1180"}, "Enter a number from 20 to 250"),
        ({"heart_rate": "118"}, "Nothing differs from what was recorded."),
        ({"at": ""}, "Fill in: time."),
        ({"at": "14-Jul-2099 10:00"}, "This is in the future."),
    ],
)
def test_a_correction_that_is_refused_keeps_what_was_typed(changes, words, browser, given):
    send(browser, "vitals", given, vitals())
    row = Vitals.objects.get()
    answer = send(browser, "correct", given, correction(row, **changes), "vitals", row.pk)
    assert words in shown(answer)
    assert all(value in shown(answer) for value in changes.values())
    assert Vitals.objects.count() == 1


def test_what_was_entered_in_error_is_struck_out(browser, given):
    send(browser, "vitals", given, vitals(systolic="190", diastolic="100"))
    row = Vitals.objects.get()
    data = {"form_key": uuid4(), "reason": ""}
    answer = send(browser, "withdraw", given, data, "vitals", row.pk)
    assert "Fill in: why." in shown(answer)
    data["reason"] = "other client"
    assert send(browser, "withdraw", given, data, "vitals", row.pk).status_code == 302
    page = page_of(browser, given)
    assert "<s>190/100</s>" in page
    assert "Entered in error." in page
    assert "was above" not in page


@pytest.mark.parametrize("kind", ["effect", "intervention", "phase", "presence"])
def test_every_kind_has_its_page(kind, browser, cast, given):
    name, data = {
        "effect": ("side_effect", {"effect": "nausea"}),
        "intervention": ("intervention", {"kind": "music"}),
        "phase": ("mark_phase", {"phase": "peak"}),
        "presence": ("presence", {"change": f"in-{cast.nurse.pk}"}),
    }[kind]
    other = {
        "effect": {"effect": "headache", "severity": "mild"},
        "intervention": {"kind": "fluids"},
        "phase": {"phase": "resolution"},
        "presence": {"change": f"in-{cast.prescriber.pk}"},
    }[kind]
    send(browser, name, given, {"form_key": uuid4(), **data})
    line = next(r for r in browser.get(page_address(given)).context["rows"] if r.kind == kind)
    assert browser.get(reverse("care:correct", args=[given.pk, kind, line.pk])).status_code == 200
    sent = {"form_key": uuid4(), "at": moment(line.at), "reason": "x", **other}
    assert send(browser, "correct", given, sent, kind, line.pk).status_code == 302
    rows = browser.get(page_address(given)).context["rows"]
    assert [r.corrections[0].was[0][0] for r in rows if r.kind == kind] == ["It"]


def page_address(dosing) -> str:
    return reverse("care:dosing", args=[dosing.pk])


def test_rows_of_another_dose_or_kind_are_not_there(browser, case, signed_in, cast, given):
    send(browser, "vitals", given, vitals())
    row = Vitals.objects.get()
    elsewhere = case.plan(timezone.now())
    for name in ("correct", "withdraw"):
        for dosing, kind, pk in ((elsewhere, "vitals", row.pk), (given, "dreams", row.pk)):
            assert send(browser, name, dosing, {}, kind, pk).status_code == 404
        for who, user in cast.everybody().items():
            if who not in ("prescriber", "nurse", "kaptherapist"):
                answer = send(signed_in(user), name, given, {}, "vitals", row.pk)
                assert answer.status_code == 404, who
