"""The clinic's side: its queue, and the answer to one referral.

Who the client is, how to reach them, the reason, the collaboration and how they agreed come with
the referral itself, which the client agreed to. Clinical context comes through a release only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from consent.access import Access, Reader
from consent.clock import database_now
from consent.disclosure import Disclosed, disclose
from consent.emergencies import open_now
from consent.enums import Category, Channel
from consent.scope import scopes_of
from people.enums import Role
from people.joining.listing import licence_with
from people.merging import likely_of, other_records
from people.pdf import pdf_available
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from referrals.actions import triage as actions
from referrals.actions.interim import ask_for_time
from referrals.enums import COLLABORATION_SEEN_BY_CLINIC, Collaboration, ReferralState, Verb
from referrals.forms.answering import AcceptForm, AskForm, DeclineForm, InterimForm
from referrals.forms.drafting import QueueForm
from referrals.history import error_reported, for_clinic
from referrals.models import ClinicReply, Closing, ContextItem, Referral
from referrals.permissions import user_can_do
from referrals.reading import reads_all, standing, unheard
from referrals.sections import context_rows
from referrals.waiting import Waiting

triaging = for_roles(Role.COORDINATOR, Role.PRESCRIBER)
PAGE = 50
RELATED = ("client", "clinic", "practice", "referrer", "episode", "reopening__of")
VERBS = (Verb.RECEIVE, Verb.ACCEPT, Verb.ASK, Verb.DECLINE, Verb.BEGIN)


@dataclass(frozen=True)
class Row:
    referral: Referral
    waiting: Waiting
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
    found = list(rows.prefetch_related("interims")[: PAGE + 1])
    context = {
        "rows": _rows(found[:PAGE]),
        "next": found[PAGE - 1].pk if len(found) > PAGE else None,
        "state": state,
        "taken_back": _taken_back(request) if state == ReferralState.IN_ERROR else [],
        "states": form.fields["state"].choices,  # type: ignore[attr-defined]
    }
    return render(request, "referrals/queue.html", context)


def _taken_back(request: MemberRequest) -> list[Referral]:
    """The newest of those entered in error: only their number, who sent them and when is shown."""
    found = Referral.objects.in_error_at(request.user).select_related("practice")
    return list(found.order_by("-state_since", "-pk")[:PAGE])


def _beyond(last: Referral, *, forward: bool) -> Q:
    """What comes after `last` in the order of submitting, or before it."""
    step = "gt" if forward else "lt"
    return Q(**{f"submitted_at__{step}": last.submitted_at}) | Q(
        **{"submitted_at": last.submitted_at, f"pk__{step}": last.pk}
    )


def _rows(referrals: list[Referral]) -> list[Row]:
    now = timezone.now()
    without_release = unheard(referrals, now)
    return [
        Row(
            each,
            standing(each, now, unheard=each.pk in without_release),
            each.pk in without_release,
        )
        for each in referrals
    ]


def find(request: MemberRequest, pk: int) -> Referral:
    """A referral to the clinic of this person, or 404."""
    rows = Referral.objects.open_to(request.user)
    return get_object_or_404(rows.select_related(*RELATED), pk=pk)


@triaging
def triage(request: MemberRequest, pk: int) -> HttpResponse:
    in_error = Referral.objects.in_error_at(request.user).select_related("practice").filter(pk=pk)
    if taken_back := in_error.first():
        return render(request, "referrals/taken_back.html", {"referral": taken_back})
    return _page(request, find(request, pk), AcceptForm())


def disclosed(
    request: MemberRequest, referral: Referral, channel: Channel = Channel.PAGE
) -> Disclosed:
    """What the clinic may read of what was said about this referral."""
    of_referral, said = Q(referral=referral), ~Q(answer="", text="")
    return disclose(
        to=Reader.of(request.user),
        about={referral.client_id},
        kinds={ContextItem: of_referral & said, ClinicReply: of_referral, Closing: of_referral},
        channel=channel,
    )


def as_received(referral: Referral, found: Disclosed) -> dict[str, Any]:
    """What page and packet of the clinic share."""
    silent = referral.pk in unheard([referral], found.at)
    return {
        "referral": referral,
        "waiting": standing(referral, found.at, unheard=silent),
        "unheard": silent,
        "collaboration": COLLABORATION_SEEN_BY_CLINIC[Collaboration(referral.collaboration)],
        "scopes": scopes_of(found.access, referral.client_id),
        "emergencies": open_now(found.access),
        "rows": context_rows(found.of(ContextItem)),
        "replies": found.of(ClinicReply),
        "closings": [each for each in found.of(Closing) if not each.in_error],
        "steps": for_clinic(referral),
    }


def _page(request: MemberRequest, referral: Referral, form: Form) -> HttpResponse:
    found = disclosed(request, referral)
    context = as_received(referral, found) | {
        "form": form,
        "verbs": [v.value for v in VERBS if user_can_do(request.user, referral, v)],
        "learns": _referrer_learns(referral, found.at),
        **_sender(referral),
        "client": referral.client,
        "others": other_records(referral.client_id, referral.clinic_id),
        "likely": likely_of(referral.client, referral.clinic_id),
        "error_reported": error_reported(referral),
        "pdf": pdf_available(),
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
def accept(request: MemberRequest, pk: int) -> HttpResponse:
    referral, form = find(request, pk), AcceptForm(request.POST)
    if _answered(request, form, lambda: _accept(request, referral, form)):
        messages.success(request, "The referral is accepted.")
        return redirect("referrals:triage", referral.pk)
    return _page(request, referral, form)


def _accept(request: MemberRequest, referral: Referral, form: AcceptForm) -> None:
    actions.accept_referral(by=request.user, referral=referral, **form.cleaned_data)


@triaging
def ask(request: MemberRequest, pk: int) -> HttpResponse:
    form = AskForm(posted(request))
    return _reasoned(request, pk, form, actions.ask_for_information, "Your question is recorded.")


@triaging
def decline(request: MemberRequest, pk: int) -> HttpResponse:
    form = DeclineForm(posted(request))
    return _reasoned(request, pk, form, actions.decline_referral, "The referral is declined.")


def _reasoned(
    request: MemberRequest, pk: int, form: AskForm | DeclineForm, action: Callable, said: str
) -> HttpResponse:
    referral = find(request, pk)
    fields = {"by": request.user, "referral": referral}
    if _answered(request, form, lambda: action(**fields, **form.cleaned_data)):
        messages.success(request, said)
        return redirect("referrals:triage", referral.pk)
    learns = _referrer_learns(referral, database_now())
    context = {"referral": referral, "form": form, "learns": learns}
    return render(request, "referrals/reply.html", {**context, "asking": isinstance(form, AskForm)})


@triaging
def more_time(request: MemberRequest, pk: int) -> HttpResponse:
    """A day by which the practice hears from the clinic: it needs no release, and no words."""
    referral, form = find(request, pk), InterimForm(posted(request))

    def tell():
        ask_for_time(by=request.user, referral=referral, **form.cleaned_data)

    if _answered(request, form, tell):
        messages.success(request, "The therapist sees by when they hear from you.")
        return redirect("referrals:triage", referral.pk)
    return render(request, "referrals/more_time.html", {"referral": referral, "form": form})


def _answered(request: MemberRequest, form: Form, action: Callable[[], Any]) -> bool:
    """As `done`; what nobody may do any more stands on the form too, with what was typed."""
    try:
        return done(request, form, action)
    except PermissionDenied as error:
        form.add_error(None, _sentence(error))
        return False


def _sentence(error: Exception) -> str:
    return error.messages[0] if isinstance(error, ValidationError) else str(error)
