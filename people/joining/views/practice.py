"""A practice's own page: who is here, one's licence, inviting a colleague, leaving."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from people.enums import PRACTICE_ROLES, Role
from people.joining import listing
from people.joining.actions import memberships
from people.joining.actions.inviting import invite as invite_somebody
from people.joining.actions.licences import state_licence
from people.joining.forms import EndForm, InviteColleagueForm, StateLicenceForm
from people.models import Membership, PracticeLicence
from people.policy import for_roles
from people.requests import MemberRequest, done, posted

in_practice = for_roles(*PRACTICE_ROLES)


@in_practice
def own(request: MemberRequest) -> HttpResponse:
    place = request.membership.organization
    members = Membership.objects.filter(organization=place, ended_at=None).select_related("user")
    context = {
        "practice": place,
        "members": members.order_by("user__name"),
        "licences": PracticeLicence.objects.filter(person=request.user, practice=place),
        "today": place.today,
        "inviting": request.membership.role == Role.THERAPIST,
        "invitations": listing.waiting_invitations([place.pk], timezone.now()),
    }
    return render(request, "joining/practice.html", context)


@for_roles(Role.THERAPIST)
def invite(request: MemberRequest) -> HttpResponse:
    form = InviteColleagueForm(posted(request))

    def write():
        data = form.cleaned_data
        invite_somebody(
            by=request.user,
            form_key=data["form_key"],
            role=Role(data["role"]),
            email=data["email"],
            name=data["name"],
            place=request.membership.organization,
        )

    if done(request, form, write):
        messages.success(request, "The invitation is on its way. The link in it works for 7 days.")
        return redirect("joining:practice")
    text = (
        f"Whoever joins {request.membership.organization} sees no client of yours by that alone: "
        "only while they cover for you, or a release names them."
    )
    context = {"form": form, "title": "Invite a colleague", "text": text}
    return render(request, "joining/form.html", context | {"action": "Send the invitation"})


@in_practice
def licence(request: MemberRequest) -> HttpResponse:
    form = StateLicenceForm(posted(request))

    def write():
        key = form.cleaned_data["form_key"]
        state_licence(by=request.user, form_key=key, content=form.licence())

    if done(request, form, write):
        messages.success(request, "Added. Each clinic you work with looks it up for itself.")
        return redirect("joining:practice")
    text = "Each clinic you work with looks it up in the public register. Nothing waits for that."
    context = {"form": form, "title": "Add a licence", "text": text, "action": "Add"}
    return render(request, "joining/form.html", context)


@in_practice
def leave(request: MemberRequest) -> HttpResponse:
    """Leave, after a question."""
    possible = memberships.successors(request.membership)
    form = EndForm(posted(request), possible=possible)

    def write():
        memberships.leave(by=request.user, successor=form.chosen)

    if done(request, form, write):
        logout(request)
        messages.success(request, "You have left. Your account opens nothing any more.")
        return redirect("account_login")
    context = {"practice": request.membership.organization, "form": form, "possible": possible}
    return render(request, "joining/leave.html", context)
