"""A visit to a client's own page: like `visits`, a session of nobody's that opens nothing else."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from consent.clock import database_now
from consent.models import ClientLink

KEY = "client_link"
LASTS = 20 * 60  # seconds without a request, then the session is over
PAGES = "consent:my_"
OTHER_LINKS = ("consent:open_link",)


def begin(request: HttpRequest, link: ClientLink) -> HttpResponse:
    """From now on this browser's session holds one client's own page and no account."""
    list(messages.get_messages(request))  # what earlier pages said is thrown away
    logout(request)
    request.session[KEY] = link.pk
    request.session.set_expiry(LASTS)
    return redirect("consent:my_page")


def current(request: HttpRequest) -> ClientLink | None:
    """The link of this visit, while it is open: whoever ends the link ends the visit at once."""
    pk = request.session.get(KEY)
    if pk is None:
        return None
    link = ClientLink.objects.select_related("client", "organization").filter(pk=pk).first()
    if link is None or not link.is_open(database_now()):
        request.session.flush()
        return None
    request.session.modified = True  # twenty minutes from this request on
    return link


def end(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`response`, with nothing of the visit left in the session or in the browser."""
    if KEY in request.session:
        request.session.flush()
        response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def leads_away(request: HttpRequest) -> bool:
    """Whether this session is such a visit, and the address asked for is no part of it."""
    if KEY not in request.session:
        return False
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        return True
    return not name.startswith(PAGES) and name not in OTHER_LINKS
