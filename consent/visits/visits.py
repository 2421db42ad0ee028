"""What every visit is: a session that belongs to nobody, holds one link, and opens nothing else.

`kapcare`'s middleware keeps every other address shut until the visit ends. A client who came by a
link of their own may go on to another link; the clinic's own screen may not.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from consent.clock import database_now
from consent.models import SecretLink

Link = TypeVar("Link", bound=SecretLink)


@dataclass(frozen=True)
class Visits(Generic[Link]):
    """One kind of visit, by links of `model`, to pages whose names begin with `pages`."""

    key: str  # where the session keeps it
    model: type[Link]
    related: tuple[str, ...]
    door: str  # the page that asks for the date of birth
    start: str  # the first page behind it
    pages: str  # how the names of its pages begin
    lasts: int  # seconds without a request, then the session is over

    def begin(self, request: HttpRequest, link: Link, **held: Any) -> HttpResponse:
        """From now on this browser's session holds `link`, what is `held` with it, and no account.

        What earlier pages said or left in the browser is thrown away, so that Back finds nothing.
        """
        list(messages.get_messages(request))
        logout(request)
        request.session[self.key] = {"link": link.pk, **held}
        request.session.set_expiry(self.lasts)
        return _cleared(redirect(self.start))

    def held(self, request: HttpRequest) -> dict[str, Any]:
        """What this session holds of such a visit; nothing where it is none."""
        return request.session.get(self.key) or {}

    def current(self, request: HttpRequest) -> Link | None:
        """The link of this visit, while it is open, or once it was used up by this very visit.

        None when there is no visit, or the link was closed or used elsewhere meanwhile: then the
        session ends as well.
        """
        held = self.held(request)
        if not held:
            return None
        link = self.model.objects.select_related(*self.related).filter(pk=held["link"]).first()
        if link is not None and held.get("answered") and getattr(link, "used_at", None):
            return link
        if link is None or not link.is_open(database_now()):
            request.session.flush()
            return None
        request.session.modified = True  # it lasts anew from this request on
        return link

    def note(self, request: HttpRequest, **held: Any) -> None:
        """What the visit has come to; `answered=True` lets it show the end after its link's."""
        request.session[self.key] |= held
        request.session.modified = True

    def end(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """`response`, with nothing of the visit left in the session or in the browser."""
        if self.key not in request.session:
            return response
        request.session.flush()
        return _cleared(response)

    def leads_away(self, request: HttpRequest, doors: Collection[str]) -> bool:
        """Whether this session is such a visit, and the address asked for is no part of it.

        `doors` are where links open: a visit may go on to one, but not from the clinic's screen.
        """
        held = self.held(request)
        if not held:
            return False
        try:
            name = resolve(request.path_info).view_name
        except Resolver404:
            return True
        return not name.startswith(self.pages) and (held.get("kiosk", False) or name not in doors)


def _cleared(response: HttpResponse) -> HttpResponse:
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
