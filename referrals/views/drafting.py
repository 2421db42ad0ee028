"""The draft: begin it, fill in its parts in any order, check it, send it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect, reswap

from people.concurrency import ChangedMeanwhile
from people.enums import Role
from people.formats import clock, day
from people.forms import apply_errors
from people.policy import for_roles
from people.requests import MemberRequest
from referrals.actions.drafting import (
    begin_referral,
    known_to_a_clinic,
    missing_parts,
    submit_referral,
)
from referrals.enums import ReferralState
from referrals.forms.drafting import NewReferralForm, VersionForm
from referrals.models import Referral
from referrals.reading import own_context
from referrals.sections import SECTIONS, Section, saved_values

referring = for_roles(Role.THERAPIST)
OUT_OF_DATE = "This page is out of date. Open it again; your words are still here to copy."


@dataclass
class Part:
    """One section as it stands on the page."""

    section: Section
    form: forms.BaseForm
    version: int
    missing: list[str]
    locked: bool = False  # the clinic has this part from an earlier referral
    saved_meanwhile: list[tuple[str, str]] = field(default_factory=list)


def find_own(request: MemberRequest, pk: int) -> Referral:
    """A referral for which this person answers at the practice, or 404."""
    user = request.user
    rows = Referral.objects.of_practice(request.membership.organization_id)
    rows = rows.open_to(user, "coordinate_case")
    related = ("client", "clinic", "practice", "referrer", "reopening__of")
    return get_object_or_404(rows.select_related(*related), pk=pk)


def parts_of(request: MemberRequest, referral: Referral) -> list[Part]:
    """All sections, filled with what is saved."""
    values = saved_values(referral, own_context(request.user, referral))
    missing: dict[str, list[str]] = {}
    for name, sentence in missing_parts(referral):
        missing.setdefault(name, []).append(sentence)
    parts = [
        Part(section, section.form(initial=values), referral.version, missing.get(name, []))
        for name, section in SECTIONS.items()
    ]
    if known_to_a_clinic(referral):
        client = next(part for part in parts if part.section.name == "client")
        client.locked = True
        for each in client.form.fields.values():
            each.disabled = True
    return parts


@referring
def new(request: MemberRequest) -> HttpResponse:
    form = NewReferralForm(request.POST or None, initial={"clinic": request.GET.get("clinic")})
    if request.method == "POST" and form.is_valid():
        try:
            referral = begin_referral(
                by=request.user,
                clinic=form.cleaned_data["clinic"],
                form_key=form.cleaned_data["form_key"],
                identity=form.identity(),
            )
        except ValidationError as error:
            apply_errors(form, error)
        else:
            return redirect("referrals:edit", referral.pk)
    return render(request, "referrals/new.html", {"form": form})


@referring
def edit(request: MemberRequest, pk: int) -> HttpResponse:
    referral = find_own(request, pk)
    if referral.state != ReferralState.DRAFT:
        return redirect("referrals:detail", referral.pk)
    context = {"referral": referral, "parts": parts_of(request, referral)}
    return render(request, "referrals/edit.html", context)


@referring
def resume(request: MemberRequest, pk: int) -> HttpResponse:
    """Where one left off: the first part that misses something, or else checking the answers."""
    referral = find_own(request, pk)
    if referral.state != ReferralState.DRAFT:
        return redirect("referrals:detail", referral.pk)
    missing = missing_parts(referral)
    if not missing:
        return redirect("referrals:check", referral.pk)
    return redirect(f"{reverse('referrals:edit', args=[referral.pk])}#{missing[0][0]}")


@referring
@require_POST
def save(request: MemberRequest, pk: int, section: str) -> HttpResponse:
    """Save what is valid of one section; say beside its field what is not."""
    if section not in SECTIONS:
        raise Http404
    referral, wanted = find_own(request, pk), SECTIONS[section]
    form, version = wanted.form(request.POST), VersionForm(request.POST)
    changed = False
    form.is_valid()
    try:
        if not version.is_valid():
            raise ValidationError(OUT_OF_DATE)
        referral = wanted.save(
            by=request.user,
            referral=referral,
            version=version.cleaned_data["version"],
            given=form.cleaned_data,
        )
    except ChangedMeanwhile as error:
        referral, changed = error.current, True
    except ValidationError as error:
        apply_errors(form, error)
    parts = parts_of(request, referral)
    part = next(p for p in parts if p.section.name == section)
    if changed:
        part.saved_meanwhile = differences(form, part.form.initial)
    if form.errors or part.saved_meanwhile:
        part.form = form
    return _saved(request, referral, parts, part)


def differences(form: forms.BaseForm, saved: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, what was saved) of each field that somebody else saved otherwise."""
    found = []
    for bound in form:
        if bound.field.has_changed(saved.get(bound.name), bound.data):
            found.append((str(bound.label), _shown(bound.field, saved.get(bound.name))))
    return found


def _shown(form_field: forms.Field, value: Any) -> str:
    if isinstance(value, date):
        return day(value)
    if isinstance(form_field, forms.BooleanField):
        return "Yes" if value else "No"
    choices = getattr(form_field, "choices", None)
    return str(dict(choices).get(value, "") if choices else value or "")


def _saved(
    request: MemberRequest, referral: Referral, parts: list[Part], part: Part
) -> HttpResponse:
    """The answer to a save: to htmx only what changed on the page, else the page itself."""
    refused = bool(part.form.errors or part.saved_meanwhile)
    context = {"referral": referral, "parts": parts, "part": part, "refused": refused}
    if not request.htmx:
        if refused:
            return render(request, "referrals/edit.html", context)
        url = reverse("referrals:edit", args=[referral.pk])
        return redirect(f"{url}#{part.section.name}")
    # Where an error stood, the section is drawn again; otherwise the fields stay untouched.
    context["redraw"] = refused or bool(request.POST.get("refused"))
    response = render(request, "referrals/_saved.html", context, status=422 if refused else 200)
    response["X-Saved-At"] = clock(timezone.now())
    return response if context["redraw"] else reswap(response, "none")


@referring
def check(request: MemberRequest, pk: int) -> HttpResponse:
    """Check answers. Asked for by the page itself it comes after the last save."""
    referral = find_own(request, pk)
    if referral.state != ReferralState.DRAFT:
        return redirect("referrals:detail", referral.pk)
    if request.htmx:
        if any(request.GET.getlist("refused")):
            return render(request, "referrals/_correct_first.html")
        return HttpResponseClientRedirect(reverse("referrals:check", args=[pk]))
    return _check_page(request, referral)


@referring
@require_POST
def submit(request: MemberRequest, pk: int) -> HttpResponse:
    referral = find_own(request, pk)
    try:
        submit_referral(by=request.user, referral=referral)
    except ValidationError:
        return _check_page(request, referral)
    return redirect("referrals:sent", referral.pk)


def _check_page(request: MemberRequest, referral: Referral) -> HttpResponse:
    parts = parts_of(request, referral)
    edit_url = reverse("referrals:edit", args=[referral.pk])
    missing = [
        (sentence, f"{edit_url}#{part.section.name}") for part in parts for sentence in part.missing
    ]
    groups = [
        (
            part.section.title,
            [
                (
                    bound.label,
                    _shown(bound.field, part.form.initial.get(bound.name)),
                    f"{edit_url}#{part.section.name}",
                )
                for bound in part.form
            ],
        )
        for part in parts
    ]
    context = {"referral": referral, "groups": groups, "missing": missing}
    return render(request, "referrals/check.html", context)
