"""The consent to treatment of a case: where it stands, preparing it, having it signed, its end."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from consent.actions.documents import keep_missing_consent
from consent.actions.links import address_of
from consent.actions.treatment import (
    discard_consent,
    hand_over_consent,
    make_consent_link,
    prepare_consent,
    withdraw_consent,
)
from consent.clock import database_now
from consent.documents.history import history
from consent.documents.kept import as_signed, damage, document_of
from consent.enums import TreatmentState
from consent.forms.treatment import PrepareForm, WithdrawForm
from consent.models import TreatmentConsent, TreatmentLink
from consent.treatment.standing import current_consent, in_turn, standing
from consent.treatment.text import sections
from consent.views.links import by_link
from consent.visits import signing_visits
from people.enums import Role
from people.pdf import INSTALL_PANGO, attached_pdf, pdf_available
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.models import EpisodeOfCare
from sessions.views.common import AT_CLINIC, banner, episode_or_404


def consents_of(episode: EpisodeOfCare) -> Any:
    """Everything that was ever put to this client by this clinic."""
    consents = TreatmentConsent.objects.of(episode.client_id, episode.clinic_id)
    return consents.select_related(
        "client", "organization", "wording", "explained_by", "presented_by", "revoked_by"
    )


def waiting_for(episode: EpisodeOfCare) -> TreatmentConsent | None:
    """The one that waits for the client's answer."""
    return consents_of(episode).waiting().first()


@for_roles(*AT_CLINIC)
def consent(request: MemberRequest, pk: int) -> HttpResponse:
    episode, at = episode_or_404(request.user, pk), database_now()
    stands = standing(client_id=episode.client_id, clinic_id=episode.clinic_id, at=at)
    consents = list(consents_of(episode))
    shown = next((c for c in consents if c == stands.consent), None)
    waiting = next((c for c in consents if c.state(at) == TreatmentState.AWAITING), None)
    context = {
        **banner(episode),
        "stands": stands,
        "waiting": waiting,
        "paper": waiting.papers.defer("pdf").filter(verified_at=None).first() if waiting else None,
        "sections": sections(waiting) if waiting else [],
        "history": history(waiting or shown or consents[0]) if consents else [],
        "rows": in_turn(consents, at),
        "wording": request.membership.role == Role.PRESCRIBER,
        **(_evidence(shown) if shown else {}),
    }
    return render(request, "care/consent.html", context)


def _evidence(shown: TreatmentConsent) -> dict:
    return as_signed(shown) | {
        "damage": damage(shown),
        "document": document_of(shown),
        "pdf_available": pdf_available(),
        "install_pango": INSTALL_PANGO,
    }


@for_roles(*AT_CLINIC)
def prepare(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    if episode.ended_at or waiting_for(episode):
        return redirect("care:consent", pk)
    form = PrepareForm(posted(request), clinic=episode.clinic, by=request.user)

    def prepare_it():
        plan = form.cleaned_data
        prepare_consent(by=request.user, client=episode.client, clinic=episode.clinic, **plan)

    if done(request, form, prepare_it):
        messages.success(request, "Prepared. Choose how the client signs it.")
        return redirect("care:consent", pk)
    return render(request, "care/consent_prepare.html", {**banner(episode), "form": form})


@for_roles(*AT_CLINIC)
@require_POST
def discard(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    if waiting := waiting_for(episode):
        try:
            discard_consent(by=request.user, consent=waiting)
            messages.success(request, f"{waiting.number} is put away.")
        except ValidationError as error:
            messages.error(request, error.messages[0])
    return redirect("care:consent", pk)


@for_roles(*AT_CLINIC)
@require_POST
def present(request: MemberRequest, pk: int) -> HttpResponse:
    """Hand the screen over: the staff member is signed out, and only the document is left."""
    episode = episode_or_404(request.user, pk)
    if waiting := waiting_for(episode):
        try:
            link = hand_over_consent(by=request.user, consent=waiting)
            return signing_visits.begin(request, link, back=reverse("care:consent", args=[pk]))
        except ValidationError as error:
            messages.error(request, error.messages[0])
    return redirect("care:consent", pk)


@for_roles(*AT_CLINIC)
def send_link(request: MemberRequest, pk: int) -> HttpResponse:
    """Explains, and makes: the address is shown in the answer that makes it, and never again."""
    episode = episode_or_404(request.user, pk)
    waiting = waiting_for(episode)
    if waiting is None:
        return redirect("care:consent", pk)
    made: dict = {}
    if request.method == "POST":
        mail = "mail" in request.POST
        try:
            token = make_consent_link(by=request.user, consent=waiting, mail=mail)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("care:consent", pk)
        made = {"address": address_of(TreatmentLink, token), "mailed": mail}
    context = {**banner(episode), **by_link(waiting), **made}
    return render(request, "care/consent_link.html", context)


@for_roles(*AT_CLINIC)
def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """On the client's word: from the next moment on no consent holds."""
    episode = episode_or_404(request.user, pk)
    held = current_consent(
        client_id=episode.client_id, clinic_id=episode.clinic_id, at=database_now()
    )
    if held is None:
        return redirect("care:consent", pk)
    form = WithdrawForm(posted(request))

    def withdraw_it():
        withdraw_consent(by=request.user, consent=held, **form.cleaned_data)

    if done(request, form, withdraw_it):
        messages.success(request, "Withdrawn. No consent to treatment holds from this moment on.")
        return redirect("care:consent", pk)
    context = {**banner(episode), "form": form, "consent": held}
    return render(request, "care/consent_withdraw.html", context)


@for_roles(*AT_CLINIC)
def copy(request: MemberRequest, pk: int, consent: int) -> HttpResponse:
    """The kept bytes, never made anew. POST makes the PDF where Pango was missing at signing."""
    episode = episode_or_404(request.user, pk)
    signed = get_object_or_404(consents_of(episode).signed(), pk=consent)
    if request.method == "POST":
        try:
            keep_missing_consent(by=request.user, consent=signed)
            messages.success(request, "The signed PDF is made and kept.")
        except ValidationError as error:
            messages.error(request, error.messages[0])
        return redirect("care:consent", pk)
    if kept := document_of(signed):
        return attached_pdf(bytes(kept.pdf), f"{signed.number}-signed.pdf")
    messages.error(request, "The signed PDF was not made yet. Make it from this page.")
    return redirect("care:consent", pk)
