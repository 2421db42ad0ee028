"""Adverse events: recorded from the flow sheet or the case, followed up, corrected, reviewed."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from people.enums import Role
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions import adverse as actions
from sessions.actions.observing import withdraw
from sessions.flowsheet import corrections
from sessions.forms.adverse import (
    AdverseCorrectionForm,
    AdverseForm,
    AdverseReviewForm,
    AdverseUpdateForm,
)
from sessions.forms.observing import WithdrawForm, corrected, correcting, minute_of
from sessions.models import AdverseEvent, EpisodeOfCare
from sessions.permissions import check_user_can_prescribe, check_user_can_treat
from sessions.views.common import AT_CLINIC, TREATING, banner, episode_or_404


@for_roles(*TREATING)
def record_event(request: MemberRequest, pk: int) -> HttpResponse:
    """An adverse event of this client, now or at any later time; `?dose=` names the dose."""
    episode = episode_or_404(request.user, pk)
    doses = episode.doses.filter(given_at__isnull=False).order_by("number")
    began = {"at": timezone.now(), "dosing": doses.filter(pk=_number(request)).first()}
    form = AdverseForm(posted(request), doses=doses, initial=began)

    def save():
        actions.record_adverse_event(by=request.user, episode=episode, **form.observation())

    if done(request, form, save):
        dosing = form.cleaned_data["dosing"]
        if dosing and dosing.pk == _number(request):
            return redirect("care:dosing", dosing.pk)
        return redirect("care:case", episode.pk)
    context = {**banner(episode), "form": form, "from_dose": began["dosing"]}
    return render(request, "care/adverse_new.html", context)


@for_roles(*AT_CLINIC)
def event(request: MemberRequest, pk: int) -> HttpResponse:
    return _page(request, _event_or_404(request, pk))


@for_roles(*TREATING)
@require_POST
def update_event(request: MemberRequest, pk: int) -> HttpResponse:
    row = _event_or_404(request, pk)
    form = AdverseUpdateForm(request.POST)

    def save():
        actions.update_adverse_event(by=request.user, event=row, **form.content())

    if done(request, form, save):
        return redirect("care:adverse_event", row.pk)
    return _page(request, row, update_form=form)


@for_roles(Role.PRESCRIBER)
@require_POST
def review_event(request: MemberRequest, pk: int) -> HttpResponse:
    row = _event_or_404(request, pk)
    form = AdverseReviewForm(request.POST)

    def save():
        actions.review_adverse_event(by=request.user, event=row, **form.cleaned_data)

    if done(request, form, save):
        return redirect("care:adverse_event", row.pk)
    return _page(request, row, review_form=form)


@for_roles(*TREATING)
def correct_event(request: MemberRequest, pk: int) -> HttpResponse:
    row = _event_or_404(request, pk)
    shown = {**AdverseCorrectionForm.said(row), "at": minute_of(row)}
    form = correcting(AdverseCorrectionForm(posted(request), initial=shown))

    def save():
        actions.correct_adverse_event(by=request.user, row=row, **corrected(form, row))

    if done(request, form, save):
        return redirect("care:adverse_event", AdverseEvent.objects.get(corrects=row).pk)
    return _correction(request, row, form, WithdrawForm())


@for_roles(*TREATING)
@require_POST
def withdraw_event(request: MemberRequest, pk: int) -> HttpResponse:
    row = _event_or_404(request, pk)
    form = WithdrawForm(request.POST)
    if done(request, form, lambda: withdraw(by=request.user, row=row, **form.cleaned_data)):
        return redirect("care:case", row.episode_id)
    shown = {**AdverseCorrectionForm.said(row), "at": minute_of(row)}
    return _correction(request, row, correcting(AdverseCorrectionForm(initial=shown)), form)


def _event_or_404(request: MemberRequest, pk: int) -> AdverseEvent:
    rows = AdverseEvent.objects.filter(episode__in=EpisodeOfCare.objects.at_clinic_of(request.user))
    people = ("recorded_by", "episode__client", "episode__clinic", "dosing", "corrected_by")
    rows = rows.select_related(*people).prefetch_related(
        "updates__recorded_by", "reviews__reviewed_by"
    )
    return get_object_or_404(rows, pk=pk)


def _page(request: MemberRequest, row: AdverseEvent, **forms) -> HttpResponse:
    graded = {"at": timezone.now(), "severity": row.now.severity}
    counts = not row.entered_in_error and not hasattr(row, "corrected_by")
    prescribes = allowed(check_user_can_prescribe, request.user, row.episode.clinic_id)
    context = {
        **banner(row.episode),
        "event": row,
        "newer": getattr(row, "corrected_by", None),
        "corrections": corrections(row),
        "treating": counts and allowed(check_user_can_treat, request.user, row.episode),
        "reviewing": counts and prescribes and not row.is_reviewed,
        "update_form": AdverseUpdateForm(initial=graded),
        "review_form": AdverseReviewForm(),
        "refused": next((form for form in forms.values() if form.is_bound), None),
        **forms,
    }
    return render(request, "care/adverse.html", context)


def _correction(request: MemberRequest, row: AdverseEvent, form, withdrawal) -> HttpResponse:
    refused = next((each for each in (form, withdrawal) if each.is_bound), None)
    context = {"event": row, "form": form, "withdrawal": withdrawal, "refused": refused}
    return render(request, "care/adverse_correct.html", {**banner(row.episode), **context})


def _number(request: MemberRequest) -> int:
    """The dose that `?dose=` names, or 0."""
    text = request.GET.get("dose", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
