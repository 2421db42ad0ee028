"""One release: a new one, where it stands and what was signed, sending it, withdrawing it."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from consent.actions.documents import keep_missing_document
from consent.actions.drafting import draft_release, send_for_signature
from consent.actions.ending import revoke_release
from consent.clock import database_now
from consent.documents.elements import missing_elements
from consent.documents.history import history
from consent.documents.kept import as_signed, damage
from consent.documents.text import sections
from consent.enums import ReleaseState
from consent.forms.drafting import NewReleaseForm
from consent.forms.ending import RevokeForm
from consent.home.rows import TAGS, ends_in_words
from consent.models import Release, SignedDocument
from consent.views.answers import refused
from people.enums import Role
from people.forms import apply_errors
from people.pdf import INSTALL_PANGO, attached_pdf, pdf_available
from people.policy import for_roles
from people.requests import MemberRequest

administrator = for_roles(Role.ADMINISTRATOR)
REVOCABLE = (ReleaseState.ACTIVE, ReleaseState.FUTURE)
UNANSWERED = (ReleaseState.DRAFT, ReleaseState.AWAITING)


def find(request: MemberRequest, pk: int) -> Release:
    """A release of the administrator's own clinic, or 404."""
    releases = Release.objects.of_clinic(request.membership.organization_id)
    beside = ("client", "organization", "presented_by", "wording", "supersedes", "revoked_by")
    return get_object_or_404(releases.select_related(*beside).with_parts(), pk=pk)


@administrator
def new(request: MemberRequest) -> HttpResponse:
    organization = request.membership.organization
    form = NewReleaseForm(request.POST or None, organization=organization)
    if request.method == "POST" and form.is_valid():
        try:
            release = draft_release(by=request.user, **form.cleaned_data)
            return redirect("consent:builder", release.pk)
        except ValidationError as error:
            apply_errors(form, error)
    return render(request, "consent/new.html", {"form": form})


@administrator
def detail(request: MemberRequest, pk: int) -> HttpResponse:
    """One release: where it stands, what was signed and whether it is whole, what comes next."""
    release = find(request, pk)
    at = database_now()
    state = release.state(at)
    context = as_signed(release) | {
        "release": release,
        "state": state,
        "tag": TAGS.get(state, "plain"),
        "ends": ends_in_words(release) if state in REVOCABLE else "",
        "receiving": [r for r in release.recipients.all() if not r.revoked_at],
        "renewal": release.renewals.open().first(),
        "successor": release.renewals.signed().first(),
        "paper": release.papers.defer("pdf").filter(verified_at=None).first(),
        "missing": missing_elements(release) if state in UNANSWERED else [],
        "sections": sections(release),
        "damage": damage(release),
        "document": SignedDocument.objects.filter(release=release).defer("pdf").first(),
        "receipts": release.receipts.all(),
        "history": history(release, {r.pk: str(r) for r in release.recipients.all()}),
        "pdf_available": pdf_available(),
        "install_pango": INSTALL_PANGO,
    }
    return render(request, "consent/detail.html", context)


@administrator
def signed_pdf(request: MemberRequest, pk: int) -> HttpResponse:
    """The kept bytes, never made anew. POST makes the PDF where Pango was missing at signing."""
    release = find(request, pk)
    if request.method == "POST":
        try:
            keep_missing_document(by=request.user, release=release)
            messages.success(request, "The signed PDF is made and kept.")
        except ValidationError as error:
            return refused(request, pk, error)
        return redirect("consent:detail", pk)
    document = get_object_or_404(SignedDocument, release=release)
    return attached_pdf(bytes(document.pdf), f"{release.number}-signed.pdf")


@administrator
@require_POST
def send(request: MemberRequest, pk: int) -> HttpResponse:
    """Ready for the client: refused, with each missing element named, until it is whole."""
    release = find(request, pk)
    try:
        send_for_signature(by=request.user, release=release)
        messages.success(request, "Ready to sign. Choose how.")
    except ValidationError as error:
        return refused(request, pk, error)
    return redirect("consent:detail", pk)


@administrator
def revoke(request: MemberRequest, pk: int) -> HttpResponse:
    return _revoke(request, find(request, pk))


@reauthentication_required
def _revoke(request: MemberRequest, release: Release) -> HttpResponse:
    """Asks for the password first: withdrawing for somebody is a dangerous act."""
    now = database_now()
    if release.state(now) not in REVOCABLE:
        return redirect("consent:detail", release.pk)
    initial = {"recipient": request.GET.get("recipient")}
    form = RevokeForm(request.POST or None, release=release, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            revoke_release(by=request.user, release=release, **form.cleaned_data)
            messages.success(request, form.done())
            return redirect("consent:detail", release.pk)
        except ValidationError as error:
            apply_errors(form, error)
    beside = Release.objects.beside(release, now).with_parts()
    context = {"release": release, "form": form, "beside": beside}
    return render(request, "consent/revoke.html", context)
