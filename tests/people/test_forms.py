"""Dates and texts as people type them, and errors that stand beside their field."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from people.forms import (
    BirthDateField,
    DateField,
    FormKeyForm,
    LocalDateTimeField,
    LongText,
    apply_errors,
)


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


@pytest.mark.parametrize(
    "text",
    [
        "14-Jul-2026 9:20 am",
        "07/14/2026 9:20am",
        "Jul 14, 2026 9:20 A.M.",
        "14-Jul-2026 09:20 am EDT",
    ],
)
def test_the_half_of_the_day_is_no_zone(text):
    assert LocalDateTimeField().clean(text) == datetime(2026, 7, 14, 13, 20, tzinfo=UTC)
    afternoon = text.replace("am", "pm").replace("A.M.", "P.M.")
    assert LocalDateTimeField().clean(afternoon) == datetime(2026, 7, 15, 1, 20, tzinfo=UTC)


def test_an_hour_that_no_half_of_the_day_has_is_refused():
    with pytest.raises(ValidationError, match="such as"):
        LocalDateTimeField().clean("14-Jul-2026 13:20 am")


@pytest.mark.parametrize(
    "text", ["November 4, 1983", "Nov 4, 1983", "11/4/83", "11/04/1983", "11-4-1983", "11041983"]
)
def test_a_date_of_birth_is_written_as_in_the_us(text):
    assert BirthDateField().clean(text) == date(1983, 11, 4)


@time_machine.travel("2026-07-01")
def test_two_digits_are_the_latest_year_that_is_not_ahead():
    read = [BirthDateField().clean(f"1/2/{year}").year for year in ("26", "27", "00", "68", "69")]
    assert read == [2026, 1927, 2000, 1968, 1969]
    for elsewhere in ("1/2/27", "1141983"):  # a day to come, and one of two days
        with pytest.raises(ValidationError):
            DateField().clean(elsewhere)
    with pytest.raises(ValidationError):
        BirthDateField().clean("1141983")


def test_an_empty_field_is_named():
    class Form(forms.Form):
        status = forms.CharField(label="Mental status")
        result = forms.ChoiceField(choices=[("a", "A")])
        phq = forms.CharField(label="PHQ-9 of today?")
        sure = forms.BooleanField(label="I agree")
        own = forms.CharField(error_messages={"required": "Write why."})

    assert [errors[0] for errors in Form({}).errors.values()] == [
        "Fill in: mental status.",
        "Choose: result.",
        "Fill in: PHQ-9 of today.",
        "Tick: I agree.",
        "Write why.",
    ]


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
