"""The drug log as a page and as a document. Treating staff read it; it belongs to no release."""

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from people.formats import day
from people.models import Organization
from people.pdf import INSTALL_PANGO, pdf_available, pdf_response
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest
from sessions import stock
from sessions.actions.stock import note_export
from sessions.forms.stock import LogForm
from sessions.models import Discrepancy, StockEntry, Vial
from sessions.permissions import check_user_can_keep_stock
from sessions.views.common import TREATING

ON_A_PAGE = 50
MOST_ON_PAPER = 1000  # lines of one document
MOST_VIALS = 200  # shown one by one; sums count them all


@for_roles(*TREATING)
def log(request: MemberRequest) -> HttpResponse:
    return _page(request, LogForm(request.GET))


@for_roles(*TREATING)
@reauthentication_required(allow_get=True)
def log_pdf(request: MemberRequest) -> HttpResponse:
    """What the filters find, after the password; a GET leads back to the page."""
    if request.method != "POST":
        return redirect("care:stock")
    form, clinic = LogForm(request.POST), request.membership.organization
    if not form.is_valid() or not pdf_available():
        return _page(request, form)
    asked = form.asked()
    rows = stock.with_answers(stock.entries_of(request.user, **asked))
    found = list(rows.order_by("pk")[: MOST_ON_PAPER + 1])
    if len(found) > MOST_ON_PAPER:
        form.add_error("last_day", f"More than {MOST_ON_PAPER:,} lines. Choose a shorter period.")
        return _page(request, form)
    period = _period(asked)
    note_export(by=request.user, clinic=clinic, period=period, rows=len(found))
    context = {
        "clinic": clinic,
        "period": period,
        "asked": asked,
        "entries": found,
        "people": stock.people_of(found),
        "discrepancies": _discrepancies(found),
        "products": stock.products(clinic, clinic.today),
        "made_at": timezone.now(),
    }
    return pdf_response(request, "care/stock_pdf.html", context, "log.pdf")


def _page(request: MemberRequest, form: LogForm) -> HttpResponse:
    clinic: Organization = request.membership.organization
    today, now = clinic.today, timezone.now()
    shown, older, vial = _found(request, form)
    context = {
        "form": form,
        "entries": shown,
        "older": older,
        "vial": vial,
        "today": today,
        "products": stock.products(clinic, today),
        "vials": Vial.objects.filter(clinic=clinic).in_stock()[:MOST_VIALS],
        "counts": stock.count_words(stock.counts_of(clinic, today)),
        "discrepancies": stock.open_discrepancies(clinic)[: stock.SHOWN],
        "waiting": stock.waiting_for_second_person(clinic)[: stock.SHOWN],
        "doses": stock.doses_to_account_for(clinic, now),
        "keeps": allowed(check_user_can_keep_stock, request.user, clinic.pk),
        "pdf_available": pdf_available(),
        "install_pango": INSTALL_PANGO,
    }
    return render(request, "care/stock.html", context)


def _found(
    request: MemberRequest, form: LogForm
) -> tuple[list[StockEntry], int | None, Vial | None]:
    """A page of the log, the key below which more follows, and the one vial that was asked for."""
    if not form.is_valid():
        return [], None, None
    rows = stock.with_answers(stock.entries_of(request.user, **form.asked()))
    if before := form.cleaned_data["before"]:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: ON_A_PAGE + 1])
    older = found[ON_A_PAGE - 1].pk if len(found) > ON_A_PAGE else None
    number = form.cleaned_data["vial"]
    vials = Vial.objects.at_clinic_of(request.user).with_balance().filter(number=number)
    return found[:ON_A_PAGE], older, vials.first() if number else None


def _discrepancies(entries: list[StockEntry]) -> list[Discrepancy]:
    """Those raised by these entries, with how they were explained."""
    rows = Discrepancy.objects.filter(entry__in=[entry.pk for entry in entries])
    return list(rows.select_related("entry__vial", "resolved_by").order_by("pk"))


def _period(asked: dict) -> str:
    first, last = day(asked["first_day"]), day(asked["last_day"])
    if first and last:
        return f"{first} to {last}"
    return f"from {first}" if first else f"until {last}" if last else "all of it"
