"""Lifting a gate, and the list of those that were lifted, for somebody else to review."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from people.enums import Role
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions import gates as actions
from sessions.enums.gates import Gate
from sessions.forms.before_dose import OverrideForm, ReviewForm
from sessions.gates import GateFacts, asked_at, shut
from sessions.models import EpisodeOfCare, GateOverride
from sessions.views.common import AT_CLINIC, TREATING, banner, dosing_or_404

MOST = 200


@for_roles(Role.PRESCRIBER)
def override(request: MemberRequest, pk: int, gate: str) -> HttpResponse:
    """Only a gate that is shut can be lifted, now or at the moment `?at=` of a dose that waits to
    be recorded; otherwise back to the flow sheet."""
    row = dosing_or_404(request.user, pk)
    if gate not in Gate.values:
        raise Http404
    named = _moment(request.GET.get("at", ""))
    at = named or asked_at(row, timezone.now())
    closed = {s.gate: s for s in shut(GateFacts.of(row, at), at, row.episode.clinic.day_of(at))}
    if row.given_at or row.cancelled_at or gate not in closed:
        return redirect("care:dosing", row.pk)
    form = OverrideForm(posted(request))

    def lift():
        reason = form.cleaned_data["reason"]
        which = {"dosing": row, "gate": Gate(gate), "given_at": named}
        actions.override_gate(by=request.user, **which, reason=reason)

    if done(request, form, lift):
        return redirect("care:dosing", row.pk)
    context = {**banner(row.episode), "dosing": row, "form": form, "standing": closed[Gate(gate)]}
    return render(request, "care/override.html", context)


def _moment(text: str) -> datetime | None:
    """The moment that an address names, now if it lies ahead; None if it names none."""
    try:
        named = parse_datetime(text)
    except ValueError:
        named = None
    return min(named, timezone.now()) if named and timezone.is_aware(named) else None


@for_roles(*AT_CLINIC)
def overrides(request: MemberRequest) -> HttpResponse:
    """Those that wait for review first, then the newest."""
    return _list(request)


@for_roles(*TREATING)
def review_override(request: MemberRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(_of_clinic(request), pk=pk)
    form = ReviewForm(posted(request))

    def review():
        actions.review_override(by=request.user, override=row, **form.cleaned_data)

    try:
        if done(request, form, review):
            return redirect("care:overrides")
        actions.check_user_can_review(request.user, row)
    except PermissionDenied:
        return redirect("care:overrides")
    context = {**banner(row.dosing.episode), "row": row, "form": form}
    return render(request, "care/review_override.html", context)


def _of_clinic(request: MemberRequest):
    episodes = EpisodeOfCare.objects.at_clinic_of(request.user)
    rows = GateOverride.objects.filter(dosing__episode__in=episodes)
    return rows.select_related(
        "dosing__episode__client",
        "dosing__episode__clinic",
        "overridden_by",
        "review__reviewed_by",
    )


def _list(request: MemberRequest) -> HttpResponse:
    rows = list(_of_clinic(request)[:MOST])
    waiting = [
        {"row": row, "mine": allowed(actions.check_user_can_review, request.user, row)}
        for row in rows
        if not hasattr(row, "review")
    ]
    reviewed = [row for row in rows if hasattr(row, "review")]
    return render(request, "care/overrides.html", {"waiting": waiting, "reviewed": reviewed})
