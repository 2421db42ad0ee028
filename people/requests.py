"""The request as a view behind `@for_roles` has it, and a form of it that runs an action."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from people.forms import apply_errors
from people.models import Membership, User


class MemberRequest(HttpRequest):
    """Somebody signed in, with a membership in force."""

    user: User
    membership: Membership
    htmx: HtmxDetails


def posted(request: MemberRequest):
    """What was sent, or None for a form that is only shown."""
    return request.POST if request.method == "POST" else None


def done(request: MemberRequest, form: Form, action: Callable[[], Any]) -> bool:
    """Run `action` if a sent form is valid; what it refuses stands beside its field."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        action()
    except ValidationError as error:
        apply_errors(form, error)
        return False
    return True
