"""The administrator's home: what waits, found by client, recipient or state, and taken along."""

from datetime import datetime

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from consent.actions.looking import note_export
from consent.forms.release_search import FindForm
from consent.home import listing
from consent.home.rows import HEADER, Section, as_cells, sections
from consent.home.search import Search
from consent.models import Release
from consent.views.releases import administrator
from people.requests import MemberRequest
from people.spreadsheet import csv_response

MOST_EXPORTED = 5000


@administrator
def releases(request: MemberRequest) -> HttpResponse:
    """POST keeps what is looked for in the session: no name stands in an address or a log."""
    form = FindForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.search().keep(request.session)
        return redirect("consent:releases")
    search = Search.of(request.session)
    if not form.is_bound:
        form = FindForm(initial=vars(search))
    context = {"form": form, "search": search, **_list(request, search)}
    return render(request, "consent/releases.html", context)


def _list(request: MemberRequest, search: Search) -> dict:
    """Tiles, and the groups that are shown: one alone goes on page by page."""
    show, last = _shown(request)
    clinic, at = request.membership.organization_id, timezone.now()
    shown = _groups(show, search)
    groups = {*listing.HOME, *shown}
    found = listing.find(clinic, at, search, groups, listing.MOST + 1)
    # What waits is counted whole, whatever is looked for.
    waits = listing.find(clinic, at, Search(), listing.HOME, listing.MOST + 1) if search else found
    tiles = _tiles(waits, show)
    begun = any(map(found.count, groups)) or Release.objects.of_clinic(clinic).exists()
    if last:
        most = listing.PAGE + 1
        found.releases[show] = listing.after(clinic, at, search, show, last, most)
    rows = sections(found, shown, listing.PAGE if show else listing.SHORT, at)
    return {"tiles": tiles, "sections": rows, "show": show, "later": bool(last), "begun": begun}


@administrator
def export(request: MemberRequest) -> HttpResponse:
    return _export(request)


@reauthentication_required
def _export(request: MemberRequest) -> HttpResponse:
    """Asks for the password first: the list leaves kapcare with the names in it."""
    show, at = _shown(request)[0], timezone.now()
    chosen = _chosen(request, show, at)
    rows = list(as_cells(chosen))
    if request.method == "POST" and not any(each.more for each in chosen):
        clinic = request.membership.organization
        note_export(by=request.user, clinic=clinic, show=show, rows=len(rows))
        return csv_response(f"releases-{at:%Y-%m-%d}.csv", HEADER, rows)
    context = {
        "groups": [each.group.label for each in chosen],
        "count": len(rows),
        "too_many": any(each.more for each in chosen),
        "show": show,
        "search": Search.of(request.session),
    }
    return render(request, "consent/releases_csv.html", context)


def _shown(request: MemberRequest) -> tuple[str, int]:
    """Which group alone, and after which of its releases."""
    show, last = request.GET.get("show", ""), request.GET.get("after", "0")
    if (show and show not in listing.GROUPS) or not last.isdecimal() or len(last) > 12:
        raise Http404
    if int(last) and not listing.GROUPS.get(show, listing.Group("", "")).order:
        raise Http404
    return show, int(last)


def _groups(show: str, search: Search) -> list[str]:
    """What is shown: one group, or what is found everywhere, or what waits."""
    if show:
        return [show]
    return list(listing.GROUPS) if search else listing.HOME


def _tiles(found: listing.Found, show: str) -> list[dict]:
    home = reverse("consent:releases")
    return [
        {
            "count": f"{listing.MOST}+" if found.count(key) > listing.MOST else found.count(key),
            "label": listing.GROUPS[key].label,
            "note": listing.GROUPS[key].note,
            "url": home if key == show else f"{home}?show={key}",
            "current": key == show,
        }
        for key in listing.HOME
    ]


def _chosen(request: MemberRequest, show: str, at: datetime) -> list[Section]:
    """The whole of what is shown, without pages."""
    search = Search.of(request.session)
    groups = _groups(show, search)
    clinic = request.membership.organization_id
    found = listing.find(clinic, at, search, groups, MOST_EXPORTED + 1)
    return sections(found, groups, MOST_EXPORTED, at)
