"""A sent referral as those who sent it may see it."""

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
from people.policy import for_roles
from people.requests import MemberRequest
from referrals.actions.drafting import answer_clinic, cancel_referral
from referrals.enums import ReferralState, ReplyKind
from referrals.forms.drafting import AnswerForm
from referrals.models import ClinicReply, ContextItem, Referral
from referrals.permissions import user_can_edit
from referrals.reading import covering, known_state, may_withdraw, reply_due
from referrals.sections import context_rows
from referrals.views.drafting import find_own, referring

CALL_THEM = "The clinic has your referral. To withdraw it now, call them."
MOVED_ON = "The clinic moved on in the meantime. Your words are still here: call them instead."


def find(request: MemberRequest, pk: int) -> Referral:
    """A case this person is on, or 404."""
    rows = Referral.objects.open_to(request.user)
    return get_object_or_404(rows.select_related("client", "clinic", "practice", "referrer"), pk=pk)


def _disclosed(request: MemberRequest, referral: Referral) -> Disclosed:
    of_referral = Q(referral=referral)
    return disclose(
        to=Reader.of(request.user),
        about={referral.client_id},
        kinds={ClinicReply: of_referral, ContextItem: of_referral},
        channel=Channel.PAGE,
    )


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
    found = _disclosed(request, referral)
    state = known_state(referral, found.of(ClinicReply))
    answers = user_can_edit(request.user, referral)
    context = {
        "referral": referral,
        "state": state,
        "collaboration": referral.get_collaboration_display(),
        "scopes": scopes_of(found.access, referral.client_id) if found.of(ClinicReply) else [],
        "replies": found.of(ClinicReply),
        "rows": context_rows(found.of(ContextItem)),
        "expected": reply_due(referral),
        "asked": answers and state == ReferralState.INFORMATION_ASKED,
        "timeline": referral.referrer_id == request.user.pk
        or bool(found.access.categories(referral.client_id, referral.clinic_id)),
        "withdrawable": answers and may_withdraw(referral, state, found.access),
        "cover": None if answers else covering(request.user, referral, found.at),
    }
    return render(request, "referrals/detail.html", context)


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
    context = {"referral": referral, "expected": reply_due(referral)}
    return render(request, "referrals/sent.html", context)


@referring
def answer(request: MemberRequest, pk: int) -> HttpResponse:
    """Answer what the clinic asked; there is nothing here for those who may not know it asked."""
    referral = find_own(request, pk)
    replies = _disclosed(request, referral).of(ClinicReply)
    if known_state(referral, replies) != ReferralState.INFORMATION_ASKED:
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
    asked = next(r for r in replies if r.kind == ReplyKind.ASKED)
    return render(
        request, "referrals/answer.html", {"referral": referral, "form": form, "asked": asked}
    )


@referring
def cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Withdraw it, after a question. Where that is not offered, the answer is always the same."""
    referral = find_own(request, pk)
    found = _disclosed(request, referral)
    state = known_state(referral, found.of(ClinicReply))
    if state == ReferralState.CANCELLED:
        return redirect("referrals:detail", referral.pk)
    if not may_withdraw(referral, state, found.access):
        messages.info(request, CALL_THEM)
        return redirect("referrals:detail", referral.pk)
    if request.method != "POST":
        return render(request, "referrals/cancel.html", {"referral": referral})
    try:
        cancel_referral(by=request.user, referral=referral)
    except (PermissionDenied, ValidationError):
        messages.info(request, CALL_THEM)
        return redirect("referrals:detail", referral.pk)
    draft = referral.submitted_at is None
    messages.success(request, "The draft is discarded." if draft else "The referral is withdrawn.")
    return redirect("reminders:worklist")
