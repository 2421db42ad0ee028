"""That a session was held: two clicks, from the worklist or from the timeline; and its mistake."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from people.enums import Role
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from referrals.models import Referral
from sessions.actions import integration as actions
from sessions.enums import SessionState
from sessions.forms.dosing import SessionErrorForm, SessionForm
from sessions.models import EpisodeOfCare, IntegrationSession
from sessions.reading import knows_a_dose, loggable, read_own_session
from sessions.views.common import TREATING, referral_or_404


@for_roles(Role.THERAPIST, *TREATING)
def log_session(request: MemberRequest, pk: int) -> HttpResponse:
    """That a session was held or missed: time and state; themes where a release covers them."""
    referral = referral_or_404(request.user, pk)
    outside = request.membership.organization_id != referral.clinic_id
    known = outside and knows_a_dose(request.user, referral)
    episode = loggable(request.user, referral, dose_known=known)
    if episode is None:
        raise Http404
    themes = actions.themes_reach(request.user, episode)
    now = {"at": timezone.now(), "state": SessionState.HELD}
    form = SessionForm(posted(request), themes=themes, initial=now)
    logged: list[IntegrationSession] = []

    def log():
        try:
            actions.log_session(by=request.user, episode=episode, **form.cleaned_data)
        except actions.LoggedAlready as error:
            logged.append(error.session)
            raise

    if done(request, form, log):
        messages.success(request, "Logged. It answers every window it lies in.")
        return redirect(_home(request, referral, episode))
    context = {"client": referral.client, "referral": referral, "form": form}
    context |= {"existing": logged[0] if logged else None, "episode": not outside and episode}
    return render(request, "care/log_session.html", context)


@for_roles(Role.THERAPIST, *TREATING)
def correct_session(request: MemberRequest, pk: int, session: int) -> HttpResponse:
    """One session of one's own house, and the way to say that it was logged by mistake."""
    referral = referral_or_404(request.user, pk)
    row = read_own_session(request.user, referral, session)
    if row is None or not allowed(actions.check_user_can_correct_session, request.user, row):
        raise Http404
    form = SessionErrorForm(posted(request))

    def mark():
        reason = form.cleaned_data["reason"]
        actions.mark_session_in_error(by=request.user, session=row, reason=reason)

    home = _home(request, referral, row.episode)
    if done(request, form, mark):
        messages.success(request, "Marked as a mistake. What it answered is open again.")
        return redirect(home)
    inside = request.membership.role in TREATING
    context = {"client": referral.client, "referral": referral, "form": form, "row": row}
    context |= {"home": home, "episode": inside and row.episode}
    return render(request, "care/correct_session.html", context)


def _home(request: MemberRequest, referral: Referral, episode: EpisodeOfCare) -> str:
    if request.membership.role in TREATING:
        return reverse("care:case", args=[episode.pk])
    return reverse("care:timeline", args=[referral.pk])
