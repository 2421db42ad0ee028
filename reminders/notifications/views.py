"""Notifications of whoever is signed in: the list, opening one, marking them, how mail tells."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.forms import model_to_dict
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from people.enums import Role
from people.formats import moment
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from reminders.actions import owners
from reminders.enums import Stage
from reminders.models import Notification, Preferences, Reminder
from reminders.notifications.actions import mark_all_seen, mark_seen, save_preferences
from reminders.notifications.forms import AgainForm, PreferencesForm, SeenForm
from reminders.notifications.reading import count_unseen, lines_of, told

PAGE = 50
everybody = for_roles(*Role)


@everybody
def notifications(request: MemberRequest) -> HttpResponse:
    """The unseen first, then the newest. What is shown is read once more, and recorded."""
    known = told(request.user)
    page = Paginator(known, PAGE).get_page(request.GET.get("page"))
    lines = lines_of(request.user, [line.row for line in page], shown=True)
    context = {
        "page": page,
        "new": [line for line in lines if line.new],
        "seen": [line for line in lines if not line.new],
        "unseen": sum(line.new for line in known),
        "newest": max((line.row.pk for line in known), default=0),
    }
    return render(request, "reminders/notifications.html", context)


@everybody
def count(request: MemberRequest) -> HttpResponse:
    """The number beside the link that stands on every page, which asks for it by itself."""
    return render(request, "reminders/_unseen.html", {"unseen": count_unseen(request.user)})


@everybody
@require_POST
def open_one(request: MemberRequest, pk: int) -> HttpResponse:
    """Seen, and on to what it tells of. What its reader may not know of is not there."""
    rows = Notification.objects.select_related("referral")
    row = get_object_or_404(rows.filter(user=request.user), pk=pk)
    line = next(iter(lines_of(request.user, [row], shown=False)), None)
    if line is None:
        raise Http404
    mark_seen(by=request.user, notification=row)
    return redirect(line.url)


@everybody
@require_POST
def seen(request: MemberRequest) -> HttpResponse:
    form = SeenForm(request.POST)
    newest = form.cleaned_data["newest"] if form.is_valid() else 0
    rows = [line.row for line in told(request.user) if line.new and line.row.pk <= newest]
    mark_all_seen(by=request.user, notifications=rows)
    return redirect("reminders:notifications")


@everybody
@require_POST
def see_to(request: MemberRequest, pk: int) -> HttpResponse:
    reminder = get_object_or_404(Reminder, pk=pk, owner=request.user)
    _answer(request, lambda: owners.see_to(by=request.user, reminder=reminder))
    return redirect("reminders:notifications")


@everybody
@require_POST
def tell_again(request: MemberRequest, pk: int) -> HttpResponse:
    reminder = get_object_or_404(Reminder, pk=pk, owner=request.user)
    form = AgainForm(request.POST)
    if form.is_valid():
        at = form.moment(timezone.now())
        _answer(request, lambda: owners.tell_again(by=request.user, reminder=reminder, at=at))
    return redirect("reminders:notifications")


def _answer(request: MemberRequest, action: Callable[[], Reminder]) -> None:
    """Whoever may no longer know of it finds nothing there."""
    try:
        found = action()
    except PermissionDenied as refusal:
        raise Http404 from refusal
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return
    if found.stage == Stage.AGAIN:
        messages.success(request, f"You are told again {moment(found.opens_at)}.")
    else:
        messages.success(request, "Noted. You are told once more before the window closes.")


@everybody
def preferences(request: MemberRequest) -> HttpResponse:
    row = Preferences.of(request.user)
    form = PreferencesForm(posted(request), initial=model_to_dict(row))
    if done(request, form, lambda: save_preferences(by=request.user, values=form.cleaned_data)):
        messages.success(request, "Saved. It counts from now on, also for what waits.")
        return redirect("reminders:preferences")
    return render(request, "reminders/preferences.html", {"form": form})
