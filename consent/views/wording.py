"""The clinic's wording of what clients sign: what holds now, earlier versions, and changing it.

Of releases by an administrator, of the consent to treatment by a prescriber.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from consent.actions.wording import save_treatment_wording, save_wording
from consent.documents.wording import STATEMENTS, Statements, usual_statements
from consent.forms.wording import WordingForm
from consent.models import TreatmentWording, Wording, WordingVersion
from consent.treatment.wording import SECTIONS
from consent.views.releases import administrator
from people.enums import Role
from people.forms import apply_errors
from people.policy import for_roles
from people.requests import MemberRequest


@dataclass(frozen=True)
class Kind:
    """One document with a wording of the clinic's."""

    versions: type[WordingVersion]
    of: Statements
    save: Callable[..., WordingVersion | None]
    page: str
    saved: str
    template: str

    @property
    def edit(self) -> str:
        return f"{self.page}_edit"


RELEASES = Kind(
    Wording,
    STATEMENTS,
    save_wording,
    page="consent:wording",
    saved="Saved. Releases that you draft or change from now on say this.",
    template="consent/wording.html",
)
TREATMENT = Kind(
    TreatmentWording,
    SECTIONS,
    save_treatment_wording,
    page="consent:treatment_wording",
    saved="Saved. Consents that are prepared from now on say this.",
    template="consent/treatment_wording.html",
)


@administrator
def wording(request: MemberRequest) -> HttpResponse:
    return _versions(request, RELEASES)


@administrator
def edit(request: MemberRequest) -> HttpResponse:
    return _edit(request, RELEASES)


@for_roles(Role.PRESCRIBER)
def treatment_wording(request: MemberRequest) -> HttpResponse:
    return _versions(request, TREATMENT)


@for_roles(Role.PRESCRIBER)
def treatment_edit(request: MemberRequest) -> HttpResponse:
    return _edit(request, TREATMENT)


def _versions(request: MemberRequest, kind: Kind) -> HttpResponse:
    organization = request.membership.organization
    versions = list(
        kind.versions.objects.filter(organization=organization)
        .select_related("created_by")
        .order_by("-version")
    )
    newest, usual = versions[0] if versions else None, usual_statements(kind.of)
    context = {
        "organization": organization,
        "kind": kind,
        "newest": newest,
        "statements": _listed(newest.statements if newest else usual, kind.of),
        "earlier": [(each, _listed(each.statements, kind.of)) for each in versions[1:]],
        "usual": _listed(usual, kind.of),
    }
    return render(request, kind.template, context)


def _edit(request: MemberRequest, kind: Kind) -> HttpResponse:
    organization = request.membership.organization
    newest = kind.versions.objects.newest(organization)
    form = WordingForm(request.POST or None, of=kind.of, newest=newest)
    newer: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            saved = kind.save(
                by=request.user,
                organization=organization,
                statements=form.statements(),
                based_on=form.cleaned_data["based_on"],
            )
            if saved != newest:
                messages.success(request, kind.saved)
            else:
                messages.info(request, "Nothing was changed, so there is no new version.")
            return redirect(kind.page)
        except ValidationError as error:
            apply_errors(form, error)
            if getattr(error, "code", "") == "stale":
                newest = kind.versions.objects.newest(organization)
                newer = form.newer(newest)
    context = {
        "organization": organization,
        "kind": kind,
        "form": form,
        "newest": newest,
        "newer": newer,
    }
    return render(request, "consent/wording_edit.html", context)


def _listed(statements: dict[str, str], of: Statements) -> list[tuple[str, str, str]]:
    """(what it is for, its words, who asks for it)"""
    return [
        (statement.label, statements.get(key, statement.text), statement.source)
        for key, statement in of.items()
    ]
