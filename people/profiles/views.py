"""What clinics say of themselves, for everybody: the list, one clinic, some side by side."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from people.enums import OrganizationKind, Role
from people.models import Organization
from people.pdf import pdf_available, pdf_response
from people.permissions import allowed, check_user_can_write_profile
from people.policy import public, signed_in
from people.profiles.reading import Described, described
from people.training import LEAST_HOURS

FEWEST, MOST = 2, 4  # clinics side by side


def for_everybody(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    """Public, found by search engines, and kept for five minutes by a cache on the way.

    A browser asks again each time: to whoever has signed in meanwhile the page offers more. For
    them `kapcare.middleware` keeps it out of every cache.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "public, max-age=0, s-maxage=300"
        response["X-Robots-Tag"] = "all"
        return response

    return public(require_safe(answered))


@for_everybody
def clinics(request: HttpRequest) -> HttpResponse:
    return _list(request)


@for_everybody
def compare(request: HttpRequest) -> HttpResponse:
    """Two to four clinics by question; any other choice leads back to the list, and says so."""
    wanted = set(request.GET.getlist("clinic"))
    found = _described(_clinics())
    chosen = [each for each in found if each.profile and str(each.clinic.pk) in wanted]
    if not FEWEST <= len(chosen) <= MOST:
        return _list(request, [each.clinic.pk for each in chosen], refused=True)
    context = {
        "chosen": chosen,
        "facts": _rows(chosen, "facts"),
        "answers": _rows(chosen, "answers"),
        "least": LEAST_HOURS,
    }
    return render(request, "people/compare.html", context)


@for_everybody
def clinic(request: HttpRequest, clinic: int) -> HttpResponse:
    found = get_object_or_404(_clinics(), pk=clinic)
    context = _page(found) | {
        "writes": allowed(check_user_can_write_profile, request.user, found.pk)
        if request.user.is_authenticated
        else False,
        "pdf": request.user.is_authenticated and pdf_available(),
        "refers": _refers(request),
    }
    return render(request, "people/clinic.html", context)


@signed_in
@require_safe
def clinic_pdf(request: HttpRequest, clinic: int) -> HttpResponse:
    """The same as a document. Setting it costs the server some time, so it asks for an account;
    everybody else prints the page."""
    found = _page(get_object_or_404(_clinics(), pk=clinic))
    if found["described"].profile is None or not pdf_available():
        return redirect("people:clinic", clinic)
    return pdf_response(request, "people/clinic_pdf.html", found, "clinic.pdf")


def _list(request: HttpRequest, chosen: list[int] | None = None, *, refused: bool = False):
    found = _described(_clinics())
    context = {
        "clinics": found,
        "chosen": chosen or [],
        "refused": refused,
        "comparable": sum(each.profile is not None for each in found) >= FEWEST,
        "refers": _refers(request),
        "fewest": FEWEST,
        "most": MOST,
    }
    return render(request, "people/clinics.html", context)


def _page(clinic: Organization) -> dict[str, Any]:
    return {"described": described([clinic])[0], "clinic": clinic, "least": LEAST_HOURS}


def _rows(chosen: list[Described], part: str) -> list[tuple[str, list[tuple[Organization, str]]]]:
    """(question, [(clinic, what it says)]), a row each."""
    said = [(each.clinic, getattr(each, part)) for each in chosen]
    return [(label, [(clinic, lines[label]) for clinic, lines in said]) for label in said[0][1]]


def _refers(request: HttpRequest) -> bool:
    membership = getattr(request.user, "membership", None)
    return membership is not None and membership.role == Role.THERAPIST


def _described(clinics: QuerySet[Organization]) -> list[Described]:
    return described(list(clinics))


def _clinics() -> QuerySet[Organization]:
    return Organization.objects.filter(kind=OrganizationKind.CLINIC).order_by("name")
