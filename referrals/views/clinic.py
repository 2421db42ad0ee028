"""The clinic's side: its queue, and the answer to one referral.

Who the client is, how to reach them, the reason, the collaboration and how they agreed come with
the referral itself, which the client agreed to. Clinical context comes through a release only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from consent.access import Access, Reader
from consent.disclosure import disclose
from consent.emergencies import open_now
from consent.enums import Category, Channel
from consent.scope import scopes_of
from people.enums import Role
from people.formats import waited
from people.forms import apply_errors
from people.joining.listing import licence_with
from people.policy import for_roles
from people.requests import MemberRequest
from referrals.actions import triage as actions
from referrals.enums import (
    COLLABORATION_SEEN_BY_CLINIC,
    Collaboration,
    Mover,
    ReferralState,
    Verb,
)
from referrals.forms.drafting import QueueForm, ReplyForm
from referrals.models import ClinicReply, ContextItem, Referral
from referrals.permissions import user_can_do
from referrals.reading import reads_all, reply_due, reply_expected, unheard
from referrals.sections import context_rows
from referrals.transitions import MOVER

triaging = for_roles(Role.COORDINATOR, Role.PRESCRIBER)
PAGE = 50
VERBS = (Verb.RECEIVE, Verb.ACCEPT, Verb.ASK, Verb.DECLINE, Verb.BEGIN)


@dataclass(frozen=True)
class Row:
    referral: Referral
    mover: Mover
    waited: str
    overdue: bool
    unheard: bool


@triaging
def queue(request: MemberRequest) -> HttpResponse:
    """Fifty referrals a page, by key; those that wait longest come first."""
    sent = Referral.objects.open_to(request.user)
    form = QueueForm(request.GET, rows=sent)
    if not form.is_valid():
        raise Http404
    state = form.cleaned_data["state"] or form.WAITING
    waiting = state == form.WAITING
    closed = sent.filter(state=state).order_by("-submitted_at", "-pk")
    rows = sent.to_triage() if waiting else closed
    if last := form.cleaned_data["after"]:
        rows = rows.filter(_beyond(last, forward=waiting))
    rows = rows.with_reply_days().select_related("client", "practice", "referrer")
    found = list(rows[: PAGE + 1])
    context = {
        "rows": _rows(found[:PAGE]),
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "state": state,
        "states": form.fields["state"].choices,  # type: ignore[attr-defined]
    }
    return render(request, "referrals/queue.html", context)


def _beyond(last: Referral, *, forward: bool) -> Q:
    """What comes after `last` in the order of submitting, or before it."""
    step = "gt" if forward else "lt"
    return Q(**{f"submitted_at__{step}": last.submitted_at}) | Q(
        **{"submitted_at": last.submitted_at, f"pk__{step}": last.pk}
    )


def _rows(referrals: list[Referral]) -> list[Row]:
    now = timezone.now()
    without_release = unheard(referrals, now)
    return [_row(referral, now, referral.pk in without_release) for referral in referrals]


def _row(referral: Referral, now: datetime, unheard: bool) -> Row:
    """A question that nobody could read leaves the move with the clinic: it needs a release."""
    assert referral.submitted_at
    mover = Mover.CLINIC if unheard else MOVER[ReferralState(referral.state)]
    due = reply_expected(referral.submitted_at, referral.reply_days)
    late = mover == Mover.CLINIC and due <= timezone.localdate(now)
    since = referral.submitted_at if mover == Mover.CLINIC else referral.state_since
    overdue = late and referral.state != ReferralState.ACCEPTED
    return Row(referral, mover, waited(since, now), overdue, unheard)


def find(request: MemberRequest, pk: int) -> Referral:
    """A referral to the clinic of this person, or 404."""
    rows = Referral.objects.open_to(request.user)
    related = ("client", "clinic", "practice", "referrer", "episode")
    return get_object_or_404(rows.select_related(*related), pk=pk)


@triaging
def triage(request: MemberRequest, pk: int) -> HttpResponse:
    return _page(request, find(request, pk), ReplyForm())


def _page(request: MemberRequest, referral: Referral, form: ReplyForm) -> HttpResponse:
    of_referral, said = Q(referral=referral), ~Q(answer="", text="")
    found = disclose(
        to=Reader.of(request.user),
        about={referral.client_id},
        kinds={ContextItem: of_referral & said, ClinicReply: of_referral},
        channel=Channel.PAGE,
    )
    context = {
        "referral": referral,
        "collaboration": COLLABORATION_SEEN_BY_CLINIC[Collaboration(referral.collaboration)],
        "expected": reply_due(referral),
        "scopes": scopes_of(found.access, referral.client_id),
        "emergencies": open_now(found.access),
        "rows": context_rows(found.of(ContextItem)),
        "replies": found.of(ClinicReply),
        "form": form,
        "verbs": [v.value for v in VERBS if user_can_do(request.user, referral, v)],
        "learns": _referrer_learns(referral, found.at),
        **_sender(referral),
    }
    return render(request, "referrals/triage.html", context)


def _sender(referral: Referral) -> dict:
    """How the therapist's licence stands with the clinic, and whether they still work there."""
    member = referral.referrer.membership
    if member is None or member.organization_id != referral.practice_id:
        return {"gone": True}
    return {"sender_member": member, "licence": licence_with(referral.clinic, member)}


def _referrer_learns(referral: Referral, at) -> bool:
    """Whether a release in force lets the referrer read what is answered now."""
    if referral.referrer.membership is None:
        return False
    access = Access.load(Reader.of(referral.referrer), {referral.client_id}, at)
    return reads_all(access, referral, Category.READINESS)


@triaging
@require_POST
def receive(request: MemberRequest, pk: int) -> HttpResponse:
    referral = find(request, pk)
    try:
        actions.receive_referral(by=request.user, referral=referral)
    except (PermissionDenied, ValidationError) as error:
        messages.error(request, _sentence(error))
    else:
        messages.success(request, "Receipt is confirmed. The therapist sees “received”.")
    return redirect("referrals:triage", referral.pk)


@triaging
@require_POST
def ask(request: MemberRequest, pk: int) -> HttpResponse:
    return _reply(request, pk, actions.ask_for_information, "Your question is recorded.")


@triaging
@require_POST
def accept(request: MemberRequest, pk: int) -> HttpResponse:
    return _reply(request, pk, actions.accept_referral, "The referral is accepted.")


@triaging
@require_POST
def decline(request: MemberRequest, pk: int) -> HttpResponse:
    return _reply(request, pk, actions.decline_referral, "The referral is declined.")


def _reply(request: MemberRequest, pk: int, action: Callable, done: str) -> HttpResponse:
    referral = find(request, pk)
    form = ReplyForm(request.POST)
    if form.is_valid():
        try:
            action(by=request.user, referral=referral, text=form.cleaned_data["text"])
        except ValidationError as error:
            apply_errors(form, error)
        except PermissionDenied as error:
            form.add_error(None, _sentence(error))
        else:
            messages.success(request, done)
            return redirect("referrals:triage", referral.pk)
    return _page(request, referral, form)


def _sentence(error: Exception) -> str:
    return error.messages[0] if isinstance(error, ValidationError) else str(error)
