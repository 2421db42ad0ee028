"""Without an account: asking a clinic to join, and the door of an invitation."""

from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control

from people.forms import apply_errors
from people.joining.actions.accepting import (
    accept_invitation,
    account_of,
    obstacle,
    open_invitation,
)
from people.joining.actions.asking import ask_to_join
from people.joining.forms import AcceptForm, AskForm
from people.policy import public

TOO_MANY = "There were too many requests from here. Wait a few minutes, then send it again."
SIGN_IN_FIRST = "This address has an account already. Sign in, then open this link again."
SIGN_OUT_FIRST = "You are signed in as somebody else. Sign out, then open this link again."
never_stored = cache_control(no_store=True)


@public
@never_stored
def ask(request: HttpRequest) -> HttpResponse:
    """The answer is the same whoever asks, and whatever is known already."""
    form = AskForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action="join", key=form.cleaned_data["email"].lower()):
            form.add_error(None, TOO_MANY)
            return render(request, "joining/ask.html", {"form": form}, status=429)
        try:
            ask_to_join(
                form_key=form.cleaned_data["form_key"],
                clinic=form.cleaned_data["clinic"],
                content=form.content(),
            )
        except ValidationError as error:
            apply_errors(form, error)
        else:
            return redirect("joining:asked")
    return render(request, "joining/ask.html", {"form": form})


@public
@never_stored
def asked(request: HttpRequest) -> HttpResponse:
    return render(request, "joining/asked.html")


@public
@never_stored
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """An invitation's link. Whatever is wrong with it, the answer is the same."""
    invitation = open_invitation(token)
    if invitation is None:
        return render(request, "joining/closed.html")
    account = account_of(invitation)
    signed_in = request.user if request.user.is_authenticated else None
    barred = obstacle(invitation, account)
    if not barred and (account or signed_in) and signed_in != account:
        barred = SIGN_OUT_FIRST if signed_in else SIGN_IN_FIRST
    if barred:
        return render(request, "joining/barred.html", {"invitation": invitation, "text": barred})
    has_account = account is not None
    form = AcceptForm(_posted(request), invitation=invitation, has_account=has_account)
    if request.method == "POST" and form.is_valid():
        try:
            accept_invitation(token=token, by=account, **form.content())
        except ValidationError as error:
            apply_errors(form, error)
        else:
            messages.success(request, "Your account is ready. Sign in to begin.")
            return redirect("home" if account else "account_login")
    context = {"invitation": invitation, "form": form, "has_account": has_account}
    return render(request, "joining/accept.html", context)


def _posted(request: HttpRequest):
    return request.POST if request.method == "POST" else None
