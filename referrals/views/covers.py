"""A colleague covers: agreed here, seen here, ended here."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from people.enums import Role
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from referrals.actions import covers as actions
from referrals.forms.covers import CoverForm
from referrals.models import Cover

SHOWN = 10  # of those that are over, the latest
referring = for_roles(Role.THERAPIST)


@referring
def covers(request: MemberRequest) -> HttpResponse:
    """Who covers for the reader and for whom they cover, and agreeing on another one."""
    colleagues = actions.colleagues(request.user)
    form = CoverForm(posted(request), colleagues=colleagues)

    def write():
        actions.begin_cover(by=request.user, **form.cleaned_data)

    if done(request, form, write):
        messages.success(request, "Saved. It begins and ends by itself.")
        return redirect("referrals:covers")
    now, theirs = timezone.now(), _concerning(request)
    ahead = [(each, each.in_force(now)) for each in theirs.ahead(now)]
    context = {
        "form": form,
        "colleagues": colleagues,
        "mine": [row for row in ahead if row[0].covered_id == request.user.pk],
        "for_others": [row for row in ahead if row[0].colleague_id == request.user.pk],
        "past": theirs.exclude(pk__in=[each.pk for each, _ in ahead]).order_by("-until")[:SHOWN],
    }
    return render(request, "referrals/covers.html", context)


@referring
@require_POST
def end(request: MemberRequest, pk: int) -> HttpResponse:
    cover = get_object_or_404(_concerning(request), pk=pk)
    actions.end_cover(by=request.user, cover=cover)
    messages.success(request, "Ended. From now on it opens nothing.")
    return redirect("referrals:covers")


def _concerning(request: MemberRequest):
    """The covers of this practice in which the reader is one of the two."""
    rows = Cover.objects.filter(
        Q(covered=request.user) | Q(colleague=request.user),
        practice=request.membership.organization_id,
    )
    return rows.select_related("covered", "colleague", "practice")
