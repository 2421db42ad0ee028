"""Emergency notices: raising one, reading and acknowledging it, and those that stand."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from consent.clock import database_now
from people.enums import Role
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions.notices import acknowledge_notice, raise_notice
from sessions.coordination import minutes_to_acknowledge
from sessions.forms.notices import AcknowledgeForm, NoticeForm
from sessions.models import EmergencyNotice
from sessions.notices import (
    EMERGENCY_NUMBER,
    accesses_beside,
    callees,
    read_notice,
)
from sessions.permissions import check_user_can_acknowledge, check_user_can_raise
from sessions.views.common import AT_CLINIC, OUTSIDE, referral_or_404

LISTED, SINCE = 50, timedelta(days=30)
ROWS = EmergencyNotice.objects.select_related(
    "referral__client", "referral__clinic", "organization", "raised_by", "acknowledged_by"
)


@for_roles(Role.THERAPIST, *AT_CLINIC)
def raise_one(request: MemberRequest, pk: int) -> HttpResponse:
    """Always possible to whoever is on the case: no release and no state stands in its way."""
    referral = referral_or_404(request.user, pk)
    if not allowed(check_user_can_raise, request.user, referral):
        raise Http404
    offered = callees(referral, request.user)
    form = NoticeForm(posted(request), callees=offered)

    def tell() -> None:
        raised.append(raise_notice(by=request.user, referral=referral, **form.cleaned_data))

    raised: list[EmergencyNotice] = []
    if done(request, form, tell):
        messages.success(request, "The notice is raised. Now call: kapcare does not dial.")
        return redirect("care:notice", raised[0].pk)
    context = {
        "client": referral.client,
        "referral": referral,
        "form": form,
        "number": EMERGENCY_NUMBER,
        "minutes": minutes_to_acknowledge(referral),
    }
    return render(request, "care/notice_raise.html", context)


@for_roles(*OUTSIDE, *AT_CLINIC)
def notice(request: MemberRequest, pk: int) -> HttpResponse:
    """What happened, who is called, and what was done: read by whoever is told, recorded where it
    crosses between houses."""
    rows = ROWS.prefetch_related("calls", "escalations")
    row = get_object_or_404(rows.open_to(request.user), pk=pk)
    form = AcknowledgeForm(posted(request))

    def acknowledge() -> None:
        acknowledge_notice(by=request.user, notice=row, done=form.cleaned_data["done"])

    acknowledging = allowed(check_user_can_acknowledge, request.user, row)
    if request.method == "POST" and not acknowledging:
        raise Http404
    if done(request, form, acknowledge):
        messages.success(request, "Thank you. The notice is acknowledged.")
        return redirect("care:notice", row.pk)
    row.refresh_from_db(fields=["acknowledged_at", "acknowledged_by", "done"])
    inside = request.membership.organization_id == row.referral.clinic_id
    context = {
        "client": row.referral.client,
        "referral": row.referral,
        "notice": row,
        "words": read_notice(request.user, row),
        "form": form,
        "acknowledging": acknowledging,
        "own": row.raised_by_id == request.user.pk,
        "now": database_now(),
        "accesses": accesses_beside(row) if inside else [],
        "inside": inside,
    }
    return render(request, "care/notice.html", context)


@for_roles(*AT_CLINIC, Role.ADMINISTRATOR)
def notices(request: MemberRequest) -> HttpResponse:
    """Those that stand, the oldest first, then those of the last month. Administrators see that
    one waits and since when, and nothing of whom or what."""
    now = database_now()
    of_clinic = ROWS.filter(referral__clinic=request.membership.organization_id)
    answered = of_clinic.filter(acknowledged_at__gte=now - SINCE).order_by("-acknowledged_at")
    context = {
        "now": now,
        "standing": of_clinic.standing().prefetch_related("escalations")[:LISTED],
        "answered": answered[:LISTED],
        "clinical": request.membership.role != Role.ADMINISTRATOR,
    }
    return render(request, "care/notices.html", context)
