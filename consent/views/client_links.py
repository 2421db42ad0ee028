"""The administrator makes and ends the link to a client's own page."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from consent.actions.links import close_client_links, make_client_link
from consent.clock import database_now
from consent.ledger.search import clients_of
from consent.models import ClientLink
from consent.views.releases import administrator
from consent.visits.own_page import last_opened
from people.models import Client
from people.requests import MemberRequest


@administrator
def client_links(request: MemberRequest, pk: int) -> HttpResponse:
    """How the link stands. A new one is shown in the answer that makes it, and never again."""
    clinic = request.membership.organization_id
    client = get_object_or_404(clients_of(clinic), pk=pk)
    act = request.POST.get("act", "")
    if act == "make":
        return _made(request, client)
    if act == "end":
        if close_client_links(by=request.user, client=client):
            messages.success(request, "The link is ended. Whoever has the page open is out now.")
        return redirect("consent:client_links", pk)
    return _page(request, client)


def _made(request: MemberRequest, client: Client) -> HttpResponse:
    try:
        token = make_client_link(by=request.user, client=client)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("consent:client_links", client.pk)
    address = settings.PUBLIC_URL + reverse("consent:my_open", args=[token])
    return _page(request, client, address=address)


def _page(request: MemberRequest, client: Client, address: str = "") -> HttpResponse:
    links = ClientLink.objects.filter(
        client=client, organization=request.membership.organization_id
    )
    link = links.select_related("created_by").order_by("-pk").first()
    context = {
        "client": client,
        "link": link,
        "is_open": bool(link and link.is_open(database_now())),
        "opened": last_opened(link) if link else None,
        "address": address,
    }
    return render(request, "consent/client_links.html", context)
