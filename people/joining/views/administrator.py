"""People as the administrator sees them; and the licence of somebody in a practice."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from people.enums import Role
from people.forms import FormKeyForm
from people.joining import listing
from people.joining.actions import asking, memberships
from people.joining.actions import inviting as actions
from people.joining.actions.licences import look_up_licence
from people.joining.forms import (
    NEW,
    ApproveForm,
    DeclineForm,
    EndForm,
    InviteForm,
    LookupForm,
    RoleForm,
)
from people.joining.standing import standing_of
from people.models import Invitation, JoinRequest, Membership, PracticeLicence
from people.permissions import (
    RESPONSIBLE,
    allowed,
    check_user_can_invite,
    check_user_can_look_up,
    check_user_can_manage,
)
from people.policy import for_roles
from people.requests import MemberRequest, done, posted

administering = for_roles(Role.ADMINISTRATOR)
responsible = for_roles(*RESPONSIBLE)
inviting_people = for_roles(Role.ADMINISTRATOR, Role.THERAPIST)


@administering
def people(request: MemberRequest) -> HttpResponse:
    """Everybody of the clinic and of the practices that work with it."""
    clinic = request.membership.organization
    places = listing.places_of(clinic)
    context = {
        "clinic": clinic,
        "own": places[0],
        "practices": places[1:],
        "invitations": listing.waiting_invitations(
            [place.organization.pk for place in places], timezone.now()
        ),
        "requests": JoinRequest.objects.filter(clinic=clinic, answer=""),
        "left": listing.left(clinic),
    }
    return render(request, "joining/people.html", context)


@administering
def invite(request: MemberRequest) -> HttpResponse:
    clinic = request.membership.organization
    form = InviteForm(posted(request), clinic=clinic, practices=listing.practices_of(clinic))

    def write():
        data = form.cleaned_data
        actions.invite(
            by=request.user,
            form_key=data["form_key"],
            role=Role(data["role"]),
            email=data["email"],
            name=data["name"],
            **form.where(),
        )

    if done(request, form, write):
        messages.success(request, "The invitation is on its way. The link in it works for 7 days.")
        return redirect("joining:people")
    return render(request, "joining/invite.html", {"form": form, "clinic": clinic})


@inviting_people
@require_POST
def invite_again(request: MemberRequest, pk: int) -> HttpResponse:
    invitation, form = _invitation_or_404(request, pk), FormKeyForm(request.POST)
    if not form.is_valid():
        return _back(request, "This page is out of date. Press once more.")
    key = form.cleaned_data["form_key"]
    return _pressed(
        request,
        lambda: actions.invite_again(by=request.user, invitation=invitation, form_key=key),
        "A new link is on its way. The earlier one no longer works.",
    )


@inviting_people
@require_POST
def close(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = _invitation_or_404(request, pk)
    return _pressed(
        request,
        lambda: actions.close_invitation(by=request.user, invitation=invitation),
        "The invitation is closed. Its link no longer works.",
    )


@administering
def answer(request: MemberRequest, pk: int) -> HttpResponse:
    """What somebody asked: invite them to a practice, or decline."""
    asked = _request_or_404(request, pk)
    practices = listing.practices_of(request.membership.organization)
    form = ApproveForm(posted(request), practices=practices, initial=_as_asked(asked, practices))

    def write():
        data = form.cleaned_data
        asking.approve_request(
            by=request.user,
            request=asked,
            form_key=data["form_key"],
            role=Role(data["role"]),
            **form.where(),
        )

    if done(request, form, write):
        messages.success(request, "The invitation is on its way. The link in it works for 7 days.")
        return redirect("joining:people")
    return _request_page(request, asked, form, DeclineForm())


@administering
@require_POST
def decline(request: MemberRequest, pk: int) -> HttpResponse:
    asked = _request_or_404(request, pk)
    form = DeclineForm(request.POST)

    def write():
        reason = form.cleaned_data["reason"]
        asking.decline_request(by=request.user, request=asked, reason=reason)

    if done(request, form, write):
        messages.success(request, "Declined. They are told by mail, without a reason.")
        return redirect("joining:people")
    practices = listing.practices_of(request.membership.organization)
    approve = ApproveForm(practices=practices, initial=_as_asked(asked, practices))
    return _request_page(request, asked, approve, form)


def _as_asked(asked: JoinRequest, practices) -> dict[str, str]:
    """The practice they named, where it works with the clinic already; a new one elsewhere."""
    known = practices.filter(name__iexact=asked.practice).first()
    return {"place": str(known.pk)} if known else {"place": NEW, "practice_name": asked.practice}


def _request_page(request: MemberRequest, asked: JoinRequest, approve, decline) -> HttpResponse:
    context = {"asked": asked, "approve": approve, "decline": decline}
    return render(request, "joining/request.html", context)


@administering
def member(request: MemberRequest, pk: int) -> HttpResponse:
    """One person: their memberships in sight of this clinic, and what can be changed."""
    return _member_page(request, _member_or_404(request, pk))


@administering
@require_POST
def change_role(request: MemberRequest, pk: int) -> HttpResponse:
    found = _member_or_404(request, pk)
    form = RoleForm(request.POST)
    changed: list[Membership] = []

    def write():
        role = Role(form.cleaned_data["role"])
        changed.append(memberships.change_role(by=request.user, member=found, role=role))

    try:
        if done(request, form, write):
            messages.success(request, f"{found.user} is {changed[0].get_role_display()} now.")
            return redirect("joining:member", changed[0].pk)
    except PermissionDenied as error:
        messages.error(request, str(error))
    return _member_page(request, found, form)


@administering
def end(request: MemberRequest, pk: int) -> HttpResponse:
    """End a membership, after a question."""
    found = _member_or_404(request, pk)
    if found.ended_at or not allowed(check_user_can_manage, request.user, found):
        return redirect("joining:member", pk)
    possible = memberships.successors(found)
    form = EndForm(posted(request), possible=possible)

    def write():
        memberships.end_membership(by=request.user, member=found, successor=form.chosen)

    if done(request, form, write):
        messages.success(request, f"{found.user} has no access any more.")
        return redirect("joining:people")
    context = {"member": found, "form": form, "possible": possible}
    return render(request, "joining/end.html", context)


@responsible
def licence(request: MemberRequest, pk: int) -> HttpResponse:
    """The licences of somebody in a practice, and what this clinic found."""
    found = _outside_or_404(request, pk)
    clinic = request.membership.organization
    stated = listing.licences_of(clinic, found)
    standing = standing_of([row[:2] for row in stated], clinic.today)
    context = {"member": found, "clinic": clinic, "stated": stated, "standing": standing}
    return render(request, "joining/licence.html", context)


@responsible
def look_up(request: MemberRequest, pk: int) -> HttpResponse:
    """Record what a register says about one licence."""
    rows = PracticeLicence.objects.select_related("person", "practice")
    row = get_object_or_404(rows, pk=pk)
    if not allowed(check_user_can_look_up, request.user, row.practice):
        raise Http404
    current = Membership.objects.filter(user=row.person, organization=row.practice).latest("pk")
    form = LookupForm(posted(request))

    def write():
        data = dict(form.cleaned_data)
        look_up_licence(by=request.user, licence=row, **data)

    if done(request, form, write):
        messages.success(request, "Recorded.")
        return redirect("joining:licence", current.pk)
    context = {"licence": row, "member": current, "form": form}
    return render(request, "joining/look_up.html", context)


def _member_page(request: MemberRequest, found: Membership, form: RoleForm | None = None):
    clinic = request.membership.organization
    at_clinic = found.organization_id == clinic.pk
    history = listing.managed_by(clinic).filter(user=found.user_id).order_by("-started_at", "-pk")
    context = {
        "member": found,
        "own": found.user_id == request.user.pk,
        "changing": not found.ended_at and allowed(check_user_can_manage, request.user, found),
        "form": (form or RoleForm(initial={"role": found.role})) if at_clinic else None,
        "second_factor": listing.has_second_factor(found.user),
        "history": history,
        "licence": None if at_clinic else listing.licence_with(clinic, found),
    }
    return render(request, "joining/member.html", context)


def _member_or_404(request: MemberRequest, pk: int) -> Membership:
    return get_object_or_404(listing.managed_by(request.membership.organization), pk=pk)


def _outside_or_404(request: MemberRequest, pk: int) -> Membership:
    """Somebody in a practice that works with the clinic."""
    rows = listing.managed_by(request.membership.organization)
    return get_object_or_404(rows.exclude(organization=request.membership.organization_id), pk=pk)


def _invitation_or_404(request: MemberRequest, pk: int) -> Invitation:
    found = get_object_or_404(Invitation.objects.select_related("organization", "request"), pk=pk)
    if not allowed(check_user_can_invite, request.user, found.organization):
        raise Http404
    return found


def _request_or_404(request: MemberRequest, pk: int) -> JoinRequest:
    rows = JoinRequest.objects.filter(clinic=request.membership.organization_id, answer="")
    return get_object_or_404(rows, pk=pk)


def _pressed(request: MemberRequest, write: Callable, said: str) -> HttpResponse:
    """One press of a button in a list: what happened, or why not, stands above the list."""
    try:
        write()
    except (PermissionDenied, ValidationError) as error:
        return _back(request, " ".join(getattr(error, "messages", None) or [str(error)]))
    messages.success(request, said)
    return _back(request)


def _back(request: MemberRequest, refused: str = "") -> HttpResponse:
    if refused:
        messages.error(request, refused)
    at_clinic = request.membership.organization.is_clinic
    return redirect("joining:people" if at_clinic else "joining:practice")
