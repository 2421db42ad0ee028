"""A visit to one document, on the client's own device or on the clinic's screen: there the staff
member is signed out as the screen is handed over, and somebody signs in again to leave it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from consent.models import SigningLink
from consent.visits.visits import Visits

KEY = "visit"
LASTS = 30 * 60  # seconds
VISITS = Visits(
    key=KEY,
    model=SigningLink,
    related=("release__client", "release__organization", "release__wording"),
    door="consent:open_link",
    start="consent:visit",
    pages="consent:visit",
    lasts=LASTS,
)


@dataclass(frozen=True)
class Visit:
    """The link, and what was ticked so far: None until the client has chosen."""

    link: SigningLink
    chosen: list[str] | None
    is_reading: bool


def begin(request: HttpRequest, link: SigningLink) -> HttpResponse:
    return VISITS.begin(request, link, kiosk=link.on_screen)


def current(request: HttpRequest) -> Visit | None:
    """The visit of this session. Once its link was used here, its page is the receipt."""
    link = VISITS.current(request)
    if link is None:
        return None
    held = VISITS.held(request)
    return Visit(link, held.get("chosen"), held.get("is_reading", False))


def note_chosen(request: HttpRequest, values: Collection[str]) -> None:
    """The client has chosen and goes on to read what they sign."""
    VISITS.note(request, chosen=sorted(values), is_reading=True)


def note_changing(request: HttpRequest) -> None:
    """The client goes back to choosing; what they ticked stays ticked."""
    VISITS.note(request, is_reading=False)


def note_answered(request: HttpRequest) -> None:
    """Signed, or said no, in this session: for half an hour it may show the receipt."""
    VISITS.note(request, answered=True)


def end(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    return VISITS.end(request, response)
