"""The clinic's own pages of its profile: what is public, what waits, what changed, and writing."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from people.concurrency import ChangedMeanwhile
from people.enums import CLINIC_ROLES
from people.forms import apply_errors
from people.models import ClinicProfile, Organization, ProfileDraft
from people.permissions import RESPONSIBLE
from people.policy import for_roles
from people.profiles import actions
from people.profiles.forms import ProfileForm, PublishForm, VersionForm
from people.profiles.questions import missing
from people.profiles.reading import (
    Change,
    Described,
    changes,
    content_of,
    described,
    history,
    proposed,
)
from people.requests import MemberRequest, posted
from people.training import LEAST_HOURS

for_writers = for_roles(*RESPONSIBLE)


@for_roles(*CLINIC_ROLES)
def profile(request: MemberRequest) -> HttpResponse:
    """For everybody at the clinic: every version, what it changed and who published it."""
    clinic = request.membership.organization
    versions, draft = history(clinic), _draft(clinic)
    newest = versions[0].profile if versions else None
    waits = draft is not None and draft.content != content_of(newest)
    context = {
        "clinic": clinic,
        "newest": newest,
        "versions": versions,
        "draft": draft if waits else None,
        "writes": request.membership.role in RESPONSIBLE,
    }
    return render(request, "people/profile.html", context)


@for_writers
def edit(request: MemberRequest) -> HttpResponse:
    clinic = request.membership.organization
    draft, newest = _draft(clinic), ClinicProfile.objects.of(clinic.pk)
    content = draft.content if draft else content_of(newest)
    form = ProfileForm(posted(request), draft=draft, content=content)
    newer: list[Change] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_draft(
                by=request.user,
                clinic=clinic,
                version=form.cleaned_data["version"],
                content=form.content(),
            )
            return redirect("people:profile_preview")
        except ChangedMeanwhile as error:
            apply_errors(form, error)
            newer = _rest_on(form, error.current)
        except ValidationError as error:
            apply_errors(form, error)
    context = {"clinic": clinic, "form": form, "newer": newer, "draft": draft, "newest": newest}
    return render(request, "people/profile_edit.html", context)


@for_writers
def preview(request: MemberRequest) -> HttpResponse:
    """The draft as everybody would see it."""
    clinic = request.membership.organization
    draft, newest = _draft(clinic), ClinicProfile.objects.of(clinic.pk)
    if draft is None:
        return redirect("people:profile_edit")
    if draft.content == content_of(newest):
        messages.info(request, "Nothing waits: what you wrote is what is published.")
        return redirect("people:profile")
    return _preview(request, draft, newest, PublishForm(initial={"version": draft.version}))


@for_writers
@require_POST
def publish(request: MemberRequest) -> HttpResponse:
    clinic, form = request.membership.organization, PublishForm(request.POST)
    if form.is_valid():
        try:
            published = actions.publish(by=request.user, clinic=clinic, **form.cleaned_data)
        except ValidationError as error:
            _say(request, error)
        else:
            messages.success(request, f"Published as {published}. Everybody reads it now.")
            return redirect("people:profile")
    return redirect("people:profile_preview")


@for_writers
@require_POST
def discard(request: MemberRequest) -> HttpResponse:
    clinic, form = request.membership.organization, VersionForm(request.POST)
    if form.is_valid():
        try:
            actions.discard_draft(
                by=request.user, clinic=clinic, version=form.cleaned_data["version"]
            )
        except ValidationError as error:
            _say(request, error)
            return redirect("people:profile_preview")
        messages.success(request, "The draft is discarded. What is published stays.")
    return redirect("people:profile")


def _preview(
    request: MemberRequest, draft: ProfileDraft, newest: ClinicProfile | None, form: PublishForm
) -> HttpResponse:
    next_version = proposed(draft)
    [now] = described([draft.organization])
    context = {
        "clinic": draft.organization,
        "described": Described(draft.organization, next_version, now.staff),
        "draft": draft,
        "form": form,
        "missing": missing(draft.content),
        "changed": [each.label for each in changes(newest, next_version)] if newest else [],
        "number": newest.version + 1 if newest else 1,
        "least": LEAST_HOURS,
    }
    return render(request, "people/profile_preview.html", context)


def _rest_on(form: ProfileForm, current: ProfileDraft) -> list[Change]:
    """What was saved meanwhile, where it differs from what was typed. The form then rests on it,
    so that saving again is a decision."""
    form.data = form.data.copy()  # type: ignore[attr-defined]
    form.data["version"] = current.version  # type: ignore[index]
    typed = ProfileDraft(organization=current.organization, content=form.content())
    return changes(proposed(current), proposed(typed))


def _say(request: MemberRequest, error: ValidationError) -> None:
    messages.error(request, " ".join(error.messages))


def _draft(clinic: Organization) -> ProfileDraft | None:
    rows = ProfileDraft.objects.filter(organization=clinic)
    return rows.select_related("organization", "saved_by").first()
