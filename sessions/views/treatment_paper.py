"""A consent to treatment on paper: the form to print, the scan, the second member of the staff."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from consent.actions.treatment_paper import accept_consent, reject_consent, transcribe_consent
from consent.forms.paper import Decision, PaperForm, VerifyForm
from consent.models import TreatmentPaper
from consent.treatment.text import paper_code, sections
from people.forms import apply_errors
from people.pdf import INSTALL_PANGO, attached_pdf, pdf_available, pdf_response
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.models import EpisodeOfCare
from sessions.views.common import AT_CLINIC, banner, episode_or_404
from sessions.views.treatment_consent import consents_of, waiting_for


@for_roles(*AT_CLINIC)
def paper(request: MemberRequest, pk: int) -> HttpResponse:
    """Print the form; when it is back, upload the scan and copy what stands on it."""
    episode = episode_or_404(request.user, pk)
    waiting = waiting_for(episode)
    if waiting is None:
        return redirect("care:consent", pk)
    if _transcribed(episode):
        return redirect("care:consent_verify", pk)
    form = PaperForm(posted(request), request.FILES or None, signed=waiting)

    def transcribe():
        transcribe_consent(by=request.user, consent=waiting, transcript=form.transcript())

    if done(request, form, transcribe):
        messages.success(request, "Kept. A second member of the staff has to verify it.")
        return redirect("care:consent_verify", pk)
    context = {
        **banner(episode),
        "consent": waiting,
        "form": form,
        "rejected": waiting.papers.exclude(rejected_reason="").order_by("pk").last(),
        "install_pango": "" if pdf_available() else INSTALL_PANGO,
    }
    return render(request, "care/consent_paper.html", context)


@for_roles(*AT_CLINIC)
def paper_form(request: MemberRequest, pk: int) -> HttpResponse:
    """The consent to sign by hand."""
    waiting = waiting_for(episode_or_404(request.user, pk))
    if waiting is None:
        raise Http404
    if not pdf_available():
        messages.error(request, INSTALL_PANGO)
        return redirect("care:consent_paper", pk)
    context = {"signed": waiting, "sections": sections(waiting), "code": paper_code(waiting)}
    return pdf_response(request, "care/consent_form_pdf.html", context, f"{waiting.number}.pdf")


@for_roles(*AT_CLINIC)
def paper_verify(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    transcribed = _transcribed(episode)
    if transcribed is None:
        return redirect("care:consent", pk)
    if transcribed.transcribed_by_id == request.user.pk:
        return _page(request, episode, transcribed, None)
    return _verify(request, episode, transcribed)


@reauthentication_required
def _verify(
    request: MemberRequest, episode: EpisodeOfCare, transcribed: TreatmentPaper
) -> HttpResponse:
    """Asks for the password first: it puts somebody's signature in force."""
    form = VerifyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["decision"] == Decision.ACCEPT:
                accept_consent(by=request.user, paper=transcribed)
                messages.success(request, "Verified. The consent is in force from this moment.")
                return redirect("care:consent", episode.pk)
            reason = form.cleaned_data["reason"]
            reject_consent(by=request.user, paper=transcribed, reason=reason)
            messages.success(request, "Sent back. The consent waits for a signature again.")
            return redirect("care:consent_paper", episode.pk)
        except ValidationError as error:
            apply_errors(form, error)
    return _page(request, episode, transcribed, form)


def _page(
    request: MemberRequest,
    episode: EpisodeOfCare,
    transcribed: TreatmentPaper,
    form: VerifyForm | None,
) -> HttpResponse:
    context = {
        **banner(episode),
        "paper": transcribed,
        "consent": transcribed.consent,
        "sections": sections(transcribed.consent),
        "form": form,
    }
    return render(request, "care/consent_verify.html", context)


@for_roles(*AT_CLINIC)
def paper_scan(request: MemberRequest, pk: int, consent: int) -> HttpResponse:
    """The newest scan of one consent, to be saved and looked at."""
    signed = get_object_or_404(consents_of(episode_or_404(request.user, pk)), pk=consent)
    newest = signed.papers.order_by("pk").last()
    if newest is None:
        raise Http404
    return attached_pdf(bytes(newest.pdf), f"{signed.number}-paper.pdf")


def _transcribed(episode: EpisodeOfCare) -> TreatmentPaper | None:
    """The paper that waits for a second person."""
    waiting = TreatmentPaper.objects.filter(consent__in=consents_of(episode), verified_at=None)
    return waiting.select_related(
        "transcribed_by", "consent__client", "consent__organization", "consent__wording"
    ).first()
