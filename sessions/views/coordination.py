"""The coordination plan, for both houses alike: read, propose, agree, withdraw, print.

What stands on a page rests on what was disclosed to its reader. Whoever finds nothing and may not
propose anything is told that there is no such page.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from consent.disclosure import Disclosed
from consent.emergencies import open_now
from consent.enums import Category, Channel
from people.models import User
from people.pdf import INSTALL_PANGO, pdf_available, pdf_response
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from referrals.models import Referral
from referrals.reading import reads_all
from sessions.actions import coordination as actions
from sessions.coordination import Version, lines, standing, version_in_force
from sessions.crossing import answers_here, clinic_reads
from sessions.enums.coordination import PlanState, Side
from sessions.forms.coordination import (
    MOST_SESSIONS,
    SESSIONS,
    ProposeForm,
    SpokenForm,
    as_initial,
)
from sessions.models import CoordinationAnswer, CoordinationPlan, EpisodeOfCare
from sessions.permissions import check_user_can_coordinate
from sessions.reading import read_plans, scopes
from sessions.views.common import AT_CLINIC, OUTSIDE, banner, referral_or_404

BOTH = (*AT_CLINIC, *OUTSIDE)


@dataclass(frozen=True)
class Page:
    """One case as its reader may know it. `side`: for whom they answer, if for anybody."""

    referral: Referral
    episode: EpisodeOfCare
    found: Disclosed
    versions: list[Version]
    side: Side | None
    inside: bool

    @property
    def is_there(self) -> bool:
        """Whether there is such a page for its reader: something to read, or care that they may
        know of and for which they answer."""
        return self.inside or bool(self.versions) or (self.side is not None and self._reads)

    @property
    def _reads(self) -> bool:
        return reads_all(self.found.access, self.referral, Category.INTEGRATION)

    @cached_property
    def is_open(self) -> bool:
        """Whether what its reader writes here reaches the other side, and they read the answer."""
        reached = self._reads and clinic_reads(self.referral, Category.INTEGRATION)
        return self.inside or reached

    @property
    def proposing(self) -> bool:
        return self.side is not None and self.is_open and not self.episode.ended_at

    @property
    def waiting(self) -> Version | None:
        return next((each for each in self.versions if each.state == PlanState.WAITING), None)

    @property
    def shown(self) -> Version | None:
        """What is read first: what waits, else what is in force, else the newest."""
        newest = self.versions[0] if self.versions else None
        return self.waiting or version_in_force(self.versions) or newest

    @property
    def names(self) -> dict:
        """What every template of these pages is drawn from."""
        scope = {"scopes": scopes(self.found, self.referral), "referral": self.referral}
        head = banner(self.episode) if self.inside else {"client": self.referral.client}
        emergencies = open_now(self.found.access)
        return {**head, **scope, "emergencies": emergencies, "inside": self.inside}


def page_or_404(request: MemberRequest, pk: int, channel: Channel = Channel.PAGE) -> Page:
    referral = referral_or_404(request.user, pk)
    rows = EpisodeOfCare.objects.select_related("referral__practice", "client", "clinic")
    episode = get_object_or_404(rows, referral=referral)
    found = read_plans(request.user, referral, channel=channel)
    page = page_of(request.user, episode, found)
    if not page.is_there:
        raise Http404
    return page


def page_of(user: User, episode: EpisodeOfCare, found: Disclosed) -> Page:
    """How the plan of a case stands for `user`, to whom this was disclosed."""
    referral = episode.referral
    inside = found.access.reader.organization == episode.clinic_id
    side = None
    if allowed(check_user_can_coordinate, user, episode):
        side = Side.CLINIC if inside else Side.PRACTICE
    versions = standing(found.of(CoordinationPlan), found.of(CoordinationAnswer))
    return Page(referral, episode, found, versions, side, inside)


@for_roles(*BOTH)
def coordination(request: MemberRequest, pk: int, plan: int | None = None) -> HttpResponse:
    """The version that waits or is in force, or the one that is asked for, with its history."""
    page = page_or_404(request, pk)
    shown = _version_or_404(page, plan) if plan else page.shown
    names = _reading(page, shown) if shown else {}
    context = {**page.names, **names, "page": page, "pdf": pdf_available(), "pango": INSTALL_PANGO}
    return render(request, "care/coordination.html", context)


@for_roles(*BOTH)
def coordination_pdf(request: MemberRequest, pk: int, plan: int) -> HttpResponse:
    if not pdf_available():
        return HttpResponse(INSTALL_PANGO, content_type="text/plain", status=503)
    page = page_or_404(request, pk, Channel.PDF)
    names = _reading(page, _version_or_404(page, plan))
    more = {"reader": page.found.access.reader, "at": page.found.at}
    context = {**page.names, **names, **more}
    return pdf_response(request, "care/coordination_pdf.html", context, "coordination-plan.pdf")


def _version_or_404(page: Page, plan: int) -> Version:
    found = next((each for each in page.versions if each.plan.pk == plan), None)
    if found is None:
        raise Http404
    return found


def _reading(page: Page, shown: Version) -> dict[str, Any]:
    """One version, what differs from the one before it, and what this reader may do with it."""
    place = page.versions.index(shown)
    before = page.versions[place + 1] if place + 1 < len(page.versions) else None
    waits = shown.state == PlanState.WAITING and page.side is not None
    mine = waits and shown.waits_for == page.side
    own = shown.plan.author_organization_id == page.found.access.reader.organization
    other = page.inside and waits and own and not mine
    by_phone = other and not answers_here(page.referral)
    return {
        "shown": shown,
        "lines": lines(shown.plan, before.plan if before else None),
        "before": before,
        "agreeing": mine and page.is_open,
        "shut": mine and not page.is_open,
        "withdrawing": waits and own,
        "by_phone": by_phone,
        "waits_for": _name_of(page.referral, shown.waits_for, page.side),
        "in_force": version_in_force(page.versions),
    }


def _name_of(referral: Referral, side: Side | None, own: Side | None) -> str:
    """Whose move it is, in words."""
    if side is None:
        return ""
    if side == own:
        return "you"
    return str(referral.clinic if side == Side.CLINIC else referral.practice)


@for_roles(*BOTH)
def propose(request: MemberRequest, pk: int) -> HttpResponse:
    """A new version. Where one waits or is in force, it starts from that one."""
    case = get_object_or_404(EpisodeOfCare, referral=referral_or_404(request.user, pk))
    if not allowed(check_user_can_coordinate, request.user, case):  # before anything is read
        raise Http404
    page = page_or_404(request, pk)
    if not page.proposing:
        return redirect("care:coordination", pk)
    newest = page.versions[0].plan if page.versions else None
    start = page.waiting or version_in_force(page.versions)
    begun = as_initial(start.plan) if start else _first(page)
    initial = {**begun, "seen": newest.pk if newest else None}
    doses = _doses(page, begun)
    form = ProposeForm(posted(request), referral=page.referral, doses=doses, initial=initial)

    def propose_it():
        given = form.cleaned_data
        actions.propose_plan(
            by=request.user,
            episode=page.episode,
            form_key=given["form_key"],
            content=form.content(),
            sessions=form.divided(),
            seen=given["seen"],
        )

    if done(request, form, propose_it):
        messages.success(request, "Proposed. It is in force once both sides have agreed.")
        return redirect("care:coordination", pk)
    if form.is_bound:  # what can be read now has been seen
        form.data = {**request.POST.dict(), "seen": initial["seen"] or ""}
    counter = page.waiting is not None and page.waiting.waits_for == page.side
    context = {**page.names, "form": form, "start": start, "counter": counter}
    return render(request, "care/coordination_propose.html", context)


def _first(page: Page) -> dict:
    """What a first version begins with: at the clinic as the episode stands, at the practice as
    the referral asked for it."""
    if page.inside:
        names = ("collaboration", "preparation_owner_id", "integration_owner_id")
        return {name.removesuffix("_id"): getattr(page.episode, name) for name in names}
    asked = page.referral.collaboration
    own = dict.fromkeys(actions.OWNERS, page.referral.referrer_id)
    return {"collaboration": asked, **(own if asked == "clinic_medical" else {})}


def _doses(page: Page, begun: dict) -> int:
    """For how many doses sessions are offered; how many are expected is the clinic's to know."""
    expected = page.episode.expected_doses if page.inside else SESSIONS
    named = [int(name.split("_")[1]) for name in begun if name.startswith("dose_")]
    return min(max([min(expected, MOST_SESSIONS), *(number + 2 for number in named)]), 60)


@for_roles(*BOTH)
@require_POST
def agree(request: MemberRequest, pk: int, plan: int) -> HttpResponse:
    page = page_or_404(request, pk)
    version = _version_or_404(page, plan)
    try:
        actions.agree_to_plan(by=request.user, plan=version.plan)
        messages.success(request, "Agreed. The plan is in force.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("care:coordination", pk)


@for_roles(*BOTH)
@require_POST
def withdraw(request: MemberRequest, pk: int, plan: int) -> HttpResponse:
    page = page_or_404(request, pk)
    version = _version_or_404(page, plan)
    try:
        actions.withdraw_plan(by=request.user, plan=version.plan)
        messages.success(request, "Withdrawn. The other side no longer answers it.")
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("care:coordination", pk)


@for_roles(*AT_CLINIC)
def spoken(request: MemberRequest, pk: int, plan: int) -> HttpResponse:
    """What the practice answered by phone or on paper, where it cannot answer here."""
    page = page_or_404(request, pk)
    version = _version_or_404(page, plan)
    if not _reading(page, version)["by_phone"]:
        return redirect("care:coordination", pk)
    form = SpokenForm(posted(request), initial={"said_at": timezone.now()})

    def record():
        said = form.cleaned_data
        actions.record_spoken_agreement(by=request.user, plan=version.plan, **said)

    if done(request, form, record):
        messages.success(request, "Recorded. The plan is in force.")
        return redirect("care:coordination", pk)
    context = {**page.names, "form": form, "shown": version}
    return render(request, "care/coordination_spoken.html", context)


def line_of(user: User, referral: Referral, found: Disclosed) -> dict | None:
    """The one line about it on other pages: where it stands and whose move it is. None for whom
    there is no such page."""
    episode = EpisodeOfCare.objects.select_related("referral").filter(referral=referral).first()
    if episode is None:
        return None
    page = page_of(user, episode, found)
    if not page.is_there:
        return None
    in_force, waiting = version_in_force(page.versions), page.waiting
    waits_for = _name_of(referral, waiting.waits_for, page.side) if waiting else ""
    return {"in_force": in_force, "waiting": waiting, "waits_for": waits_for, "page": page}
