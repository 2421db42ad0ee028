"""Signing on paper: the form to print, the scan with its transcript, the second administrator."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from consent.actions.paper import accept_paper, reject_paper, transcribe_paper
from consent.clock import database_now
from consent.documents.text import as_offered, paper_code, sections
from consent.enums import ReleaseState
from consent.forms.paper import Decision, ReleasePaperForm, VerifyForm
from consent.models import PaperCopy, Release
from consent.views.releases import administrator, find
from people.forms import apply_errors
from people.pdf import INSTALL_PANGO, attached_pdf, pdf_available, pdf_response
from people.requests import MemberRequest


@administrator
def paper(request: MemberRequest, pk: int) -> HttpResponse:
    """Print the form; when it is back, upload the scan and copy what stands on it."""
    release = find(request, pk)
    if _waiting(release):
        return redirect("consent:paper_verify", pk)
    if not _is_awaiting(release):
        return redirect("consent:detail", pk)
    form = ReleasePaperForm(request.POST or None, request.FILES or None, release=release)
    if request.method == "POST" and form.is_valid():
        try:
            transcribe_paper(by=request.user, release=release, transcript=form.transcript())
            messages.success(request, "Kept. A second administrator has to verify it.")
            return redirect("consent:paper_verify", pk)
        except ValidationError as error:
            apply_errors(form, error)
    rejected = release.papers.exclude(rejected_reason="").order_by("pk").last()
    context = {
        "release": release,
        "form": form,
        "rejected": rejected,
        "install_pango": "" if pdf_available() else INSTALL_PANGO,
    }
    return render(request, "consent/paper.html", context)


@administrator
def paper_form(request: MemberRequest, pk: int) -> HttpResponse:
    """The release to sign by hand: a box for each category, all of them empty."""
    release = find(request, pk)
    if not _is_awaiting(release):
        raise Http404
    if not pdf_available():
        messages.error(request, INSTALL_PANGO)
        return redirect("consent:paper", pk)
    context = {
        "release": release,
        "sections": sections(as_offered(release)),
        "code": paper_code(release),
    }
    return pdf_response(request, "consent/paper_form_pdf.html", context, f"{release.number}.pdf")


@administrator
def paper_verify(request: MemberRequest, pk: int) -> HttpResponse:
    release = find(request, pk)
    waiting = _waiting(release)
    if waiting is None:
        return redirect("consent:detail", pk)
    if waiting.transcribed_by_id == request.user.pk:
        return _verify_page(request, release, waiting, None)
    return _verify(request, release, waiting)


@reauthentication_required
def _verify(request: MemberRequest, release: Release, waiting: PaperCopy) -> HttpResponse:
    """Asks for the password first: it puts somebody's signature in force."""
    form = VerifyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["decision"] == Decision.ACCEPT:
                accept_paper(by=request.user, paper=waiting)
                messages.success(request, "Verified. The release is in force from this moment.")
                return redirect("consent:detail", release.pk)
            reject_paper(by=request.user, paper=waiting, reason=form.cleaned_data["reason"])
            messages.success(request, "Sent back. The release waits for a signature again.")
            return redirect("consent:paper", release.pk)
        except ValidationError as error:
            apply_errors(form, error)
    return _verify_page(request, release, waiting, form)


def _verify_page(
    request: MemberRequest, release: Release, waiting: PaperCopy, form: VerifyForm | None
) -> HttpResponse:
    context = {
        "release": release,
        "paper": waiting,
        "sections": sections(release),
        "form": form,
    }
    return render(request, "consent/paper_verify.html", context)


@administrator
def paper_scan(request: MemberRequest, pk: int) -> HttpResponse:
    """The newest scan of this release, to be saved and looked at."""
    newest = find(request, pk).papers.order_by("pk").last()
    if newest is None:
        raise Http404
    return attached_pdf(bytes(newest.pdf), f"{newest.release.number}-paper.pdf")


def _waiting(release: Release) -> PaperCopy | None:
    return (
        release.papers.filter(verified_at=None).select_related("transcribed_by", "release").first()
    )


def _is_awaiting(release: Release) -> bool:
    return release.state(database_now()) == ReleaseState.AWAITING
