"""Documents from elsewhere, and questions to colleagues."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from people.pdf import attached_pdf
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions import evidence as actions
from sessions.forms.evidence import (
    ConsultAnswerForm,
    ConsultForm,
    DocumentErrorForm,
    DocumentForm,
)
from sessions.models import CareDocument, Consult, EpisodeOfCare
from sessions.permissions import check_user_can_treat
from sessions.views.common import AT_CLINIC, TREATING, banner, episode_or_404


@for_roles(*AT_CLINIC)
def documents(request: MemberRequest, pk: int) -> HttpResponse:
    episode = episode_or_404(request.user, pk)
    form = DocumentForm(posted(request), request.FILES or None)

    def keep():
        actions.keep_document(by=request.user, episode=episode, **form.cleaned_data)

    if done(request, form, keep):
        messages.success(request, "Kept.")
        return redirect("care:documents", episode.pk)
    rows = episode.caredocuments.defer("pdf").select_related("recorded_by", "error__recorded_by")
    context = {**banner(episode), "form": form, "rows": rows}
    return render(request, "care/documents.html", context)


@for_roles(*AT_CLINIC)
@require_POST
def take_document(request: MemberRequest, pk: int) -> HttpResponse:
    """The PDF, to be saved; that it was taken is recorded."""
    document = _document_or_404(request, pk)
    try:
        pdf = actions.take_document(by=request.user, document=document)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("care:documents", document.episode_id)
    return attached_pdf(pdf, f"document-{document.pk}.pdf")


@for_roles(*AT_CLINIC)
def document_in_error(request: MemberRequest, pk: int) -> HttpResponse:
    document = _document_or_404(request, pk)
    if hasattr(document, "error"):
        raise Http404
    form = DocumentErrorForm(posted(request))

    def mark():
        actions.document_in_error(by=request.user, document=document, **form.cleaned_data)

    if done(request, form, mark):
        return redirect("care:documents", document.episode_id)
    context = {
        **banner(document.episode),
        "form": form,
        "title": "Entered in error",
        "text": f"{document.get_kind_display()}, {document.title}: it stays, crossed out.",
        "action": "Mark it",
    }
    return render(request, "care/form.html", context)


@for_roles(*AT_CLINIC)
def consults(request: MemberRequest, pk: int) -> HttpResponse:
    """What was asked and answered; those who treat ask."""
    episode = episode_or_404(request.user, pk)
    treating = allowed(check_user_can_treat, request.user, episode)
    if request.method == "POST" and not treating:
        raise Http404
    form = ConsultForm(posted(request))

    def ask():
        content = dict(form.cleaned_data)
        key = content.pop("form_key")
        actions.ask_consult(by=request.user, episode=episode, form_key=key, content=content)

    if done(request, form, ask):
        return redirect("care:consults", episode.pk)
    rows = episode.consults.select_related("recorded_by", "answer__recorded_by")
    rows = rows.order_by(F("answer").asc(nulls_first=True), "-urgent", "-recorded_at", "-pk")
    context = {**banner(episode), "form": form, "rows": rows, "treating": treating}
    return render(request, "care/consults.html", context)


@for_roles(*TREATING)
def answer_consult(request: MemberRequest, pk: int) -> HttpResponse:
    episodes = EpisodeOfCare.objects.at_clinic_of(request.user)
    consult = get_object_or_404(Consult, pk=pk, episode__in=episodes)
    if hasattr(consult, "answer"):
        raise Http404
    episode = episode_or_404(request.user, consult.episode_id)
    form = ConsultAnswerForm(posted(request), initial={"answered_on": episode.clinic.today})

    def answer():
        actions.answer_consult(by=request.user, consult=consult, **form.cleaned_data)

    if done(request, form, answer):
        return redirect("care:consults", episode.pk)
    context = {
        **banner(episode),
        "form": form,
        "title": "Answer to a consult",
        "text": f"Asked of {consult.of_whom}: {consult.question}",
        "action": "Save the answer",
    }
    return render(request, "care/form.html", context)


def _document_or_404(request: MemberRequest, pk: int) -> CareDocument:
    episodes = EpisodeOfCare.objects.at_clinic_of(request.user)
    rows = CareDocument.objects.select_related("episode__client", "episode__clinic", "error")
    return get_object_or_404(rows, pk=pk, episode__in=episodes)
