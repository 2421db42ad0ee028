"""A link to sign from anywhere: the administrator makes it, the client opens it."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from consent.actions.links import address_of, make_signing_link, may_be_mailed
from consent.clock import database_now
from consent.enums import ReleaseState
from consent.models import AnswerLink, Signed, SigningLink
from consent.views.answers import refused
from consent.views.doors import door
from consent.views.releases import administrator, find
from consent.visits import signing_visits
from people.enums import SafeContact
from people.policy import public
from people.requests import MemberRequest

# What to do with the address, by the way in which the client can be reached safely.
HAND_ON = {
    SafeContact.EMAIL: "Mail it from here, or copy it into a message that says nothing of care.",
    SafeContact.TEXT: "Copy it into a text message that says nothing of care.",
    SafeContact.PHONE: "Call, and ask where to send it. Leave no address in a message.",
    SafeContact.PHONE_NO_MESSAGE: "Call, and ask where to send it. Leave no message.",
    SafeContact.THERAPIST: "Ask the therapist how to reach the client. Do not send it yourself.",
}


def by_link(signed: Signed) -> dict:
    """How a link to this document can be handed on, and how the last one stands."""
    client = signed.client
    return {
        "signed": signed,
        "hand_on": HAND_ON.get(SafeContact(client.safe_contact or SafeContact.PHONE)),
        "by_mail": may_be_mailed(client),
        "days": AnswerLink.LASTS.days,
        "now": database_now(),
        "link": signed.links.filter(on_screen=False).order_by("-pk").first(),
    }


@administrator
def send_link(request: MemberRequest, pk: int) -> HttpResponse:
    """Explains, and makes: the address is shown in the answer that makes it, and never again."""
    release = find(request, pk)
    if release.state(database_now()) != ReleaseState.AWAITING:
        return redirect("consent:detail", pk)
    made = {}
    if request.method == "POST":
        mail = "mail" in request.POST
        try:
            token = make_signing_link(by=request.user, release=release, mail=mail)
        except ValidationError as error:
            return refused(request, pk, error)
        made = {"address": address_of(SigningLink, token), "mailed": mail}
    context = {"release": release, **by_link(release), **made}
    return render(request, "consent/send_link.html", context)


@public
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """Neither opening the page nor the date uses the link up: signing or saying no does."""
    page = "consent/open_link.html"
    return door(request, token, to=SigningLink, begin=signing_visits.begin, page=page)
