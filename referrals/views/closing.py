"""Withdraw a referral, mark it as entered in error, or take a closed one up again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from people.requests import MemberRequest, done, posted
from referrals.actions.closing import cancel_referral, mark_in_error, reopen_referral
from referrals.enums import ReferralState
from referrals.forms.closing import InErrorForm, ReopenForm, WithdrawForm
from referrals.models import Referral
from referrals.reading import REOPENED, may_withdraw
from referrals.views.drafting import find_own, referring
from referrals.views.practice import known_to

CALL_THEM = "The clinic has your referral. To withdraw it now, call them."


@referring
def cancel(request: MemberRequest, pk: int) -> HttpResponse:
    """Withdraw it, after a question. Where that is not offered, the answer is always the same."""
    referral = find_own(request, pk)
    state, found = known_to(request, referral)
    if state in (ReferralState.CANCELLED, ReferralState.IN_ERROR):
        return redirect("referrals:detail", referral.pk)
    if not may_withdraw(referral, state, found.access):
        return _call_them(request, referral)
    form = WithdrawForm(posted(request))
    draft = referral.submitted_at is None

    def withdraw():
        cancel_referral(by=request.user, referral=referral, **form.cleaned_data)

    try:
        if draft and request.method == "POST":
            cancel_referral(by=request.user, referral=referral)
        elif not done(request, form, withdraw):
            return render(request, "referrals/cancel.html", {"referral": referral, "form": form})
    except PermissionDenied:
        return _call_them(request, referral)
    messages.success(request, "The draft is discarded." if draft else "The referral is withdrawn.")
    return redirect("reminders:worklist")


def _call_them(request: MemberRequest, referral: Referral) -> HttpResponse:
    messages.info(request, CALL_THEM)
    return redirect("referrals:detail", referral.pk)


@referring
def in_error(request: MemberRequest, pk: int) -> HttpResponse:
    """A sent referral that should not have been: the answer is the same whatever became of it."""
    referral = find_own(request, pk)
    if referral.submitted_at is None:
        raise Http404
    state, _ = known_to(request, referral)
    if state == ReferralState.IN_ERROR:
        return redirect("referrals:detail", referral.pk)
    form = InErrorForm(posted(request))

    def mark():
        mark_in_error(by=request.user, referral=referral, **form.cleaned_data)

    if done(request, form, mark):
        messages.success(request, "It is marked as entered in error.")
        return redirect("referrals:detail", referral.pk)
    return render(request, "referrals/in_error.html", {"referral": referral, "form": form})


@referring
def reopen(request: MemberRequest, pk: int) -> HttpResponse:
    """Nothing is here for those who may not know that it is closed."""
    referral = find_own(request, pk)
    state, _ = known_to(request, referral)
    if state not in REOPENED or referral.submitted_at is None:
        raise Http404
    form, made = ReopenForm(posted(request)), []

    def take_up():
        made.append(reopen_referral(by=request.user, referral=referral, **form.cleaned_data))

    try:
        if done(request, form, take_up):
            return redirect("referrals:edit", made[0].pk)
    except PermissionDenied as error:
        form.add_error(None, ValidationError(str(error)))
    context = {"referral": referral, "form": form, "state": state}
    return render(request, "referrals/reopen.html", context)
