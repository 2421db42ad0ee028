"""Emergency access: finding the client, opening the record, giving it back; listing and judging."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from consent.access import OPENED_BY
from consent.actions import emergency as actions
from consent.clock import database_now
from consent.emergencies import bases_for, clinics_for, knows_already
from consent.enums import Category, EmergencyBasis, Sensitivity
from consent.forms.emergency import FORMS, FilterForm, FindForm, ReviewForm
from consent.models import Disclosure, EmergencyAccess
from consent.views.releases import administrator
from people.enums import Role
from people.forms import apply_errors
from people.models import Client
from people.policy import for_roles
from people.requests import MemberRequest

medical_staff = for_roles(Role.PRESCRIBER, Role.NURSE, Role.PHYSICIAN)
FOUND = "emergency_clients"  # session: whom this physician has asked for by name and birthday
PAGE = 50
NOBODY = (
    "No client of this name and birthday can be opened by you. Check both; if they are right, "
    "call the clinic."
)


def _posted(request: MemberRequest):
    """What was sent, even if it is empty, or None for a form that is only shown."""
    return request.POST if request.method == "POST" else None


# ---------------------------------------------------------------- those who open
@for_roles(Role.PHYSICIAN)
def find(request: MemberRequest) -> HttpResponse:
    return _find(request)


@reauthentication_required
def _find(request: MemberRequest) -> HttpResponse:
    form = FindForm(_posted(request))
    clients: list[Client] = []
    if request.method == "POST" and form.is_valid():
        try:
            clients = actions.ask_for_client(by=request.user, **form.cleaned_data)
            request.session[FOUND] = [client.pk for client in clients]
            if not clients:
                form.add_error(None, NOBODY)
        except ValidationError as error:
            form.add_error(None, error)
        if len(clients) == 1:
            return redirect("consent:emergency", clients[0].pk)
    return render(request, "consent/emergency_find.html", {"form": form, "clients": clients})


@medical_staff
def emergency(request: MemberRequest, pk: int) -> HttpResponse:
    """Open one client's record for an hour. At the clinic the way here is from the case."""
    if request.membership.role == Role.PHYSICIAN and not _named(request, pk):
        raise Http404
    clinics = clinics_for(request.user, pk)
    if not clinics:
        raise Http404
    return _emergency(request, get_object_or_404(Client, pk=pk), clinics)


def _named(request: MemberRequest, pk: int) -> bool:
    """Whether this physician has just named the client, or a release in force names both."""
    asked_for = request.session.get(FOUND, ())
    return pk in asked_for or knows_already(request.user, pk, database_now())


@reauthentication_required
def _emergency(request: MemberRequest, client: Client, clinics) -> HttpResponse:
    bases = bases_for(request.user)
    basis = _basis(request.GET.get("reason", bases[0]), bases)
    form = FORMS[basis](_posted(request), clinics=clinics)
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_emergency(
                by=request.user, client=client, basis=basis, **form.cleaned_data
            )
            return redirect(settings.EMERGENCY_OPENED_URL, opened.pk)
        except ValidationError as error:
            apply_errors(form, error)
    context = {
        "client": client,
        "form": form,
        "basis": basis,
        "bases": bases,
        "opens": labels(OPENED_BY[basis]),
        "stays_closed": labels(set(Category) - OPENED_BY[basis]),
    }
    return render(request, "consent/emergency.html", context)


def _basis(given: str, bases: list[EmergencyBasis]) -> EmergencyBasis:
    if given not in bases:
        raise Http404
    return EmergencyBasis(given)


def labels(categories) -> list[str]:
    """Categories as people call them, in their usual order."""
    return [category.label for category in Category if category in categories]


@for_roles(Role.PRESCRIBER, Role.NURSE, Role.PHYSICIAN, Role.ADMINISTRATOR)
@require_POST
def emergency_close(request: MemberRequest, pk: int) -> HttpResponse:
    """Give it back before the hour is over; an administrator of the clinic may end it too."""
    place = request.membership.organization_id
    if request.membership.role == Role.ADMINISTRATOR:
        found = get_object_or_404(EmergencyAccess, pk=pk, clinic=place)
        actions.close_emergency(by=request.user, emergency=found)
        messages.success(request, "Ended. It opens nothing any more.")
        return redirect("consent:emergency_review", pk)
    mine = EmergencyAccess.objects.of_reader(request.user.pk, place)
    actions.close_emergency(by=request.user, emergency=get_object_or_404(mine, pk=pk))
    messages.success(request, "Given back. It opens nothing any more.")
    return redirect("home")


# ---------------------------------------------------------------- those who judge
@administrator
def emergencies(request: MemberRequest) -> HttpResponse:
    """Every emergency about clients of this clinic, the newest first, fifty a page."""
    form = FilterForm(request.GET)
    if not form.is_valid():
        raise Http404
    now = database_now()
    show = form.cleaned_data["show"] or FilterForm.ALL
    rows = EmergencyAccess.objects.filter(clinic=request.membership.organization_id)
    rows = {
        FilterForm.ALL: rows,
        FilterForm.OPEN: rows.open_at(now),
        FilterForm.REVIEW: rows.to_review(),
        FilterForm.JUSTIFIED: rows.filter(justified=True),
        FilterForm.NOT: rows.filter(justified=False),
    }[show].order_by("-pk")
    if before := form.cleaned_data["before"]:
        rows = rows.filter(pk__lt=before)
    found = list(rows.select_related("client", "reader", "organization")[: PAGE + 1])
    context = {
        "rows": found[:PAGE],
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "show": show,
        "choices": FilterForm.SHOWN,
        "now": now,
    }
    return render(request, "consent/emergencies.html", context)


@administrator
def emergency_review(request: MemberRequest, pk: int) -> HttpResponse:
    """Who opened what, when and why, and what was read; judged once, when it is over."""
    related = ("client", "clinic", "reader", "organization", "reviewed_by")
    rows = EmergencyAccess.objects.filter(clinic=request.membership.organization_id)
    found = get_object_or_404(rows.select_related(*related), pk=pk)
    now = database_now()
    form = ReviewForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.review_emergency(by=request.user, emergency=found, **form.cleaned_data)
            messages.success(request, "Reviewed. Your judgement is kept with it.")
            return redirect("consent:emergencies")
        except ValidationError as error:
            apply_errors(form, error)
    context = {
        "emergency": found,
        "client": found.client,
        "now": now,
        "open": now < found.until,
        "own": found.reader_id == request.user.pk,
        "entries": [_entry(row) for row in _read_by(found)],
        "form": form,
    }
    return render(request, "consent/emergency_review.html", context)


def _read_by(emergency: EmergencyAccess):
    """The ledger's rows that rest on this emergency, in the order of reading."""
    rows = Disclosure.objects.filter(client_id=emergency.client_id, emergency_id=emergency.pk)
    return rows.order_by("sequence")


def _entry(row: Disclosure) -> dict[str, Any]:
    """A reading as its reviewer sees it: categories and how many items, never what they say."""
    return {
        "at": row.at,
        "how": row.get_channel_display(),
        "what": labels(row.categories),
        "count": len(row.items),
        "part2": Sensitivity.SUBSTANCE_USE in row.sensitivities,
    }
