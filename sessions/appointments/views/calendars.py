"""Times for somebody's own calendar: one as a file, and all of theirs by a secret address."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from people.enums import CLINICAL_ROLES, Role
from people.forms import FormKeyForm
from people.policy import for_roles, public
from people.requests import MemberRequest, posted
from people.tokens import hashed
from sessions.appointments import feeds
from sessions.appointments.calendar import as_calendar
from sessions.appointments.views.appointments import WORKING, appointment_or_404

with_clients = for_roles(*(role for role in Role if role in CLINICAL_ROLES))
MOST_A_MINUTE = {"address": 20, "place": 120}  # calendars ask some times an hour
TYPE = "text/calendar; charset=utf-8"


@for_roles(*WORKING)
def appointment_ics(request: MemberRequest, pk: int, appointment: int) -> HttpResponse:
    _, row = appointment_or_404(request, pk, appointment)
    entry = feeds.entry_of(row, request.build_absolute_uri)
    response = HttpResponse(as_calendar([entry]), content_type=TYPE)
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


@with_clients
def calendar(request: MemberRequest) -> HttpResponse:
    """Whether an address is in use; a new one is shown in answer to the form, this once."""
    form, address = FormKeyForm(posted(request)), ""
    if request.method == "POST" and form.is_valid():
        token = feeds.make_feed(by=request.user, form_key=form.cleaned_data["form_key"])
        if token is None:
            messages.info(request, "That address was shown once. Make another if you lost it.")
            return redirect("care:calendar")
        address = request.build_absolute_uri(reverse("care:calendar_feed", args=[token]))
        form = FormKeyForm()
    context = {"form": form, "address": address, "feed": feeds.own_feed(request.user)}
    return render(request, "care/calendar.html", context)


@with_clients
@require_POST
def calendar_revoke(request: MemberRequest) -> HttpResponse:
    feeds.revoke_feed(by=request.user)
    messages.success(request, "Taken back. The address opens nothing any more.")
    return redirect("care:calendar")


@public
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The times behind a secret address; the same 404 whatever is wrong with it."""
    if _too_often(request, token):
        return HttpResponse("Too many requests. Try again in some minutes.", status=429)
    user = feeds.reader_of(token)
    if user is None:
        raise Http404
    seen = request.headers.get("If-None-Match", "")
    with timezone.override(None):
        mark, file = feeds.unchanged_or(user, seen, request.build_absolute_uri)
    response = HttpResponseNotModified() if file is None else HttpResponse(file, content_type=TYPE)
    response["ETag"], response["Cache-Control"] = mark, "private, no-cache"
    return response


def _too_often(request: HttpRequest, token: str) -> bool:
    """Within a minute: one address by anybody, or any addresses from one place."""
    asked = {"address": hashed(token), "place": get_adapter().get_client_ip(request)}
    counts = {}
    for name, value in asked.items():
        key = f"calendar-{name}-{value}"
        cache.add(key, 0, timeout=60)
        counts[name] = cache.incr(key)
    return any(counts[name] > most for name, most in MOST_A_MINUTE.items())
