"""See it as the recipient."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from consent.actions.looking import note_preview
from consent.clock import database_now
from consent.home.rows import TAGS
from consent.preview import MOST, preview
from consent.views.releases import UNANSWERED, administrator, find
from people.requests import MemberRequest


@administrator
def as_recipient(request: MemberRequest, pk: int, recipient_pk: int) -> HttpResponse:
    """What one recipient could read: sections and dates, never a word of them."""
    release = find(request, pk)
    named = {each.pk: each for each in release.recipients.all()}
    if recipient_pk not in named:
        raise Http404
    recipient = named[recipient_pk]
    state = release.state(database_now())
    # Looking leaves its trace, as reading does in the ledger: the one thing that a GET here writes.
    note_preview(by=request.user, release=release, recipient=recipient)
    context = {
        "release": release,
        "state": state,
        "tag": TAGS.get(state, "plain"),
        "ahead": state in UNANSWERED,
        "recipients": named.values(),
        "seen": preview(release, recipient),
        "most": MOST,
    }
    return render(request, "consent/as_recipient.html", context)
