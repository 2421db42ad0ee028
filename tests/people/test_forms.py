"""Dates and texts as people type them, and errors that stand beside their field."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from people.forms import DateField, FormKeyForm, LocalDateTimeField, LongText, apply_errors


@pytest.fixture(autouse=True)
def _new_york():
    with timezone.override("America/New_York"):
        yield


@pytest.mark.parametrize(
    "text",
    ["14-Jul-1985", "1985-07-14", "14 Jul 1985", "14-jul-1985", "07/14/1985", "14 July 1985"],
)
def test_a_day_can_be_written_in_several_ways(text):
    assert DateField().clean(text) == date(1985, 7, 14)


@pytest.mark.parametrize(
    "text",
    ["32-Jul-1985", "30-Feb-2026", "yesterday", "0001-01-01", "9999-01-01", "14-Jul-85", "\x00"],
)
def test_an_impossible_day_is_refused(text):
    with pytest.raises(ValidationError):
        DateField().clean(text)


@pytest.mark.parametrize("text", ["14-Jul-2026 09:20", "2026-07-14 09:20", "2026-07-14T09:20"])
def test_a_moment_is_read_in_the_readers_zone(text):
    assert LocalDateTimeField().clean(text) == datetime(2026, 7, 14, 13, 20, tzinfo=UTC)


def test_a_time_alone_is_today():
    with time_machine.travel(datetime(2026, 7, 15, 2, tzinfo=UTC)):  # the evening of the 14th there
        assert LocalDateTimeField().clean("9:20") == datetime(2026, 7, 14, 13, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["14-Jul-2026", "9", "14-Jul-2026 25:00", "0001-01-01 00:00", "\x00", "x" * 10_000]
)
def test_an_impossible_moment_is_refused(text):
    with pytest.raises(ValidationError, match="such as"):
        LocalDateTimeField().clean(text)


def test_a_skipped_time_is_asked_about():
    with pytest.raises(ValidationError, match="There was no 08-Mar-2026 02:30.*Which time"):
        LocalDateTimeField().clean("08-Mar-2026 02:30")


def test_a_doubled_time_is_asked_about_and_can_be_answered():
    field = LocalDateTimeField()
    with pytest.raises(ValidationError, match="came twice.*01:30 EDT.*01:30 EST"):
        field.clean("01-Nov-2026 01:30")
    first, second = field.clean("01-Nov-2026 01:30 EDT"), field.clean("01-Nov-2026 01:30 EST")
    assert (first.astimezone(UTC).hour, second.astimezone(UTC).hour) == (5, 6)
    assert field.clean(field.prepare_value(second)) == second
    with pytest.raises(ValidationError, match="EDT or EST"):
        field.clean("01-Nov-2026 01:30 CET")


def test_a_moment_reads_back_as_it_was_written():
    field = LocalDateTimeField()
    assert field.prepare_value(datetime(2026, 7, 14, 13, 20, tzinfo=UTC)) == "14-Jul-2026 09:20"
    assert field.prepare_value("nonsense") == "nonsense"


def test_a_long_text_is_kept_whole_or_refused_whole():
    field = LongText(longest=10)
    assert field.clean("a\r\nb") == "a\nb"
    assert "maxlength" not in str(field.widget.render("text", ""))
    with pytest.raises(ValidationError, match="at most 10 characters; this is 999,990 too many"):
        field.clean("x" * 1_000_000)
    with pytest.raises(ValidationError, match="cannot be kept|Null"):
        field.clean("a\x00b")


def test_errors_of_an_action_stand_beside_their_field():
    class Form(forms.Form):
        name = forms.CharField()

    form = Form({"name": "x"})
    form.is_valid()
    apply_errors(form, ValidationError({"name": "Wrong.", "unknown": "Elsewhere."}))
    apply_errors(form, ValidationError("In general."))
    assert form.errors["name"] == ["Wrong."]
    assert form.non_field_errors() == ["Elsewhere.", "In general."]


def test_every_form_has_a_key_of_its_own_and_keeps_it():
    first, second = FormKeyForm(), FormKeyForm()
    assert first["form_key"].value() != second["form_key"].value()
    assert not FormKeyForm({"form_key": "nonsense"}).is_valid()
