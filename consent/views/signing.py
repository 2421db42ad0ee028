"""The client's three screens on the clinic's own device: choose, read and sign, receipt."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from consent import actions
from consent.clock import database_now
from consent.enums import ReleaseState
from consent.forms import SignForm, offered_to_client
from consent.models import Release
from consent.text import as_text, sections, sha256
from consent.views.releases import administrator, find
from people.forms import apply_errors
from people.requests import MemberRequest

OPEN = ReleaseState.AWAITING


@administrator
def sign(request: MemberRequest, pk: int) -> HttpResponse:
    """One address for the whole visit: what was posted says which screen comes next."""
    release = find(request, pk)
    if release.state(database_now()) != OPEN:
        return _receipt(request, release)
    step = request.POST.get("step", "")
    if step == "decline":
        actions.decline_release(by=request.user, release=release)
        return redirect("consent:sign", pk)
    if step == "choose":
        return _choose(request, release)
    if step == "sign":
        return _sign(request, release)
    return _first_screen(request, release)


def _first_screen(request: MemberRequest, release: Release, error: str = "") -> HttpResponse:
    """Nothing is ticked until the client ticks it; a choice that was refused is kept."""
    offered = offered_to_client(release)
    ticked = set(request.POST.getlist("share"))
    for row in offered:
        row["shared"] = row["value"] in ticked
    context = {"release": release, "offered": offered, "error": error, "step": "Step 1 of 3"}
    return render(request, "consent/sign_choose.html", context)


def _choose(request: MemberRequest, release: Release) -> HttpResponse:
    pairs = [value.split(":", 1) for value in request.POST.getlist("share") if ":" in value]
    shared = {(direction, category) for direction, category in pairs}
    try:
        actions.choose_categories(by=request.user, release=release, shared=shared)
    except ValidationError as error:
        return _first_screen(request, release, error.messages[0])
    release = find(request, release.pk)
    form = SignForm(initial={"shown_sha256": sha256(as_text(release)), "signer": "client"})
    return _signing_screen(request, release, form)


def _sign(request: MemberRequest, release: Release) -> HttpResponse:
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            actions.sign_release(by=request.user, release=release, **form.cleaned_data)
            return redirect("consent:sign", release.pk)
        except ValidationError as error:
            apply_errors(form, error)
    return _signing_screen(request, release, form)


def _signing_screen(request: MemberRequest, release: Release, form: SignForm) -> HttpResponse:
    context = {
        "release": release,
        "sections": sections(release),
        "form": form,
        "step": "Step 2 of 3",
    }
    return render(request, "consent/sign_read.html", context)


def _receipt(request: MemberRequest, release: Release) -> HttpResponse:
    """What was decided. A release that was never before the client goes back to the staff."""
    if not release.signed_at and not release.declined_at:
        return redirect("consent:detail", release.pk)
    context = {"release": release, "step": "Step 3 of 3"}
    return render(request, "consent/sign_done.html", context)
