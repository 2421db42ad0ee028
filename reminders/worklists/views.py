"""The list of clients, as a role has it; and the views of it that somebody keeps."""

from dataclasses import replace
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from consent.clock import database_now
from people.enums import CLINICAL_ROLES, PRACTICE_ROLES, Role
from people.models import Organization
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from referrals.models import Referral
from reminders.actions.saved_views import choose_default, delete_view, rename_view, save_view
from reminders.models import SavedView
from reminders.models.views import MOST_VIEWS
from reminders.worklists import at_clinic, clinic, disclosed, practice
from reminders.worklists.enums import Group, Sort
from reminders.worklists.forms import NameForm, SaveForm, SearchForm
from reminders.worklists.narrowing import Narrow, NarrowForm
from reminders.worklists.rows import Row, grouped, in_order, page_of
from reminders.worklists.saved import views_of
from reminders.worklists.searching import Search
from sessions.notices import standing_notices

HOME = "reminders:worklist"
with_clients = for_roles(*(role for role in Role if role in CLINICAL_ROLES))


@with_clients
def worklist(request: MemberRequest) -> HttpResponse:
    """POST keeps what is looked for in the session: no name stands in an address or a log."""
    form = SearchForm(posted(request))
    if form.is_valid():
        form.search().keep(request.session)
        return redirect(HOME)
    search, views = Search.of(request.session), views_of(request.user)
    default = next((each for each in views if each.view.is_default), None)
    if default and not request.GET and not search and request.method == "GET":
        return redirect(reverse(HOME) + default.address)
    filters = _filters(request)
    narrow, now = filters.narrow(), database_now()
    found, most = _rows(request, narrow, search, now)
    rows = narrow.within(found)
    shown = [row for row in rows if not narrow.show or row.stands_in(Group(narrow.show))]
    page = page_of(in_order(shown, Sort(narrow.sort)), filters.cleaned_data["after"] or 0)
    outside = request.membership.role in PRACTICE_ROLES
    context = {
        "now": now,
        "outside": outside,
        "notices": standing_notices(request.user),
        "form": form,
        "search": search,
        "typed": form["words"].value() if form.errors else search.words,
        "filters": filters,
        "narrow": narrow,
        "narrowed": narrow.words(filters.houses),
        "views": views,
        "tiles": _tiles(rows, narrow, outside),
        "groups": [(group, _meaning(outside)[group], m) for group, m in grouped(page.rows)],
        "page": page,
        "pages": _pages(page, narrow),
        "any": bool(found),
        "most": most,
        "needed": sum(row.group not in (Group.NOBODY, Group.ENDED) for row in rows),
        "refers": request.membership.role == Role.THERAPIST,
    }
    return render(request, "reminders/worklist.html", context)


def _filters(request: MemberRequest) -> NarrowForm:
    """The address as it was understood, or 404."""
    user, here = request.user, request.membership.organization_id
    cases = Referral.objects.open_to(user)
    outside = request.membership.role in PRACTICE_ROLES
    # Another practice's referrals are no business of whoever reads about their clients.
    theirs = cases.filter(practice=here).values("clinic") if outside else cases.values("practice")
    houses = Organization.objects.filter(pk__in=theirs).order_by("name", "pk")
    form = NarrowForm(request.GET, role=request.membership.role, houses=houses)
    if not form.is_valid():
        raise Http404
    return form


def _rows(
    request: MemberRequest, narrow: Narrow, search: Search, now: datetime
) -> tuple[list[Row], int]:
    """(the rows, and of how many cases they are the newest where there are more)."""
    user, house = request.user, narrow.house
    if request.membership.role in PRACTICE_ROLES:
        cases = disclosed.cases_of(user, now, search, house)
        most = disclosed.MOST
        known = disclosed.known_cases(user, cases[:most], now)
        rows = [practice.row_of(each, user, now) for each in known]
        return rows, most if len(cases) > most and len(rows) == most else 0
    most = at_clinic.MOST
    found = at_clinic.referrals_at(
        user, now, search, house=house, model=narrow.model, ended=narrow.ended
    )
    rows = [clinic.row_of(each, user, now) for each in at_clinic.cases_at(user, found[:most], now)]
    if not narrow.ended and not search:
        rows = [row for row in rows if row.group != Group.ENDED]
    return rows, most if len(found) > most else 0


def _meaning(outside: bool) -> dict[Group, str]:
    return practice.MEANING if outside else clinic.MEANING


def _tiles(rows: list[Row], narrow: Narrow, outside: bool) -> list[dict]:
    """Counts of everything that is looked at, each a filter."""
    tiles = []
    for group in _meaning(outside):
        members, current = [row for row in rows if row.stands_in(group)], narrow.show == group
        if group in (Group.ENDED, Group.CLOSING) and not members and not current:
            continue
        waits = group not in (Group.NOBODY, Group.ENDED)
        tiles.append(
            {
                "count": len(members),
                "label": group.label,
                "note": _tile_note(members) if waits else _meaning(outside)[group].capitalize(),
                "url": narrow.address(show="" if current else group.value),
                "current": current,
            }
        )
    return tiles


def _tile_note(rows: list[Row]) -> str:
    if not rows:
        return "Nothing at the moment"
    closing = sum(bool(row.window and row.window.closes_today) for row in rows)
    wait = f"longest wait {min(rows, key=lambda row: row.since).waited}"
    if not closing:
        return wait.capitalize()
    return f"{closing} close{'s' if closing == 1 else ''} today; {wait}"


def _pages(page, narrow: Narrow) -> dict[str, str]:
    """The addresses of the pages beside this one."""
    beside = {"previous": page.preceding, "next": page.following}
    return {name: narrow.after(pk) for name, pk in beside.items() if pk is not None}


# ------------------------------------------------------------------ views that are kept
@with_clients
def saved_views(request: MemberRequest) -> HttpResponse:
    """One's own views; the present filter, which stands in the address, is saved as another."""
    filters, views = _filters(request), views_of(request.user)
    narrow = filters.narrow()
    if narrow.house not in {each.pk for each in filters.houses}:
        narrow = replace(narrow, house=None)  # none of theirs: whether it exists is not told
    form = SaveForm(posted(request))

    def save():
        save_view(by=request.user, **form.cleaned_data, **vars(narrow))

    if done(request, form, save):
        messages.success(request, "Saved. It stands above your list.")
        return redirect(reverse(HOME) + narrow.address())
    context = {
        "form": form,
        "narrow": narrow,
        "narrowed": narrow.words(filters.houses),
        "sort": Sort(narrow.sort).label,
        "views": [(each, each.narrow.words(filters.houses)) for each in views],
        "full": len(views) >= MOST_VIEWS,
        "most": MOST_VIEWS,
    }
    return render(request, "reminders/saved_views.html", context)


def _own(request: MemberRequest, pk: int) -> SavedView:
    return get_object_or_404(SavedView, pk=pk, user=request.user)


@with_clients
def saved_view(request: MemberRequest, pk: int) -> HttpResponse:
    """Another name for a view."""
    view = _own(request, pk)
    form = NameForm(posted(request), initial={"name": view.name})
    if done(request, form, lambda: rename_view(by=request.user, view=view, **form.cleaned_data)):
        messages.success(request, "Renamed.")
        return redirect("reminders:saved_views")
    return render(request, "reminders/saved_view.html", {"form": form, "view": view})


@with_clients
@require_POST
def default_view(request: MemberRequest, pk: int) -> HttpResponse:
    """The list opens with this view, or no longer does."""
    opens = request.POST.get("opens") == "yes"
    choose_default(by=request.user, view=_own(request, pk), opens=opens)
    said = "Your list opens with this view." if opens else "Your list opens whole."
    messages.success(request, said)
    return redirect("reminders:saved_views")


@with_clients
@require_POST
def delete_saved(request: MemberRequest, pk: int) -> HttpResponse:
    delete_view(by=request.user, view=_own(request, pk))
    messages.success(request, "Deleted.")
    return redirect("reminders:saved_views")
