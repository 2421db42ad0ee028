"""The client's visit to a release: choose, read, sign or say no, receipt. Nobody is signed in."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from consent.actions.links import hand_over
from consent.actions.signing import choose_categories, decline_release, sign_release
from consent.documents.kept import keep_document
from consent.documents.text import as_text, electronic_agreement, in_short, sections, to_whom
from consent.forms.signing import SignForm, offered_to_client
from consent.models import Release
from consent.views.answers import refused
from consent.views.releases import administrator, find
from consent.views.visited import copy_in_visit, in_visit, leave_visit, to_sign
from consent.visits import signing_visits
from consent.visits.signing_visits import RELEASE, Visit
from people.forms import apply_errors
from people.policy import public
from people.requests import MemberRequest


@administrator
@require_POST
def present(request: MemberRequest, pk: int) -> HttpResponse:
    """Hand the screen over: the staff member is signed out, and only the document is left."""
    try:
        link = hand_over(by=request.user, release=find(request, pk))
    except ValidationError as error:
        return refused(request, pk, error)
    return signing_visits.begin(request, link, back=reverse("consent:detail", args=[pk]))


@public
def visit(request: HttpRequest) -> HttpResponse:
    """One address for the whole visit: what was done so far says which screen comes next."""
    here = signing_visits.current(request, RELEASE)
    if here is None:
        return render(request, "consent/sign_closed.html", status=404)
    release = Release.objects.with_parts().get(pk=here.link.release_id)
    with timezone.override(release.organization.timezone):
        if here.link.used_at:
            return _done(request, here, release)
        step = STEPS.get(request.POST.get("step", ""), _show)
        try:
            return step(request, here, release)
        except ValidationError as error:
            return _choosing(request, here, release, error.messages[0])


@public
def visit_copy(request: HttpRequest) -> HttpResponse:
    """The client's copy, on a device of their own: nothing stays behind on the clinic's screen."""
    return copy_in_visit(signing_visits.current(request, RELEASE))


@public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    return leave_visit(request, RELEASE)


# ------------------------------------------------------------------ the steps
def _show(request: HttpRequest, here: Visit, release: Release) -> HttpResponse:
    if here.is_reading:
        return _reading(request, here, release, _form(release))
    return _choosing(request, here, release)


def _choose(request: HttpRequest, here: Visit, release: Release) -> HttpResponse:
    ticked = request.POST.getlist("share")
    pairs = [value.split(":", 1) for value in ticked if ":" in value]
    shared = {(direction, category) for direction, category in pairs}
    choose_categories(link=here.link, shared=shared)
    signing_visits.note_chosen(request, ticked)
    return redirect("consent:visit")


def _change(request: HttpRequest, here: Visit, release: Release) -> HttpResponse:
    signing_visits.note_changing(request)
    return redirect("consent:visit")


def _sign(request: HttpRequest, here: Visit, release: Release) -> HttpResponse:
    if not here.is_reading:
        return redirect("consent:visit")
    form = _form(release, request.POST)
    if form.is_valid():
        shown = request.POST.get("shown_sha256", "")
        try:
            sign_release(link=here.link, signature=form.signature(), shown_sha256=shown)
            signing_visits.note_answered(request, here)
            return redirect("consent:visit")
        except ValidationError as error:
            apply_errors(form, error)
    return _reading(request, here, release, form)


def _form(release: Release, data=None) -> SignForm:
    return SignForm(data, signed=release, agreement=electronic_agreement(release))


def _decline(request: HttpRequest, here: Visit, release: Release) -> HttpResponse:
    decline_release(link=here.link)
    signing_visits.note_answered(request, here)
    return redirect("consent:visit")


STEPS = {"choose": _choose, "change": _change, "sign": _sign, "decline": _decline}


# ------------------------------------------------------------------ the screens
def _choosing(request: HttpRequest, here: Visit, release: Release, error: str = "") -> HttpResponse:
    """Nothing is ticked until the client ticks it; what they ticked before is kept."""
    ticked = request.POST.getlist("share") or here.chosen or []
    offered = offered_to_client(release, ticked)
    context = {
        "facts": in_short(release),
        "to_whom": to_whom(release),
        "sent_out": [row for row in offered if row["out"]],
        "taken_in": [row for row in offered if not row["out"]],
        "error": error,
    }
    return _screen(request, "choose", here, release, **context)


def _reading(request: HttpRequest, here: Visit, release: Release, form: SignForm) -> HttpResponse:
    context = to_sign(form, sections(release), as_text(release))
    return _screen(request, "read", here, release, **context)


def _done(request: HttpRequest, here: Visit, release: Release) -> HttpResponse:
    has_document = not here.link.on_screen and keep_document(release) is not None
    return _screen(request, "done", here, release, has_document=has_document)


NUMBERS = {"choose": 1, "read": 2, "done": 3}


def _screen(
    request: HttpRequest, name: str, here: Visit, release: Release, **context
) -> HttpResponse:
    context |= in_visit(here, step=f"Step {NUMBERS[name]} of 3") | {"release": release}
    return render(request, f"consent/sign_{name}.html", context)
