"""Who read what: the clinic's ledger, and a client's accounting as page, table and PDF."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from consent.actions.exports import note_accounting_export, note_ledger_export
from consent.forms.accounting import LedgerForm, PeriodForm, SearchForm
from consent.ledger.accounting import Entry, Period, a_page, entries, folded, of_client, scope_of
from consent.ledger.accounting import accounting as account
from consent.ledger.search import clients_named, clients_of, recipients_named
from consent.ledger.sheet import client_sheet, ledger_sheet
from consent.models import Disclosure, DisclosureQuestion
from consent.views.releases import administrator
from people.models import Client, Organization
from people.pdf import INSTALL_PANGO, pdf_available, pdf_response
from people.requests import MemberRequest

ON_A_PAGE = 100
MOST_IN_FULL = 300  # looks in a PDF; where there are more, those of one day stand together


# ------------------------------------------------------------------ one client
@administrator
def accounting(request: MemberRequest, pk: int) -> HttpResponse:
    return _accounting_page(request, _client(request, pk), PeriodForm(request.GET))


@administrator
def accounting_csv(request: MemberRequest, pk: int) -> HttpResponse:
    return _export(request, _client(request, pk), "csv")


@administrator
def accounting_pdf(request: MemberRequest, pk: int) -> HttpResponse:
    return _export(request, _client(request, pk), "pdf")


@reauthentication_required(allow_get=True)
def _export(request: MemberRequest, client: Client, form: str) -> HttpResponse:
    """Asks for the password first; who took it out, and for which period, is recorded.

    Only a POST takes anything out; a GET leads back to the page.
    """
    if request.method != "POST":
        return redirect("consent:accounting", client.pk)
    asked, clinic = PeriodForm(request.POST), request.membership.organization
    if not asked.is_valid() or (form == "pdf" and not pdf_available()):
        return _accounting_page(request, client, asked)
    period = asked.period(clinic.timezone)
    note_accounting_export(by=request.user, client=client, period=period, form=form)
    as_form = as_csv if form == "csv" else as_pdf
    return as_form(request, client, clinic, period)


def _accounting_page(request: MemberRequest, client: Client, form: PeriodForm) -> HttpResponse:
    clinic = request.membership.organization
    waiting = DisclosureQuestion.objects.filter(
        client=client, organization=clinic, answered_at=None
    )
    context = listed(client, clinic, form) | {"waiting": waiting.order_by("asked_at")}
    return render(request, "consent/accounting.html", context)


def _client(request: MemberRequest, pk: int) -> Client:
    return get_object_or_404(clients_of(request.membership.organization_id), pk=pk)


# ------------------------------------------------------------------ shared with the client's page
def listed(client: Client, clinic: Organization, form: PeriodForm) -> dict:
    """One page of a client's accounting; nothing is listed while the period makes no sense."""
    found: list[Entry] = []
    context = {
        "client": client,
        "clinic": clinic,
        "form": form,
        "pdf_available": pdf_available(),
        "install_pango": INSTALL_PANGO,
    }
    if form.is_valid():
        period = form.period(clinic.timezone)
        rows = period.within(of_client(client.pk))
        before = form.cleaned_data["before"]
        found, context["older"] = a_page(
            rows, clinic.pk, by="sequence", most=ON_A_PAGE, before=before
        )
        context["scope"] = scope_of(clinic, period)
    return context | {"lines": folded(found)}


def as_csv(
    request: HttpRequest, client: Client, clinic: Organization, period: Period
) -> HttpResponse:
    found = account(client.pk, clinic.pk, period)
    return client_sheet(f"accounting-{client.number}.csv", found, clinic, period)


def as_pdf(
    request: HttpRequest, client: Client, clinic: Organization, period: Period
) -> HttpResponse:
    found = account(client.pk, clinic.pk, period)
    together = len(found) > MOST_IN_FULL
    context = {
        "client": client,
        "clinic": clinic,
        "scope": scope_of(clinic, period),
        "lines": folded(found) if together else [],
        "entries": [] if together else found,
        "count": len(found),
        "notice": next((entry.notice for entry in found if entry.notice), ""),
        "made_at": timezone.now(),
    }
    name = f"accounting-{client.number}.pdf"
    return pdf_response(request, "consent/accounting_pdf.html", context, name)


# ------------------------------------------------------------------ all clients of the clinic
@administrator
def ledger(request: MemberRequest) -> HttpResponse:
    """The newest disclosures of the clinic, with filters. A name is looked for by POST."""
    if request.method == "POST":
        return _search(request)
    return _ledger_page(request, LedgerForm(request.GET), SearchForm())


@administrator
@reauthentication_required(allow_get=True)
def ledger_csv(request: MemberRequest) -> HttpResponse:
    """What the filters find, after the password; a GET leads back to the page."""
    if request.method != "POST":
        return redirect("consent:ledger")
    form, clinic = LedgerForm(request.POST), request.membership.organization
    if not form.is_valid():
        return _ledger_page(request, form, SearchForm())
    found = list(entries(_asked(clinic, form), clinic.pk, by="pk"))
    clients = Client.objects.in_bulk({entry.client_id for entry in found})
    note_ledger_export(
        by=request.user, clinic=clinic, client_id=form.cleaned_data["client"], rows=len(found)
    )
    period = form.period(clinic.timezone)
    return ledger_sheet("disclosures.csv", found, clinic, period, clients)


def _search(request: MemberRequest) -> HttpResponse:
    """Whoever is the only match is shown at once; of several, one is chosen."""
    form, clinic = SearchForm(request.POST), request.membership.organization_id
    if not form.is_valid():
        return _ledger_page(request, LedgerForm(), form)
    clients = clients_named(clinic, form.cleaned_data["q"])
    recipients = recipients_named(clinic, form.cleaned_data["q"])
    if len(clients) == 1 and not recipients:
        return redirect(f"{request.path}?client={clients[0].pk}")
    found = {"clients": clients, "recipients": recipients, "searched": True}
    return _ledger_page(request, LedgerForm({}), form, found)


def _ledger_page(
    request: MemberRequest, form: LedgerForm, search: SearchForm, found: dict | None = None
) -> HttpResponse:
    clinic = request.membership.organization
    shown: list[Entry] = []
    context: dict = {"form": form, "search": search, **(found or {})}
    if form.is_valid() and not found:
        asked = form.cleaned_data
        if asked["client"]:
            context["client"] = get_object_or_404(clients_of(clinic.pk), pk=asked["client"])
        rows, before = _asked(clinic, form), asked["before"]
        shown, context["older"] = a_page(rows, clinic.pk, by="pk", most=ON_A_PAGE, before=before)
    clients = Client.objects.in_bulk({entry.client_id for entry in shown})
    lines = folded(shown)
    context["rows"] = [(clients[line.newest.client_id], line) for line in lines]
    return render(request, "consent/ledger.html", context)


def _asked(clinic: Organization, form: LedgerForm):
    """The rows of the ledger about this clinic's clients that the filters leave."""
    rows = Disclosure.objects.filter(client_id__in=clients_of(clinic.pk).values("pk"))
    return form.narrow(form.period(clinic.timezone).within(rows))
