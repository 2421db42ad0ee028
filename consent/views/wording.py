"""The clinic's wording of its releases: what holds now, every earlier version, and changing it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from consent.actions.wording import save_wording
from consent.documents.wording import STATEMENTS, usual_statements
from consent.forms.wording import WordingForm
from consent.models import Wording
from consent.views.releases import administrator
from people.forms import apply_errors
from people.requests import MemberRequest


@administrator
def wording(request: MemberRequest) -> HttpResponse:
    organization = request.membership.organization
    versions = list(
        Wording.objects.filter(organization=organization)
        .select_related("created_by")
        .order_by("-version")
    )
    newest = versions[0] if versions else None
    context = {
        "organization": organization,
        "newest": newest,
        "statements": _listed(newest.statements if newest else usual_statements()),
        "earlier": [(each, _listed(each.statements)) for each in versions[1:]],
        "usual": _listed(usual_statements()),
    }
    return render(request, "consent/wording.html", context)


@administrator
def edit(request: MemberRequest) -> HttpResponse:
    organization = request.membership.organization
    newest = Wording.objects.newest(organization)
    form = WordingForm(request.POST or None, newest=newest)
    newer: list[tuple[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_wording(
                by=request.user,
                organization=organization,
                statements=form.statements(),
                based_on=form.cleaned_data["based_on"],
            )
            _say(request, changed=saved != newest)
            return redirect("consent:wording")
        except ValidationError as error:
            apply_errors(form, error)
            if getattr(error, "code", "") == "stale":
                newest = Wording.objects.newest(organization)
                newer = form.newer(newest)
    context = {"organization": organization, "form": form, "newest": newest, "newer": newer}
    return render(request, "consent/wording_edit.html", context)


def _say(request: MemberRequest, *, changed: bool) -> None:
    if changed:
        messages.success(request, "Saved. Releases that you draft or change from now on say this.")
    else:
        messages.info(request, "Nothing was changed, so there is no new version.")


def _listed(statements: dict[str, str]) -> list[tuple[str, str, str]]:
    """(what it is for, its words, who asks for it)"""
    return [
        (statement.label, statements.get(key, statement.text), statement.source)
        for key, statement in STATEMENTS.items()
    ]
