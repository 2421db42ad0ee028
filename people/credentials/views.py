"""Training and licences: one's own, one person's, the whole clinic's; adding and checking."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from people.credentials import actions, listing
from people.credentials.forms import ErrorForm, LicenceForm, TrainingForm
from people.enums import CLINIC_ROLES, TrainingKind
from people.formats import day
from people.models import Licence, Membership, Training
from people.permissions import (
    RESPONSIBLE,
    allowed,
    check_user_can_check,
    check_user_can_record,
    check_user_can_see,
)
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from people.training import LEAST_HOURS

for_staff = for_roles(*CLINIC_ROLES)
for_responsible = for_roles(*RESPONSIBLE)
ADDING = {
    "licence": (LicenceForm, actions.record_licence, "Add a licence"),
    "training": (TrainingForm, actions.record_training, "Add hours of training"),
}


@for_staff
def own(request: MemberRequest) -> HttpResponse:
    return _file(request, request.membership)


@for_responsible
def staff(request: MemberRequest) -> HttpResponse:
    """Everybody at the clinic: what lapses, what waits to be checked, who is current."""
    clinic = request.membership.organization
    today, rows = clinic.today, listing.rows_at(clinic)
    context = {
        "clinic": clinic,
        "expiring": _lines(request, listing.expiring(rows, today)),
        "waiting": listing.waiting(rows),
        "staff": listing.staff(clinic, rows, today),
        "least": LEAST_HOURS,
        "soon": listing.SOON,
    }
    return render(request, "people/staff.html", context)


@for_staff
def person(request: MemberRequest, pk: int) -> HttpResponse:
    return _file(request, _member_or_404(request, pk, check_user_can_see))


@for_staff
def add(request: MemberRequest, pk: int, what: str) -> HttpResponse:
    """Add to one's own file; an administrator adds to everybody's."""
    member = _member_or_404(request, pk, check_user_can_record)
    form_class, record, title = ADDING[what]
    form = form_class(posted(request))

    def write():
        content = dict(form.cleaned_data)
        key = content.pop("form_key")
        record(by=request.user, person=member.user, form_key=key, content=content)

    if done(request, form, write):
        messages.success(request, "Added.")
        return _back(request, pk)
    return _form_page(request, member, form, title, "Add")


@for_responsible
@require_POST
def check(request: MemberRequest, pk: int, model: type[Licence | Training]) -> HttpResponse:
    row = _row_or_404(request, pk, model)
    try:
        actions.check_credential(by=request.user, row=row)
        messages.success(request, f"Checked: {row}.")
    except (PermissionDenied, ValidationError) as error:
        messages.error(request, " ".join(getattr(error, "messages", None) or [str(error)]))
    return _back(request, row.person_id)


@for_staff
def entered_in_error(
    request: MemberRequest, pk: int, model: type[Licence | Training]
) -> HttpResponse:
    row = _row_or_404(request, pk, model)
    member = _member_or_404(request, row.person_id, check_user_can_record)
    form = ErrorForm(posted(request))

    def write():
        actions.enter_in_error(by=request.user, row=row, reason=form.cleaned_data["reason"])

    if row.error_at or done(request, form, write):
        return _back(request, row.person_id)
    text = f"{row}. It stays on file with your reason, and counts no more."
    return _form_page(request, member, form, "Entered in error", "Mark as entered in error", text)


def _file(request: MemberRequest, member: Membership) -> HttpResponse:
    held, today = listing.records_of(member), member.organization.today
    standing = listing.standing_of(member, held, today)
    context = {
        "member": member,
        "own": member.user_id == request.user.pk,
        "standing": standing,
        "until": f"Until {day(standing.until)}." if standing.until else "",
        "lacks": f"Missing: {', '.join(standing.missing)}.",
        "tally": [(kind, standing.hours[kind], LEAST_HOURS[kind]) for kind in TrainingKind],
        "licences": _lines(request, held.licences),
        "trainings": _lines(request, held.trainings),
        "recording": allowed(check_user_can_record, request.user, member),
        "responsible": request.membership.role in RESPONSIBLE,
    }
    return render(request, "people/file.html", context)


def _lines(request: MemberRequest, rows) -> list[dict[str, Any]]:
    """Each row with its state in words, and whether this reader may check it."""
    today = request.membership.organization.today
    return [
        {
            "row": row,
            "state": listing.state_of(row, today),
            "checking": not (row.checked_at or row.error_at)
            and allowed(check_user_can_check, request.user, row),
        }
        for row in rows
    ]


def _form_page(request, member, form: Form, title: str, action: str, text: str = ""):
    context = {"member": member, "own": member.user_id == request.user.pk, "form": form}
    context |= {"title": title, "action": action, "text": text}
    return render(request, "people/form.html", context)


def _back(request: MemberRequest, pk: int) -> HttpResponse:
    return redirect("people:own") if pk == request.user.pk else redirect("people:person", pk)


def _member_or_404(request: MemberRequest, pk: int, check: Callable) -> Membership:
    """Somebody who works at the reader's clinic now and about whom `check` passes."""
    rows = Membership.objects.filter(organization=request.membership.organization_id, ended_at=None)
    member = get_object_or_404(rows.select_related("user", "organization"), user=pk)
    if not allowed(check, request.user, member):
        raise Http404
    return member


def _row_or_404(request: MemberRequest, pk: int, model: type[Licence | Training]):
    rows = model.objects.of_staff(request.membership.organization_id)
    return get_object_or_404(rows.select_related("person"), pk=pk)
