"""How a view says who may open it. A test walks every address and finds none without a policy.

`@public` is for the few pages that need no account; `@for_roles(...)` opens a view to people with
one of these roles, and answers everybody else with the same 404 as an address that does not exist.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase

from people.enums import Role

View = Callable[..., HttpResponseBase]
PUBLIC = "public"
SIGNED_IN = "signed in"


def public(view: View) -> View:
    """Anybody may open it, without signing in. List the route in kapcare/public_routes.py."""
    view = login_not_required(view)
    view.policy = PUBLIC  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Everybody with an account, even one without a membership."""
    view.policy = SIGNED_IN  # type: ignore[attr-defined]
    return view


def for_roles(*roles: Role) -> Callable[[View], View]:
    """People whose membership holds one of `roles`; `request.membership` is then set."""
    wanted = frozenset(roles)

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            membership = getattr(request.user, "membership", None)
            if membership is None or membership.role not in wanted:
                raise Http404
            request.membership = membership  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)

        checked.policy = wanted  # type: ignore[attr-defined]
        return checked

    return decorate
