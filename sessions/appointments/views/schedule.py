"""The schedule by week and by month; and the rooms of a clinic."""

from datetime import date
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from consent.clock import database_now
from people.enums import CLINIC_ROLES, TREATING_ROLES, Role
from people.models import User
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.appointments import rooms as actions
from sessions.appointments.forms import RoomForm, RoomLabelForm
from sessions.appointments.planner import Plan, occupied, plan_of
from sessions.appointments.weeks import Shown, laid_out
from sessions.models import Room

MARKS = (
    ("dose", "Dose given"),
    ("planned", "Dose planned"),
    ("held", "Session held"),
    ("missed", "Session missed"),
    ("booked", "Session booked"),
    ("proposed", "Time proposed"),
)


class NarrowForm(forms.Form):
    """An address as it is asked for; what is not understood is a 404."""

    view = forms.ChoiceField(choices=[("week", "Week"), ("month", "Month")], required=False)
    # `from` is a word of the language, so that the field is added below.
    person = forms.ModelChoiceField(
        User.objects.none(), required=False, label="Person", empty_label="Everybody"
    )
    room = forms.ModelChoiceField(
        Room.objects.none(), required=False, label="Room", empty_label="Every room"
    )

    def __init__(self, *args, clinic: int | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["from"] = forms.DateField(required=False, input_formats=["%Y-%m-%d"])
        if clinic is None:
            del self.fields["person"], self.fields["room"]
            return
        staff = User.objects.filter(
            memberships__organization=clinic,
            memberships__ended_at=None,
            memberships__role__in=TREATING_ROLES,
        )
        self.fields["person"].queryset = staff.order_by("name")  # type: ignore[attr-defined]
        self.fields["room"].queryset = Room.objects.filter(clinic=clinic)  # type: ignore[attr-defined]

    def shown(self, today: date) -> Shown:
        given = self.cleaned_data
        return Shown.of(given["view"] or "week", given["from"] or today)

    def narrowed(self) -> dict[str, int]:
        """person and room, where they narrow."""
        given = {name: self.cleaned_data.get(name) for name in ("person", "room")}
        return {name: row.pk for name, row in given.items() if row}


@for_roles(*Role)
def schedule(request: MemberRequest) -> HttpResponse:
    role, here = request.membership.role, request.membership.organization_id
    administers = role == Role.ADMINISTRATOR
    choosing = role in CLINIC_ROLES and not administers
    form = NarrowForm(request.GET, clinic=here if choosing else None)
    now, zone = database_now(), ZoneInfo(timezone.get_current_timezone_name())
    today = timezone.localdate(now)
    if not form.is_valid():
        raise Http404
    try:
        shown, narrow = form.shown(today), form.narrowed()
        begin, end = shown.within(zone)
    except ValueError as error:
        raise Http404 from error
    if administers:
        plan = Plan(entries=occupied(here, begin, end))
    else:
        plan = plan_of(request.user, begin, end, now, **narrow)
    weeks = laid_out(shown, plan.entries, plan.bars, today, zone)
    context = {
        "shown": shown,
        "weeks": weeks,
        "empty": all(week.is_empty for week in weeks),
        "full": plan.full,
        "form": form if choosing else None,
        "narrowed": bool(narrow),
        "administers": administers,
        "marks": MARKS,
        "links": _links(shown, today, narrow),
    }
    return render(request, "care/schedule.html", context)


def _links(shown: Shown, today: date, narrow: dict[str, int]) -> dict[str, str]:
    """The addresses beside this page; none where nobody plans any more."""

    def to(view: str, at: date) -> str:
        return "?" + urlencode({"view": view, "from": at.isoformat(), **narrow})

    other = "month" if shown.view == "week" else "week"
    at = today if shown.view == "month" and today in shown.days else shown.first
    links = {"today": to(shown.view, today), other: to(other, at)}
    links[shown.view] = to(shown.view, shown.first)
    for name in ("before", "after"):
        try:
            links[name] = to(shown.view, getattr(shown, name).first)
        except ValueError:
            continue
    return links


# ------------------------------------------------------------------ rooms
def _room(request: MemberRequest, pk: int) -> Room:
    rows = Room.objects.filter(clinic=request.membership.organization_id, retired_at=None)
    return get_object_or_404(rows, pk=pk)


@for_roles(Role.ADMINISTRATOR)
def rooms(request: MemberRequest) -> HttpResponse:
    form = RoomForm(posted(request))
    if done(request, form, lambda: actions.add_room(by=request.user, **form.cleaned_data)):
        messages.success(request, "Added. It can be booked from now on.")
        return redirect("care:rooms")
    rows = Room.objects.filter(clinic=request.membership.organization_id)
    context = {"form": form, "rooms": rows.order_by("retired_at", "label")}
    return render(request, "care/rooms.html", context)


@for_roles(Role.ADMINISTRATOR)
def room(request: MemberRequest, pk: int) -> HttpResponse:
    """Another name for a room."""
    row = _room(request, pk)
    form = RoomLabelForm(posted(request), initial={"label": row.label})

    def rename():
        actions.rename_room(by=request.user, room=row, **form.cleaned_data)

    if done(request, form, rename):
        messages.success(request, "Renamed.")
        return redirect("care:rooms")
    return render(request, "care/room.html", {"form": form, "room": row})


@for_roles(Role.ADMINISTRATOR)
@require_POST
def retire_room(request: MemberRequest, pk: int) -> HttpResponse:
    actions.retire_room(by=request.user, room=_room(request, pk))
    messages.success(request, "Retired. What is booked in it stays.")
    return redirect("care:rooms")
