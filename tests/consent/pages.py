"""Pages as the client and the administrator meet them: opening, reading, looking."""

from django.db.models import Q
from django.test import Client
from django.urls import reverse

from consent.access import Reader
from consent.actions.links import make_client_link
from consent.disclosure import disclose
from consent.enums import Channel
from consent.models import ClientLink
from people.models import User
from sessions.models import NoteSection
from tests.builder import Builder
from tests.factories import CLINIC, CLINIC_SENSITIVE, INTERNAL, REASON, SENT

# What stands in no page of an administrator or a client.
BODIES = [*CLINIC.values(), *SENT.values(), CLINIC_SENSITIVE, INTERNAL, REASON]


def url(name: str, *args) -> str:
    return reverse(f"consent:{name}", args=args)


def shown(answer) -> str:
    """Every word of a page, in which no body ever stands."""
    text = answer.content.decode()
    assert not [words for words in BODIES if words in text]
    return text


def main(answer) -> str:
    """What stands in the page itself, on one line."""
    return " ".join(shown(answer).split("<main")[1].split("</main>")[0].split())


def token_of(case: Builder) -> str:
    """The token of a new link to the client's own page."""
    return make_client_link(by=case.cast.administrator, client=case.client)


def link_of(case: Builder) -> ClientLink:
    """The newest link."""
    return ClientLink.objects.filter(client=case.client).latest("pk")


def knock(browser: Client, token: str, born: str = "14-Jul-1985"):
    """Open the client's page with a date of birth."""
    return browser.post(url("my_open", token), {"date_of_birth": born})


def visitor(case: Builder) -> Client:
    """The client's browser, with their own page open."""
    browser = Client()
    assert knock(browser, token_of(case)).status_code == 302
    return browser


def look(case: Builder, user: User | None = None, channel: Channel = Channel.PAGE) -> list:
    """What `user`, or the referrer, reads of the clinic's notes: it stands in the ledger."""
    found = disclose(
        to=Reader.of(user or case.referrer),
        about=[case.client.pk],
        kinds={NoteSection: Q()},
        channel=channel,
    )
    return found.of(NoteSection)
