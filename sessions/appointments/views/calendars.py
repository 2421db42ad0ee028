"""Times for somebody's own calendar: one as a file."""

from django.http import HttpResponse
from django.urls import reverse

from people.policy import for_roles
from people.requests import MemberRequest
from sessions.appointments.calendar import Entry, as_calendar
from sessions.appointments.views.appointments import WORKING, appointment_or_404
from sessions.enums.appointments import AppointmentState
from sessions.models import Appointment

OVER = (AppointmentState.CANCELLED, AppointmentState.DECLINED, AppointmentState.LAPSED)
TYPE = "text/calendar; charset=utf-8"


@for_roles(*WORKING)
def appointment_ics(request: MemberRequest, pk: int, appointment: int) -> HttpResponse:
    _, row = appointment_or_404(request, pk, appointment)
    page = request.build_absolute_uri(reverse("care:appointment", args=[pk, row.pk]))
    response = HttpResponse(as_calendar([entry_of(row, page)]), content_type=TYPE)
    response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
    return response


def entry_of(row: Appointment, url: str) -> Entry:
    over = row.state in OVER
    return Entry(
        uid=row.uid,
        sequence=row.sequence + over,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        cancelled=over,
        written_at=row.decided_at or row.recorded_at,
        url=url,
    )
