"""The end of treatment: one page that says what follows, and asks when and why."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from consent.enums import Ending
from consent.models import Release
from people.enums import Role
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions import ending as actions
from sessions.forms.care import EndForm
from sessions.models import EpisodeOfCare
from sessions.progress import Facts
from sessions.views.common import banner, episode_or_404


@for_roles(Role.PRESCRIBER)
def end_episode(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    if episode.ended_at:
        return redirect("care:case", episode.pk)
    form = EndForm(posted(request), initial={"ended_at": timezone.now()})

    def end():
        actions.end_episode(by=request.user, episode=episode, **form.cleaned_data)

    if done(request, form, end):
        return redirect("care:case", episode.pk)
    context = {
        **banner(episode),
        "form": form,
        "planned": Facts.of(episode).planned,
        "releases": _ending_with(episode),
    }
    return render(request, "care/end.html", context)


def _ending_with(episode: EpisodeOfCare) -> int:
    """How many releases in force end with treatment."""
    if actions.open_beside(episode):
        return 0
    in_force = Release.objects.in_force(timezone.now()).of_clinic(episode.clinic_id)
    return in_force.filter(client=episode.client_id, ending=Ending.END_OF_TREATMENT).count()
