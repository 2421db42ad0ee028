"""The phase of treatment: induction or maintenance."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from people.enums import Role
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions.phases import change_phase
from sessions.enums import Phase
from sessions.views.common import banner, episode_or_404

TEXT = (
    "Induction: two or three doses a week for two to three weeks. Maintenance: weekly to monthly, "
    "with an integration session after each."
)


class PhaseForm(forms.Form):
    phase = forms.ChoiceField(choices=Phase.choices, widget=forms.RadioSelect)


@for_roles(Role.PRESCRIBER)
def phase(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    form = PhaseForm(posted(request), initial={"phase": episode.phase})

    def change():
        change_phase(by=request.user, episode=episode, phase=Phase(form.cleaned_data["phase"]))

    if done(request, form, change):
        return redirect("care:case", episode.pk)
    names = {"title": "Phase of treatment", "action": "Save", "text": TEXT}
    return render(request, "care/form.html", {**banner(episode), **names, "form": form})
