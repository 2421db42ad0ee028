"""Records that may be of one person: for the clinic's coordinators and prescribers alone."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from people.merging import kept_at, likely_pairs, merge_clients, same_person, tell_apart
from people.models import Client
from people.requests import MemberRequest, done, posted
from referrals.forms.duplicates import MergeForm
from referrals.models import Referral
from referrals.views.clinic import triaging

MOST = 50


@triaging
def duplicates(request: MemberRequest) -> HttpResponse:
    pairs = likely_pairs(request.membership.organization_id)
    context = {"pairs": pairs[:MOST], "more": max(0, len(pairs) - MOST)}
    return render(request, "referrals/duplicates.html", context)


@triaging
def compare(request: MemberRequest, pk: int, other: int) -> HttpResponse:
    """Both records side by side, and the decision."""
    pair, clinic = _pair(request, pk, other), request.membership.organization
    form = MergeForm(posted(request), pair=pair)

    def merge():
        given = {name: form.cleaned_data[name] for name in ("reason", "form_key")}
        merge_clients(by=request.user, clinic=clinic, **form.records(), **given)

    if done(request, form, merge):
        messages.success(request, "They are held to be one person. Releases stay as they are.")
        return redirect("referrals:compare", pk, other)
    rows = Referral.objects.open_to(request.user).select_related("practice", "episode")
    context = {
        "form": form,
        "records": [(each, list(rows.filter(client=each).order_by("pk"))) for each in pair],
        "one": pair[1].pk in same_person(pair[0].pk, clinic.pk),
    }
    return render(request, "referrals/compare.html", context)


@triaging
@require_POST
def apart(request: MemberRequest, pk: int, other: int) -> HttpResponse:
    one, two = _pair(request, pk, other)
    if two.pk in same_person(one.pk, request.membership.organization_id):
        return redirect("referrals:compare", pk, other)
    tell_apart(by=request.user, clinic=request.membership.organization, one=one, other=two)
    messages.success(request, "They stay two people, and are not shown as likely the same again.")
    return redirect("referrals:duplicates")


def _pair(request: MemberRequest, pk: int, other: int) -> tuple[Client, Client]:
    """Two clients of whom the clinic keeps a record, or 404."""
    if pk == other:
        raise Http404
    rows = kept_at(request.membership.organization_id)
    return get_object_or_404(rows, pk=pk), get_object_or_404(rows, pk=other)
