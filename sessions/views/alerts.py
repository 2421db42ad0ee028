"""A safety alert: what it is about, and what was done."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from people.models import User
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions.alerts import acknowledge_alert
from sessions.enums.outcomes import AlertKind
from sessions.forms.outcomes import AlertForm
from sessions.instruments import ITEM_9, PHQ9
from sessions.models import DelayedCheck, DosingSession, EpisodeOfCare, SafetyAlert
from sessions.permissions import check_user_can_treat
from sessions.reading import read_answers
from sessions.views.common import AT_CLINIC, banner, episode_or_404


def _answered(user: User, alert: SafetyAlert, episode: EpisodeOfCare) -> dict:
    """What was answered to item 9, in words."""
    row, most = read_answers(user, episode.referral, alert.source_pk), len(PHQ9.options) - 1
    digit = int(row.answers[ITEM_9]) if row else 0
    return {
        "told": f"Answered {digit} of {most}: {PHQ9.options[digit].lower()}" if row else "",
        "leads": "What was answered",
        "to": reverse("care:answers", args=[episode.pk, alert.source_pk]),
    }


def _happened(user: User, alert: SafetyAlert, episode: EpisodeOfCare) -> dict:
    """What happened, as it was last told."""
    return {
        "told": episode.adverse_events.get(pk=alert.source_pk).sentence,
        "leads": "The adverse event",
        "to": reverse("care:adverse_event", args=[alert.source_pk]),
    }


def _said(user: User, alert: SafetyAlert, episode: EpisodeOfCare) -> dict:
    """What the client said some days after a dose."""
    check = DelayedCheck.objects.get(pk=alert.source_pk)
    return {
        "told": "; ".join(check.found),
        "leads": "The call after the dose",
        "to": reverse("care:delayed_check", args=[check.dosing_id]),
    }


TOLD: dict[str, Callable[[User, SafetyAlert, EpisodeOfCare], dict]] = {
    AlertKind.ITEM_9: _answered,
    AlertKind.ADVERSE: _happened,
    AlertKind.AFTER_DOSE: _said,
}


@for_roles(*AT_CLINIC)
def alert(request: MemberRequest, pk: int) -> HttpResponse:
    """Everybody who works with the client reads it; those who treat say what was done."""
    rows = SafetyAlert.objects.filter(episode__in=EpisodeOfCare.objects.at_clinic_of(request.user))
    row = get_object_or_404(rows.select_related("acknowledged_by"), pk=pk)
    episode = episode_or_404(request.user, row.episode_id)
    form = AlertForm(posted(request))

    def acknowledge():
        acknowledge_alert(by=request.user, alert=row, done=form.cleaned_data["done"])

    if done(request, form, acknowledge):
        messages.success(request, "Thank you. The alert is answered.")
        return redirect(_back(row))
    context = {
        **banner(episode),
        "alert": row,
        "source": TOLD[row.kind](request.user, row, episode),
        "intake": episode.intakes.first(),
        "form": form,
        "treating": allowed(check_user_can_treat, request.user, episode),
    }
    return render(request, "care/alert.html", context)


def _back(alert: SafetyAlert) -> str:
    """To the flow sheet, while a client is in the clinic; else to the case."""
    here = DosingSession.objects.filter(episode=alert.episode_id, given_at__isnull=False)
    if dosing := here.filter(discharged_at=None).first():
        return reverse("care:dosing", args=[dosing.pk])
    return reverse("care:case", args=[alert.episode_id])
