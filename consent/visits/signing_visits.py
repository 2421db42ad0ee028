"""A visit to one document: a session that belongs to nobody and opens nothing else.

On the clinic's screen the staff member is signed out as the screen is handed over; `kapcare`'s
middleware keeps every other address shut until the visit ends and somebody signs in again. A
client who came by a link of their own may go on to another link.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from consent.clock import database_now
from consent.models import SigningLink

KEY = "visit"
LASTS = 30 * 60  # seconds without a request, then the session is over
PAGES = ("consent:visit", "consent:visit_pdf", "consent:visit_leave")
OTHER_LINKS = ("consent:open_link", "consent:my_open")


@dataclass(frozen=True)
class Visit:
    """The link, and what was ticked so far: None until the client has chosen."""

    link: SigningLink
    chosen: list[str] | None
    is_reading: bool


def begin(request: HttpRequest, link: SigningLink) -> HttpResponse:
    """From now on this browser's session holds one document and no account.

    What earlier pages said or left in the browser is thrown away, so that Back finds nothing.
    """
    list(messages.get_messages(request))
    logout(request)
    request.session[KEY] = {"link": link.pk, "kiosk": link.on_screen}
    request.session.set_expiry(LASTS)
    return _cleared(redirect("consent:visit"))


def current(request: HttpRequest) -> Visit | None:
    """The visit of this session. Once its link was used here, its page is the receipt.

    None when there is no visit, or the link was closed or used elsewhere meanwhile: then the
    session ends as well.
    """
    held = request.session.get(KEY)
    if held is None:
        return None
    links = SigningLink.objects.select_related(
        "release__client", "release__organization", "release__wording"
    )
    link = links.filter(pk=held["link"]).first()
    answered_here = link is not None and link.used_at and held.get("answered")
    if link is None or not (answered_here or link.is_open(database_now())):
        request.session.flush()
        return None
    if not answered_here:
        request.session.modified = True  # half an hour from this request on
    return Visit(link, held.get("chosen"), held.get("is_reading", False))


def note_chosen(request: HttpRequest, values: Collection[str]) -> None:
    """The client has chosen and goes on to read what they sign."""
    request.session[KEY] |= {"chosen": sorted(values), "is_reading": True}
    request.session.modified = True


def note_changing(request: HttpRequest) -> None:
    """The client goes back to choosing; what they ticked stays ticked."""
    request.session[KEY] |= {"is_reading": False}
    request.session.modified = True


def note_answered(request: HttpRequest) -> None:
    """Signed, or said no, in this session: for half an hour it may show the receipt."""
    request.session[KEY] |= {"answered": True}
    request.session.modified = True


def end(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`response`, with nothing of the visit left in the session or in the browser."""
    if KEY not in request.session:
        return response
    request.session.flush()
    return _cleared(response)


def leads_away(request: HttpRequest) -> bool:
    """Whether this session is a visit, and the address asked for is no part of it."""
    held = request.session.get(KEY)
    if held is None:
        return False
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        return True
    return name not in PAGES and (held["kiosk"] or name not in OTHER_LINKS)


def _cleared(response: HttpResponse) -> HttpResponse:
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
