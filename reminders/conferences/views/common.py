"""What the pages of conferences share: who opens them, and rows as their reader may have them."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from people.enums import PRACTICE_ROLES, Role
from people.policy import for_roles
from people.requests import MemberRequest
from reminders.conferences.permissions import CONFER_ROLES
from reminders.conferences.reading import Agenda, Decided, Line, read_agenda
from reminders.models import Conference

conferring = for_roles(*(role for role in Role if role in CONFER_ROLES))
conferring_or_outside = for_roles(*(r for r in Role if r in CONFER_ROLES | PRACTICE_ROLES))
setting_up = for_roles(Role.COORDINATOR, Role.PRESCRIBER)


def is_outside(request: MemberRequest) -> bool:
    return request.membership.role in PRACTICE_ROLES


def conference_or_404(request: MemberRequest, pk: int) -> Conference:
    rows = Conference.objects.at_clinic_of(request.user)
    return get_object_or_404(rows.select_related("series__clinic", "called_off_by"), pk=pk)


def line_or_404(request: MemberRequest, pk: int, case: int) -> tuple[Agenda, Line]:
    """One case on the agenda of a conference of the reader's clinic."""
    agenda = read_agenda(request.user, conference_or_404(request, pk))
    line = agenda.line_of(case)
    if line is None:
        raise Http404
    return agenda, line


def decided_or_404(agenda: Agenda, decision: int) -> tuple[Line, Decided]:
    """One decision of a conference."""
    for line in agenda.lines:
        for each in line.decisions:
            if each.row.pk == decision:
                return line, each
    raise Http404
