"""The first page after signing in, by role, and the session's sign of life."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from people.enums import PRACTICE_ROLES, Role
from people.policy import signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    membership = request.user.membership  # type: ignore[union-attr]
    if membership is None:
        return render(request, "kapcare/no_membership.html")
    if membership.role == Role.ADMINISTRATOR:
        return redirect("consent:releases")
    if membership.role in PRACTICE_ROLES:
        return redirect("reminders:worklist")
    return redirect("reminders:today")


@signed_in
def closed(request: HttpRequest) -> HttpResponse:
    """For pages of the sign-in library that kapcare does not offer."""
    raise Http404


@signed_in
@require_POST
def stay(request: HttpRequest) -> HttpResponse:
    """Any request keeps a session alive; this one does nothing else."""
    return HttpResponse(status=204)
