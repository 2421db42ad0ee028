"""Forms of appointments: one time, up to three times, another time, and why not."""

from collections.abc import Iterable

from django import forms
from django.db.models import QuerySet

from people.formats import moment
from people.forms import FormKeyForm, LocalDateTimeField
from people.models import User
from sessions.enums import EventKind
from sessions.enums.appointments import (
    LEAST_MINUTES,
    MOST_CHOICES,
    MOST_MINUTES,
    USUAL_MINUTES,
    AppointmentKind,
)
from sessions.forms.care import number
from sessions.models import CareEvent, DosingSession, Room


def minutes() -> forms.IntegerField:
    return number(
        "How long", LEAST_MINUTES, MOST_MINUTES, "minutes", initial=USUAL_MINUTES, help_text=""
    )


class TimeForm(FormKeyForm):
    """What it is, for which of the doses that the reader knows, who holds it, how long."""

    kind = forms.ChoiceField(label="What for", widget=forms.RadioSelect)
    dosing = forms.TypedChoiceField(
        label="For which dose", required=False, coerce=int, empty_value=None
    )
    person = forms.ModelChoiceField(User.objects.none(), label="Who holds it", empty_label=None)
    minutes = minutes()

    def __init__(
        self,
        *args,
        kinds: Iterable[AppointmentKind],
        doses: Iterable[CareEvent],
        people: QuerySet[User],
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(k.value, k.label) for k in kinds]  # type: ignore[attr-defined]
        self.fields["dosing"].choices = [  # type: ignore[attr-defined]
            ("", "None in particular"),
            *((event.dosing_id, _dose(event)) for event in doses),
        ]
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean_dosing(self) -> DosingSession | None:
        """One of those that were offered, which the reader knows already."""
        chosen = self.cleaned_data["dosing"]
        return DosingSession.objects.filter(pk=chosen).first() if chosen else None


def _dose(event: CareEvent) -> str:
    said = "given" if event.kind == EventKind.DOSE_GIVEN else "planned for"
    return f"Dose {event.dose_number}, {said} {moment(event.occurred_at)}"


class BookForm(TimeForm):
    starts_at = LocalDateTimeField(label="When")
    room = forms.ModelChoiceField(
        Room.objects.none(), label="Room", required=False, empty_label="None"
    )
    field_order = ["kind", "dosing", "person", "starts_at", "minutes", "room"]

    def __init__(self, *args, rooms: QuerySet[Room] | None, **kwargs):
        super().__init__(*args, **kwargs)
        with_rooms(self, rooms)


class OfferForm(TimeForm):
    starts_1 = LocalDateTimeField(label="First choice")
    starts_2 = LocalDateTimeField(label="Second choice, if there is one", required=False)
    starts_3 = LocalDateTimeField(label="Third choice, if there is one", required=False)
    field_order = ["kind", "dosing", "person", "starts_1", "starts_2", "starts_3", "minutes"]

    def offer(self) -> dict:
        """The arguments of the action."""
        given = dict(self.cleaned_data)
        choices = [given.pop(f"starts_{n}") for n in range(1, MOST_CHOICES + 1)]
        return {**given, "starts": [each for each in choices if each]}


class MoveForm(FormKeyForm):
    starts_at = LocalDateTimeField(label="New date and time")
    minutes = minutes()
    room = forms.ModelChoiceField(
        Room.objects.none(), label="Room", required=False, empty_label="None"
    )

    def __init__(self, *args, rooms: QuerySet[Room] | None, **kwargs):
        super().__init__(*args, **kwargs)
        with_rooms(self, rooms)


class TakeForm(FormKeyForm):
    room = forms.ModelChoiceField(
        Room.objects.none(), label="Room", required=False, empty_label="None"
    )

    def __init__(self, *args, rooms: QuerySet[Room] | None, **kwargs):
        super().__init__(*args, **kwargs)
        with_rooms(self, rooms)


def with_rooms(form: forms.Form, rooms: QuerySet[Room] | None) -> None:
    """Whoever is not of the clinic, or of one without rooms, is not asked for a room."""
    if rooms is None or not rooms.exists():
        del form.fields["room"]
    else:
        form.fields["room"].queryset = rooms  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="Why",
        max_length=200,
        help_text="One line. It stays in your own house.",
        error_messages={"required": "Say why, in a few words."},
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="A word for your own house",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"data-optional": True}),
    )


class RoomLabelForm(forms.Form):
    label = forms.CharField(
        label="What it is called", max_length=40, help_text="For example: Room 2"
    )


class RoomForm(RoomLabelForm, FormKeyForm):
    """A room that is added."""
