"""The request as a view behind `@for_roles` has it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from people.models import Membership, User


class MemberRequest(HttpRequest):
    """Somebody signed in, with a membership in force."""

    user: User
    membership: Membership
    htmx: HtmxDetails
