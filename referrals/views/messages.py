"""The thread of a referral: reading it, writing in it, looking once more, sending.

Both houses have the same pages. What one wrote the other reads while a release opens it; a page
never tells of anything else. Whoever is of neither house finds no thread.
"""

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from consent.emergencies import open_now
from consent.scope import scopes_of
from people.enums import CLINICAL_ROLES
from people.pdf import attached_pdf
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from referrals.actions.messages import discard_draft, keep_draft, send_message
from referrals.enums import BEGUN_BY, MessageKind, Side
from referrals.forms.messages import ComposeForm, SendForm
from referrals.messages import choices_of_category, facts_of, problems_of, side_of, unsent
from referrals.messaging import lines, other_side, read_message, read_pdf, read_thread
from referrals.models import Message, MessageDraft, Referral
from referrals.permissions import check_user_can_write

talking = for_roles(*CLINICAL_ROLES)


def thread_or_404(request: MemberRequest, pk: int) -> tuple[Referral, Side]:
    """A referral that was sent, of a case that is open to this person, and their side of it."""
    rows = Referral.objects.open_to(request.user).sent()
    related = ("client", "clinic", "practice", "referrer", "episode")
    referral = get_object_or_404(rows.select_related(*related), pk=pk)
    side = side_of(request.user, referral)
    if side is None:
        raise Http404
    return referral, side


def _writing_or_404(request: MemberRequest, pk: int) -> tuple[Referral, Side]:
    referral, side = thread_or_404(request, pk)
    if not allowed(check_user_can_write, request.user, referral):
        raise Http404
    return referral, side


def _draft(request: MemberRequest, referral: Referral) -> MessageDraft | None:
    return MessageDraft.objects.of_writer(request.user).filter(referral=referral).first()


@talking
def thread(request: MemberRequest, pk: int) -> HttpResponse:
    """What is new to the reader first, then the rest; each part the oldest first."""
    referral, side = thread_or_404(request, pk)
    found = read_thread(request.user, referral)
    shown = lines(request.user, referral, found, side)
    writes = allowed(check_user_can_write, request.user, referral)
    context = {
        **_about(referral, side),
        "new": [line for line in shown if line.new],
        "earlier": [line for line in shown if not line.new],
        "writes": writes,
        "kinds": BEGUN_BY[side],
        "draft": _draft(request, referral) if writes else None,
        "scopes": scopes_of(found.access, referral.client_id),
        "emergencies": open_now(found.access),
    }
    return render(request, "referrals/messages.html", context)


def _about(referral: Referral, side: Side) -> dict[str, Any]:
    """What each page of the thread shows above what it is for."""
    inside = side == Side.CLINIC
    return {
        "referral": referral,
        "client": referral.client,
        "inside": inside,
        "other_house": referral.practice if inside else referral.clinic,
        "episode": getattr(referral, "episode", None) if inside else None,
    }


@talking
def write(request: MemberRequest, pk: int, kind: str) -> HttpResponse:
    """One template. What is typed is kept as a draft, and looked at once more before it is sent."""
    referral, side = _writing_or_404(request, pk)
    template = _template(kind, side)
    draft = _draft(request, referral)
    sending = request.POST.get("then") != "keep"
    form = ComposeForm(
        posted(request),
        kind=template,
        side=side,
        whole=sending,
        initial=_initial(request, template, draft),
    )
    answered = _answered(request, referral, form)

    def keep() -> None:
        keep_draft(
            by=request.user,
            referral=referral,
            version=form.cleaned_data["version"] or 0,
            content=form.content(),
        )

    if done(request, form, keep):
        if sending:
            return redirect("referrals:check_message", referral.pk)
        messages.success(request, "Kept, and not sent. Only you see it.")
        return redirect("referrals:messages", referral.pk)
    others = other_side(referral, side)
    changed = draft if form.has_error("__all__", "changed") else None
    context = {
        **_about(referral, side),
        "form": form,
        "kind": template,
        "version": changed.version if changed else form["version"].value(),
        "changed": changed and unsent(referral, side, facts_of(side, changed.content), others.at),
        "answered": answered,
        "open": others.open_categories(choices_of_category(side, template)),
        "fixed": len(choices_of_category(side, template)) == 1,
        "replaces": draft if draft and draft.kind != template else None,
    }
    return render(request, "referrals/write_message.html", context)


def _template(kind: str, side: Side) -> MessageKind:
    if kind not in (*BEGUN_BY[side], MessageKind.ANSWER):
        raise Http404
    return MessageKind(kind)


def _initial(
    request: MemberRequest, kind: MessageKind, draft: MessageDraft | None
) -> dict[str, Any]:
    """What is kept of this template; for a new one, nothing but what it answers."""
    to = request.GET.get("to", "")
    version = draft.version if draft else 0
    if draft and draft.kind == kind and to in ("", str(draft.content["answers"])):
        return {**draft.content, "version": version}
    return {"version": version, "answers": to}


def _answered(request: MemberRequest, referral: Referral, form: ComposeForm) -> Message | None:
    """The message that is answered; an answer to nothing that its writer may read is no page."""
    if form.kind != MessageKind.ANSWER:
        return None
    given = str(form["answers"].value() or "")
    found = read_message(request.user, referral, int(given)) if given.isdecimal() else None
    if found is None:
        raise Http404
    form.initial.setdefault("category", found.category)
    return found


@talking
def check_message(request: MemberRequest, pk: int) -> HttpResponse:
    """The draft as it will be sent, and by whom it can be read now."""
    referral, side = _writing_or_404(request, pk)
    draft = _draft(request, referral)
    if draft is None and request.method != "POST":
        return redirect("referrals:messages", referral.pk)
    if draft and problems_of(side, draft.content):
        return redirect("referrals:write_message", referral.pk, draft.kind)
    form = SendForm(posted(request), request.FILES or None, initial={"version": _version(draft)})
    others = other_side(referral, side)
    if done(request, form, lambda: _send(request, referral, form)):
        messages.success(request, "Sent.")
        return redirect("referrals:messages", referral.pk)
    if draft is None:
        messages.info(request, "This message was sent or put away already.")
        return redirect("referrals:messages", referral.pk)
    message = unsent(referral, side, facts_of(side, draft.content), others.at)
    context = {
        **_about(referral, side),
        "form": form,
        "draft": draft,
        "message": message,
        "readers": others.readers_of(message),
    }
    return render(request, "referrals/check_message.html", context)


def _version(draft: MessageDraft | None) -> int:
    return draft.version if draft else 0


def _send(request: MemberRequest, referral: Referral, form: Form) -> None:
    send_message(by=request.user, referral=referral, **form.cleaned_data)


@talking
@require_POST
def discard_message(request: MemberRequest, pk: int) -> HttpResponse:
    referral, _ = _writing_or_404(request, pk)
    discard_draft(by=request.user, referral=referral)
    messages.success(request, "Put away. Nothing was sent.")
    return redirect("referrals:messages", referral.pk)


@talking
def message_pdf(request: MemberRequest, pk: int, message: int) -> HttpResponse:
    """The attachment, to be saved; it follows the release of its message."""
    referral, _ = thread_or_404(request, pk)
    found = read_pdf(request.user, referral, message)
    if found is None:
        raise Http404
    return attached_pdf(bytes(found.pdf), f"message-{message}.pdf")
