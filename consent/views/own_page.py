"""The client's own page: a secret link, the date of birth, then a short visit of nobody's.

Titles and addresses say nothing of care. At each request the link must still be open.
"""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from consent.actions.ending import withdraw_on_own_page
from consent.actions.questions import ask_question
from consent.actions.treatment import withdraw_consent_on_own_page
from consent.clock import database_now
from consent.documents.kept import damage, document_of
from consent.enums import ReceiptKind, TreatmentState
from consent.forms.accounting import PeriodForm
from consent.forms.own_page import QuestionForm, StopForm
from consent.ledger.accounting import entry_of, scope_for_client
from consent.models import ClientLink, DisclosureQuestion, Release, Signed, TreatmentConsent
from consent.views.accounting import as_csv, as_pdf, listed
from consent.views.doors import door
from consent.visits import page_visits
from consent.visits.own_page import GOING_ON, agreements_on, releases_on, with_questions
from people.forms import apply_errors
from people.pdf import pdf_available
from people.policy import View, public


def own_page(view: View) -> View:
    """A view of a visit to a client's page; without one, a sentence that it is closed."""

    @public
    @wraps(view)
    def visited(request: HttpRequest, **kwargs) -> HttpResponseBase:
        link = page_visits.VISITS.current(request)
        if link is None:
            return render(request, "consent/my_closed.html", status=404)
        with timezone.override(link.organization.timezone):
            return view(request, link, **kwargs)

    return visited


@public
def my_open(request: HttpRequest, token: str) -> HttpResponse:
    page = "consent/my_open.html"
    begin = page_visits.VISITS.begin
    return door(request, token, to=ClientLink, begin=begin, page=page)


@own_page
def my_page(request: HttpRequest, link: ClientLink) -> HttpResponse:
    now_shared, ended = releases_on(link)
    looked = listed(link.client, link.organization, PeriodForm({}))
    context = _of(link) | {
        "now_shared": now_shared,
        "ended": ended,
        "agreements": agreements_on(link),
        "rows": with_questions(link, looked["lines"]),
        "older": looked["older"],
    }
    return render(request, "consent/my_page.html", context)


@own_page
def my_copy(request: HttpRequest, link: ClientLink, pk: int) -> HttpResponse:
    """The release exactly as it was signed; its bare text where no PDF could be made then."""
    return _copy(request, link, _release(link, pk))


@own_page
def my_agreement(request: HttpRequest, link: ClientLink, pk: int) -> HttpResponse:
    """The consent to treatment exactly as it was signed."""
    return _copy(request, link, _agreement(link, pk))


def _copy(request: HttpRequest, link: ClientLink, signed: Signed) -> HttpResponse:
    if damage(signed):
        messages.error(
            request, f"This copy was changed after you signed it. Tell {link.organization}."
        )
        return redirect("consent:my_page")
    kept = document_of(signed)
    content, kind = (bytes(kept.pdf), "pdf") if kept else (signed.text.encode(), "txt")
    types = {"pdf": "application/pdf", "txt": "text/plain; charset=utf-8"}
    response = HttpResponse(content, content_type=types[kind])
    response["Content-Disposition"] = f'attachment; filename="{signed.number}.{kind}"'
    return response


@own_page
def my_agreement_stop(request: HttpRequest, link: ClientLink, pk: int) -> HttpResponse:
    """The second of two clicks: from then on the consent to treatment does not hold."""
    consent = _agreement(link, pk)
    if dict(agreements_on(link)).get(consent) != TreatmentState.ACTIVE:
        return redirect("consent:my_page")
    if request.method == "POST":
        try:
            withdraw_consent_on_own_page(link=link, consent=consent)
            messages.success(
                request, "Withdrawn: you no longer agree to treatment, from this moment on."
            )
        except ValidationError as error:
            messages.error(request, error.messages[0])
        return redirect("consent:my_page")
    context = _of(link) | {"consent": consent}
    return render(request, "consent/my_agreement_stop.html", context)


@own_page
def my_withdraw(request: HttpRequest, link: ClientLink, pk: int) -> HttpResponse:
    """The second of two clicks: for everybody, or for one of those it names."""
    release, now = _release(link, pk), database_now()
    if release.state(now) not in GOING_ON:
        return redirect("consent:my_page")
    form = StopForm(request.POST, release=release)
    if request.method == "POST" and form.is_valid():
        try:
            return _stopped(request, link, release, form.cleaned_data["recipient"])
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("consent:my_page")
    beside = Release.objects.beside(release, now).of_clinic(link.organization_id)
    context = _of(link) | {
        "release": release,
        "recipients": [r for r in release.recipients.all() if r.revoked_at is None],
        "beside": beside.with_parts(),
    }
    return render(request, "consent/my_withdraw.html", context)


def _stopped(request, link, release, recipient) -> HttpResponse:
    """Withdraws, and answers with the receipt."""
    withdraw_on_own_page(link=link, release=release, recipient=recipient)
    receipt = release.receipts.filter(kind=ReceiptKind.WITHDRAWN).first()
    context = _of(link) | {"release": release, "receipt": receipt}
    return render(request, "consent/my_receipt.html", context)


@own_page
def my_question(request: HttpRequest, link: ClientLink, sequence: int) -> HttpResponse:
    """Question one entry of who looked; the clinic's administrator answers."""
    entry = entry_of(link.client_id, link.organization_id, sequence)
    if entry is None:
        return render(request, "consent/my_closed.html", _of(link), status=404)
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_question(link=link, sequence=sequence, **form.cleaned_data)
            messages.success(request, f"Your question was sent to {link.organization}.")
            return redirect(f"{reverse('consent:my_page')}#entry-{sequence}")
        except ValidationError as error:
            apply_errors(form, error)
    waiting = DisclosureQuestion.objects.filter(
        client=link.client_id,
        organization=link.organization_id,
        sequence=sequence,
        answered_at=None,
    )
    context = _of(link) | {"entry": entry, "form": form, "waiting": waiting.first()}
    return render(request, "consent/my_question.html", context)


@own_page
def my_accounting(request: HttpRequest, link: ClientLink) -> HttpResponse:
    return _accounting(request, link, PeriodForm(request.GET))


@own_page
def my_accounting_csv(request: HttpRequest, link: ClientLink) -> HttpResponse:
    form = PeriodForm(request.GET)
    if not form.is_valid():
        return _accounting(request, link, form)
    clinic = link.organization
    return as_csv(request, link.client, clinic, form.period(clinic.timezone))


@own_page
def my_accounting_pdf(request: HttpRequest, link: ClientLink) -> HttpResponse:
    form = PeriodForm(request.GET)
    if not form.is_valid() or not pdf_available():
        return _accounting(request, link, form)
    clinic = link.organization
    return as_pdf(request, link.client, clinic, form.period(clinic.timezone))


@public
@require_POST
def my_leave(request: HttpRequest) -> HttpResponse:
    """The visit ends; what was on the screen does not come back."""
    return page_visits.VISITS.end(
        request, render(request, "consent/my_closed.html", {"left": True})
    )


def _accounting(request: HttpRequest, link: ClientLink, form: PeriodForm) -> HttpResponse:
    context = _of(link) | listed(link.client, link.organization, form)
    context["rows"] = with_questions(link, context["lines"])
    if form.is_valid():
        period = form.period(link.organization.timezone)
        context["scope"] = scope_for_client(link.organization, period)
    return render(request, "consent/my_accounting.html", context)


def _of(link: ClientLink) -> dict:
    return {"organization": link.organization, "client": link.client}


def _release(link: ClientLink, pk: int) -> Release:
    """A signed release on this page, or 404."""
    releases = Release.objects.of_clinic(link.organization_id).filter(client=link.client_id)
    return get_object_or_404(releases.signed().select_related("organization").with_parts(), pk=pk)


def _agreement(link: ClientLink, pk: int) -> TreatmentConsent:
    """A signed consent to treatment on this page, or 404."""
    consents = TreatmentConsent.objects.of(link.client_id, link.organization_id).signed()
    return get_object_or_404(consents.select_related("organization"), pk=pk)
