"""The administrator's pages: the list, a new draft, the builder, one release, revoking."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from consent import actions
from consent.clock import database_now
from consent.elements import missing_elements
from consent.enums import EXPLANATIONS, Category, ReleaseState
from consent.forms import NewReleaseForm, RevokeForm, TermsForm
from consent.listing import GROUPS, listed
from consent.models import Release
from consent.text import sections
from people.enums import Role
from people.forms import apply_errors
from people.policy import for_roles
from people.requests import MemberRequest

administrator = for_roles(Role.ADMINISTRATOR)
REVOCABLE = (ReleaseState.ACTIVE, ReleaseState.FUTURE)


def find(request: MemberRequest, pk: int) -> Release:
    """A release of the administrator's own clinic, or 404."""
    releases = Release.objects.of_clinic(request.membership.organization_id)
    return get_object_or_404(
        releases.select_related("client", "organization", "witnessed_by").with_parts(), pk=pk
    )


@administrator
def releases(request: MemberRequest) -> HttpResponse:
    organization = request.membership.organization
    show = request.GET.get("show", "")
    if show and show not in GROUPS:
        raise Http404
    context = listed(organization.pk, database_now(), show)
    return render(request, "consent/releases.html", context)


@administrator
def new(request: MemberRequest) -> HttpResponse:
    organization = request.membership.organization
    form = NewReleaseForm(request.POST or None, organization=organization)
    if request.method == "POST" and form.is_valid():
        try:
            release = actions.draft_release(by=request.user, **form.cleaned_data)
            return redirect("consent:builder", release.pk)
        except ValidationError as error:
            apply_errors(form, error)
    return render(request, "consent/new.html", {"form": form})


@administrator
def builder(request: MemberRequest, pk: int) -> HttpResponse:
    release = find(request, pk)
    if release.signed_at or release.declined_at:
        return redirect("consent:detail", pk)
    form = TermsForm(request.POST or None, release=release)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_release(by=request.user, release=release, terms=form.terms())
            return redirect("consent:detail", pk)
        except ValidationError as error:
            apply_errors(form, _renamed(error))
    context = {
        "release": release,
        "form": form,
        "missing": missing_elements(release) if release.recipients.all() else [],
        "explanations": {c.value: EXPLANATIONS[c] for c in Category},
    }
    return render(request, "consent/builder.html", context)


@administrator
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    release = find(request, pk)
    state = release.state(database_now())
    context = {
        "release": release,
        "state": state,
        "editable": state in (ReleaseState.DRAFT, ReleaseState.AWAITING),
        "revocable": state in REVOCABLE,
        "missing": [] if release.signed_at else missing_elements(release),
        "sections": sections(release),
    }
    return render(request, "consent/detail.html", context)


@administrator
@require_POST
def send(request: MemberRequest, pk: int) -> HttpResponse:
    """Ready for the client: refused, with each missing element named, until it is whole."""
    release = find(request, pk)
    try:
        actions.send_for_signature(by=request.user, release=release)
        messages.success(request, "Ready to sign. Hand the screen to the client.")
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    return redirect("consent:detail", pk)


@administrator
def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    return _revoke(request, find(request, pk))


@reauthentication_required
def _revoke(request: MemberRequest, release: Release) -> HttpResponse:
    """Asks for the password first: withdrawing for somebody is a dangerous act."""
    now = database_now()
    if release.state(now) not in REVOCABLE:
        return redirect("consent:detail", release.pk)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.revoke_release(by=request.user, release=release, **form.cleaned_data)
            messages.success(request, "Withdrawn. Nobody can read anything on this release now.")
            return redirect("consent:detail", release.pk)
        except ValidationError as error:
            apply_errors(form, error)
    beside = Release.objects.beside(release, now).select_related("client")
    context = {"release": release, "form": form, "beside": beside}
    return render(request, "consent/revoke.html", context)


def _renamed(error: ValidationError) -> ValidationError:
    """The action's field names as the form has them."""
    if not hasattr(error, "error_dict"):
        return error
    names = TermsForm.NAMES
    return ValidationError({names.get(k, k): v for k, v in error.error_dict.items()})
