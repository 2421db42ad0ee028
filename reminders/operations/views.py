"""Operations: whether mail goes out, and sending again what did not."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from consent.clock import database_now
from people.enums import Role
from people.policy import for_roles
from people.requests import MemberRequest
from reminders.delivery import KINDS
from reminders.operations import reading
from reminders.operations.actions import resend as resend_message

administering = for_roles(Role.ADMINISTRATOR)


@administering
def operations(request: MemberRequest) -> HttpResponse:
    clinic, now = request.membership.organization, database_now()
    last, counts = reading.last_round(), reading.waiting(clinic, now)
    context = {
        "now": now,
        "last": last,
        "ago": int((now - last).total_seconds()) if last else None,
        "late": reading.round_is_late(last, now),
        "tiles": _tiles(counts),
        "queue": reading.queue(clinic, now),
        "page": reading.unsent(clinic, now, request.GET.get("after", "")),
        "later": "after" in request.GET,
        "days": reading.SHOWN_FOR.days,
        "meanings": reading.MEANINGS,
    }
    return render(request, "reminders/operations.html", context)


def _tiles(counts: dict[str, int]) -> list[dict]:
    late = "for more than five minutes" if counts["overdue"] else "Nothing is late"
    return [
        {"count": counts["waiting"], "label": "Waiting to go out", "note": "now", "url": "#queue"},
        {"count": counts["overdue"], "label": "Overdue", "note": late, "url": "#queue"},
    ]


@administering
@require_POST
def resend(request: MemberRequest, mail: str, pk: int) -> HttpResponse:
    if mail not in KINDS:
        raise Http404
    rows = KINDS[mail].model.objects.of_clinic(request.membership.organization_id)
    message = get_object_or_404(rows, pk=pk)
    try:
        resend_message(by=request.user, message=message)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "It goes out with the next round, unless it no longer may.")
    return redirect("reminders:operations")
