"""What the pages of every visit share, whichever document it opens."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from consent.documents.kept import keep_document
from consent.documents.strokes import HEIGHT, WIDTH, as_paths
from consent.documents.text import Section, sha256
from consent.forms.signing import SignForm
from consent.visits import signing_visits
from consent.visits.signing_visits import Visit
from consent.visits.visits import Visits
from people.pdf import attached_pdf


def in_visit(here: Visit, step: str) -> dict:
    """What every page of a visit shows around its content."""
    signed = here.link.document
    return {
        "signed": signed,
        "organization": signed.organization,
        "kiosk": here.link.on_screen,
        "step": step,
        "closes_in": signing_visits.LASTS,
        "leave": f"{here.kind.pages}_leave",
        "copy": f"{here.kind.pages}_copy",
    }


def to_sign(form: SignForm, sections: Iterable[Section], text: str) -> dict:
    """The exact text, its hash that comes back with the signature, and the pad."""
    return {
        "sections": sections,
        "shown_sha256": sha256(text),
        "form": form,
        "paths": as_paths(form.strokes),
        "width": WIDTH,
        "height": HEIGHT,
    }


def copy_in_visit(here: Visit | None) -> HttpResponse:
    """The client's copy, on a device of their own: nothing stays behind on the clinic's screen."""
    if here is None or here.link.on_screen:
        raise Http404
    kept = keep_document(here.link.document)
    if kept is None:
        raise Http404
    return attached_pdf(bytes(kept.pdf), f"{here.link.document.number}.pdf")


def leave_visit(request: HttpRequest, kind: Visits) -> HttpResponse:
    """The visit ends. The clinic's screen goes on with signing in, and back to the staff's page."""
    here = signing_visits.current(request, kind)
    if here is None or not here.link.on_screen:
        return kind.end(request, render(request, "consent/sign_closed.html"))
    return signing_visits.back_to_staff(request, here)
