"""The client's visit to a consent to treatment: read and agree or not, then the receipt.

Nobody is signed in. Addresses and titles say neither what it is about nor whose it is.
"""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from consent.actions.treatment import decline_consent, sign_consent
from consent.documents.kept import keep_document
from consent.forms.signing import SignForm
from consent.models import TreatmentConsent, TreatmentLink
from consent.treatment.text import as_text, electronic_agreement, sections
from consent.views.doors import door
from consent.views.visited import copy_in_visit, in_visit, leave_visit, to_sign
from consent.visits import signing_visits
from consent.visits.signing_visits import TREATMENT, Visit
from people.forms import apply_errors
from people.policy import public


@public
def open_agreement(request: HttpRequest, token: str) -> HttpResponse:
    """Neither opening the page nor the date uses the link up: an answer does."""
    return door(
        request,
        token,
        to=TreatmentLink,
        begin=signing_visits.begin,
        page="consent/open_link.html",
    )


@public
def agreement(request: HttpRequest) -> HttpResponse:
    """One address for the whole visit: what was answered so far says which screen comes."""
    here = signing_visits.current(request, TREATMENT)
    if here is None:
        return render(request, "consent/sign_closed.html", status=404)
    consent = here.link.consent
    with timezone.override(consent.organization.timezone):
        if here.link.used_at:
            return _done(request, here, consent)
        form = SignForm(None, signed=consent, agreement=electronic_agreement(consent))
        step = STEPS.get(request.POST.get("step", ""))
        try:
            return step(request, here, consent) if step else _reading(request, here, form)
        except ValidationError as error:
            return _reading(request, here, form, error.messages[0])


@public
def agreement_copy(request: HttpRequest) -> HttpResponse:
    return copy_in_visit(signing_visits.current(request, TREATMENT))


@public
@require_POST
def agreement_leave(request: HttpRequest) -> HttpResponse:
    return leave_visit(request, TREATMENT)


# ------------------------------------------------------------------ the steps
def _sign(request: HttpRequest, here: Visit, consent: TreatmentConsent) -> HttpResponse:
    form = SignForm(request.POST, signed=consent, agreement=electronic_agreement(consent))
    if form.is_valid():
        shown = request.POST.get("shown_sha256", "")
        try:
            sign_consent(link=here.link, signature=form.signature(), shown_sha256=shown)
            signing_visits.note_answered(request, here)
            return redirect("consent:agreement")
        except ValidationError as error:
            apply_errors(form, error)
    return _reading(request, here, form)


def _decline(request: HttpRequest, here: Visit, consent: TreatmentConsent) -> HttpResponse:
    decline_consent(link=here.link)
    signing_visits.note_answered(request, here)
    return redirect("consent:agreement")


STEPS = {"sign": _sign, "decline": _decline}


# ------------------------------------------------------------------ the screens
def _reading(request: HttpRequest, here: Visit, form: SignForm, error: str = "") -> HttpResponse:
    consent = here.link.consent
    context = in_visit(here, "Step 1 of 2") | {"error": error}
    context |= to_sign(form, sections(consent), as_text(consent))
    return render(request, "consent/agreement_read.html", context)


def _done(request: HttpRequest, here: Visit, consent: TreatmentConsent) -> HttpResponse:
    context = in_visit(here, "Step 2 of 2")
    context["has_document"] = not here.link.on_screen and keep_document(consent) is not None
    return render(request, "consent/agreement_done.html", context)
