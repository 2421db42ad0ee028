"""What holds for every request: session limits, second factor, caches, the reader's time zone."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

# What somebody without a second factor may open: making one, and signing out.
WITHOUT_SECOND_FACTOR = ("mfa_", "account_logout", "account_reauthenticate", "session_stay")


class SessionLimits(MiddlewareMixin):
    """End a session after 15 idle minutes and after 12 hours in all."""

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
        elif now - seen > 20:
            session["seen"] = now


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
        messages.info(request, "Set up a second step for signing in before you go on.")
        return redirect("mfa_index")


class KeepOutOfCaches(MiddlewareMixin):
    """A signed-in page is never stored; signing out clears what the browser holds."""

    def process_response(self, request, response):
        match = request.resolver_match
        if match and match.url_name == "account_logout" and request.method == "POST":
            response["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        if request.user.is_authenticated or "Clear-Site-Data" in response:
            response["Cache-Control"] = "no-store"
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
