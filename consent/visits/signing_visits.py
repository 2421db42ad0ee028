"""A visit to one document, on the client's own device or on the clinic's screen: there the staff
member is signed out as the screen is handed over, and somebody signs in again to leave it.

There are two kinds, of a release and of a consent to treatment, each with its own pages: neither
visit reaches the other's document.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from consent.models import AnswerLink, SigningLink, TreatmentLink
from consent.visits.visits import Visits

LASTS = 30 * 60  # seconds
RELEASE: Visits[Any] = Visits(
    key="visit",
    model=SigningLink,
    related=("release__client", "release__organization", "release__wording"),
    door=SigningLink.DOOR,
    start="consent:visit",
    pages="consent:visit",
    lasts=LASTS,
)
TREATMENT: Visits[Any] = Visits(
    key="agreement",
    model=TreatmentLink,
    related=(
        "consent__client",
        "consent__organization",
        "consent__wording",
        "consent__explained_by",
    ),
    door=TreatmentLink.DOOR,
    start="consent:agreement",
    pages="consent:agreement",
    lasts=LASTS,
)
KINDS = (RELEASE, TREATMENT)


@dataclass(frozen=True)
class Visit:
    """The link, what was ticked so far (None until the client has chosen), where staff go back."""

    kind: Visits[Any]
    link: Any
    chosen: list[str] | None
    is_reading: bool
    back: str


def begin(request: HttpRequest, link: AnswerLink, back: str = "") -> HttpResponse:
    """`back`: the address to which the clinic's screen returns once somebody signed in again."""
    kind = next(kind for kind in KINDS if isinstance(link, kind.model))
    return kind.begin(request, link, kiosk=link.on_screen, back=back)


def current(request: HttpRequest, kind: Visits[Any]) -> Visit | None:
    """The visit of this session, of this `kind`. Once its link was used here, it is the receipt."""
    link = kind.current(request)
    if link is None:
        return None
    held = kind.held(request)
    return Visit(
        kind, link, held.get("chosen"), held.get("is_reading", False), held.get("back", "")
    )


def note_chosen(request: HttpRequest, values: Collection[str]) -> None:
    """The client has chosen and goes on to read what they sign."""
    RELEASE.note(request, chosen=sorted(values), is_reading=True)


def note_changing(request: HttpRequest) -> None:
    """The client goes back to choosing; what they ticked stays ticked."""
    RELEASE.note(request, is_reading=False)


def note_answered(request: HttpRequest, here: Visit) -> None:
    """Signed, or said no, in this session: for half an hour it may show the receipt."""
    here.kind.note(request, answered=True)


def back_to_staff(request: HttpRequest, here: Visit) -> HttpResponse:
    """The clinic's screen goes on with signing in, and back to where it was handed over."""
    return here.kind.end(request, redirect(f"{reverse('account_login')}?next={here.back}"))
