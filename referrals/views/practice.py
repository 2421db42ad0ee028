"""A sent referral as those who sent it may see it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from consent.access import Access, Reader
from consent.clock import database_now
from consent.disclosure import Disclosed, disclose
from consent.enums import Channel
from consent.scope import scopes_of
from people.enums import Role
from people.forms import apply_errors
from people.pdf import pdf_available
from people.policy import for_roles
from people.requests import MemberRequest
from referrals.actions.drafting import answer_clinic
from referrals.enums import ReferralState, ReplyKind
from referrals.forms.drafting import AnswerForm
from referrals.history import for_practice
from referrals.models import ClinicReply, Closing, ContextItem, Referral
from referrals.permissions import user_can_edit
from referrals.reading import REOPENED, covering, known_state, may_withdraw
from referrals.sections import context_rows
from referrals.views.drafting import find_own, referring
from referrals.waiting import reply_expected, waiting

MOVED_ON = "The clinic moved on in the meantime. Your words are still here: call them instead."


def find(request: MemberRequest, pk: int) -> Referral:
    """A case this person is on, or 404."""
    rows = Referral.objects.open_to(request.user)
    return get_object_or_404(rows.select_related("client", "clinic", "practice", "referrer"), pk=pk)


def disclosed(
    request: MemberRequest, referral: Referral, channel: Channel = Channel.PAGE
) -> Disclosed:
    """What the practice may read of what was said about this referral."""
    of_referral = Q(referral=referral)
    return disclose(
        to=Reader.of(request.user),
        about={referral.client_id},
        kinds={ClinicReply: of_referral, ContextItem: of_referral, Closing: of_referral},
        channel=channel,
    )


def known_to(request: MemberRequest, referral: Referral) -> tuple[ReferralState, Disclosed]:
    """How it stands as this person may know it, and what that rests on."""
    found = disclosed(request, referral)
    return known_state(referral, found.of(ClinicReply), found.of(Closing)), found


@for_roles(Role.THERAPIST, Role.PHYSICIAN)
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """What the practice sent and what it may know of the answer.

    Others on the case never see the referral: they read the timeline, while a release opens it.
    """
    referral = find(request, pk)
    if referral.practice_id != request.membership.organization_id:
        return _elsewhere(request, referral)
    if referral.state == ReferralState.DRAFT:
        if user_can_edit(request.user, referral):
            return redirect("referrals:edit", referral.pk)
        raise Http404
    found = disclosed(request, referral)
    state = known_state(referral, found.of(ClinicReply), found.of(Closing))
    answers = user_can_edit(request.user, referral)
    context = as_known(referral, state, found) | {
        "asked": answers and state == ReferralState.INFORMATION_ASKED,
        "timeline": referral.referrer_id == request.user.pk
        or bool(found.access.categories(referral.client_id, referral.clinic_id)),
        "withdrawable": answers and may_withdraw(referral, state, found.access),
        "cover": None if answers else covering(request.user, referral, found.at),
        "answers": answers,
        "reopenable": answers and referral.submitted_at and state in REOPENED,
        "drafts": referral.taken_up_by.select_related("referral"),
        "pdf": pdf_available(),
    }
    return render(request, "referrals/detail.html", context)


def as_known(referral: Referral, state: ReferralState, found: Disclosed) -> dict[str, Any]:
    """What page and packet of the practice share: nothing beyond the state that it may know."""
    replies, context = found.of(ClinicReply), found.of(ContextItem)
    moved = waiting(
        state,
        begun=referral.created_at,
        sent=referral.submitted_at,
        since=referral.state_since,
        now=found.at,
        reply_days=referral.reply_days,
        promised=referral.promised,
    )
    return {
        "referral": referral,
        "state": state,
        "waiting": moved,
        "collaboration": referral.get_collaboration_display(),
        "scopes": scopes_of(found.access, referral.client_id) if replies else [],
        "replies": replies,
        "rows": context_rows(context),
        "steps": for_practice(referral, state, replies, found.of(Closing), context),
    }


def _elsewhere(request: MemberRequest, referral: Referral) -> HttpResponse:
    access = Access.load(Reader.of(request.user), {referral.client_id}, database_now())
    if not access.categories(referral.client_id, referral.clinic_id):
        raise Http404
    return redirect("care:timeline", referral.pk)


@referring
def sent(request: MemberRequest, pk: int) -> HttpResponse:
    referral = find_own(request, pk)
    if referral.submitted_at is None:
        raise Http404
    context = {
        "referral": referral,
        "expected": reply_expected(referral.submitted_at, referral.reply_days),
    }
    return render(request, "referrals/sent.html", context)


@referring
def answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Answer what the clinic asked; there is nothing here for those who may not know it asked."""
    referral = find_own(request, pk)
    state, found = known_to(request, referral)
    if state != ReferralState.INFORMATION_ASKED:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            answer_clinic(by=request.user, referral=referral, text=form.cleaned_data["text"])
        except ValidationError as error:
            apply_errors(form, error)
        except PermissionDenied:
            form.add_error(None, MOVED_ON)
        else:
            messages.success(request, "Your answer is sent. It opens to the clinic with a release.")
            return redirect("referrals:detail", referral.pk)
    asked = next(r for r in found.of(ClinicReply) if r.kind == ReplyKind.ASKED)
    context = {"referral": referral, "form": form, "asked": asked}
    return render(request, "referrals/answer.html", context)
