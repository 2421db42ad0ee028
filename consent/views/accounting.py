"""Who read what: the ledger of the clinic, and a client's accounting as a page and as a PDF."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from audit.record import record
from consent.accounting import accounting as account
from consent.accounting import newest
from consent.views.releases import administrator
from people.models import Client
from people.pdf import INSTALL_PANGO, pdf_available, pdf_response
from people.requests import MemberRequest

NEWEST = 200


@administrator
def ledger(request: MemberRequest) -> HttpResponse:
    """The newest disclosures on the clinic's releases, of all its clients."""
    organization = request.membership.organization
    clients = {c.pk: c for c in _clients(request)}
    entries = newest(clients, organization.pk, NEWEST)
    rows = [(clients[entry.client_id], entry) for entry in entries]
    return render(request, "consent/ledger.html", {"rows": rows, "most": NEWEST})


@administrator
def accounting(request: MemberRequest, pk: int) -> HttpResponse:
    return render(request, "consent/accounting.html", _context(request, pk))


@administrator
def accounting_pdf(request: MemberRequest, pk: int) -> HttpResponse:
    context = _context(request, pk)
    if not pdf_available():
        messages.error(request, INSTALL_PANGO)
        return redirect("consent:accounting", pk)
    record("accounting.exported", by=request.user, on=context["client"], client_id=pk)
    return pdf_response(
        request, "consent/accounting_pdf.html", context, f"accounting-KC-{pk:06d}.pdf"
    )


def _clients(request: MemberRequest):
    organization = request.membership.organization_id
    return Client.objects.filter(registrations__organization=organization)


def _context(request: MemberRequest, pk: int) -> dict:
    client = get_object_or_404(_clients(request), pk=pk)
    organization = request.membership.organization
    return {
        "client": client,
        "clinic": organization,
        "entries": account(client.pk, organization.pk),
        "made_at": timezone.now(),
        "pdf_available": pdf_available(),
        "install_pango": INSTALL_PANGO,
    }
