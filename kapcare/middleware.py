"""What holds for every request: session limits, second factor, caches, the reader's time zone."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from consent.visits import page_visits, signing_visits
from sessions import question_visits

# What somebody without a second factor may open: making one, and signing out.
WITHOUT_SECOND_FACTOR = ("mfa_", "account_logout", "account_reauthenticate", "session_stay")
VISITS = (*signing_visits.KINDS, page_visits.VISITS, question_visits.VISITS)
DOORS = frozenset(visits.door for visits in VISITS)
# The namespaces in which clients open pages without an account.
WITH_CLIENTS = ("consent", "care")


class SessionLimits(MiddlewareMixin):
    """End a session after 15 idle minutes and after 12 hours in all.

    What a page asks for by itself (X-Unattended) keeps no session alive.
    """

    def process_request(self, request):
        if not request.user.is_authenticated:
            return
        now, session = time.time(), request.session
        started, seen = session.setdefault("started", now), session.setdefault("seen", now)
        idle, all_in = settings.IDLE_MINUTES * 60, settings.SESSION_COOKIE_AGE
        if now - seen >= idle or now - started >= all_in:
            logout(request)
            reason = "15 minutes without activity" if now - seen >= idle else "12 hours"
            messages.info(request, f"You were signed out after {reason}. Sign in to go on.")
        elif now - seen > 20 and "X-Unattended" not in request.headers:
            session["seen"] = now


class OneDocument(MiddlewareMixin):
    """While a session visits one document, or a client's pages, nothing else answers it."""

    def process_request(self, request):
        away = (visits for visits in VISITS if visits.leads_away(request, DOORS))
        visits = next(away, None)
        return redirect(visits.start) if visits else None


class SecondFactorRequired(MiddlewareMixin):
    """Outside the demo nobody goes further without an authenticator app or a passkey."""

    def process_view(self, request, view, args, kwargs):
        if not settings.SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name or ""
        if name.startswith(WITHOUT_SECOND_FACTOR) or getattr(view, "policy", "") == "public":
            return None
        factors = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        if is_mfa_enabled(request.user, factors):
            return None
        if "X-Unattended" not in request.headers:
            messages.info(request, "Set up a second step for signing in before you go on.")
        return redirect("mfa_index")


class SayWhatToDo(MiddlewareMixin):
    """Opening or reloading an address that only takes forms gets a page, not an empty answer."""

    def process_response(self, request, response):
        if response.status_code != 405 or response.content:
            return response
        page = render(request, "405.html", status=405)
        page["Allow"] = response["Allow"]
        return page


class KeepOutOfCaches(MiddlewareMixin):
    """A page about somebody is never stored or indexed; signing out clears the browser.

    The pages of releases and of care are kept out for everybody: clients open some without an
    account. Only what clinics say of themselves asks to be found (`people/profiles/views.py`).
    """

    def process_response(self, request, response):
        match = request.resolver_match
        if match and match.url_name == "account_logout" and request.method == "POST":
            response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        with_clients = match is not None and match.namespace in WITH_CLIENTS
        in_visit = any(visits.key in request.session for visits in VISITS)
        if request.user.is_authenticated or with_clients or in_visit:
            response["Cache-Control"] = "no-store"
        if "Clear-Site-Data" in response:
            response["Cache-Control"] = "no-store"
        response.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response


class ReaderTimezone:
    """Times are shown in the zone of the reader's organisation."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        membership = getattr(request.user, "membership", None)
        zone = membership.organization.timezone if membership else settings.TIME_ZONE
        with timezone.override(zone):
            return self.get_response(request)
