"""A safety alert: what it is about, and what was done."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions.alerts import acknowledge_alert
from sessions.forms.outcomes import AlertForm
from sessions.models import DelayedCheck, DosingSession, EpisodeOfCare, SafetyAlert
from sessions.permissions import check_user_can_treat
from sessions.views.common import AT_CLINIC, banner, episode_or_404

# By the model of its source: what an alert leads to, in words, and its address.
LEADS_TO: dict[str, Callable[[SafetyAlert, str], tuple[str, str]]] = {
    "care_sessions.outcomeresponse": lambda alert, pk: (
        "What was answered",
        reverse("care:answers", args=[alert.episode_id, pk]),
    ),
    "care_sessions.delayedcheck": lambda _, pk: (
        "The call after the dose",
        reverse("care:delayed_check", args=[DelayedCheck.objects.get(pk=pk).dosing_id]),
    ),
    "care_sessions.adverseevent": lambda _, pk: (
        "The adverse event",
        reverse("care:adverse_event", args=[pk]),
    ),
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
        "source": _source(row),
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


def _source(alert: SafetyAlert) -> tuple[str, str] | None:
    """(words, address) of the page of what raised it."""
    model, pk = alert.source.split(":")
    return LEADS_TO[model](alert, pk) if model in LEADS_TO else None
