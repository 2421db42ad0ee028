"""A whole day of one practice, watched by a therapist of another: not one byte reaches them.

Every field of the day holds an odd word of its own. After each step the other therapist opens all
that is theirs and looks for the client; in the end they ask for every address of the case. Their
answers, their mail, what they export and the log are searched for each of those words.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from referrals.actions.drafting import begin_referral, save_context, save_fields, submit_referral
from referrals.actions.triage import accept_referral
from referrals.enums import FIT_KINDS, Agreement, Answer, Collaboration
from referrals.models import Referral
from reminders.upkeep import keep_up
from tests.builder import Builder
from tests.factories import REASON, SENT, identity
from tests.policies import OURS
from tests.referrals.talking import say
from tests.releases import EVERYTHING
from tests.reminders import conferring
from tests.reminders.sending import round_of
from tests.sessions import coordinating
from tests.sessions.asking import enter
from tests.sessions.telling import tell
from tests.walk import CANARIES, TALK, World, words_of

PHONE, EMAIL = "555 0177 31", "zqmail@client.example"
WORDS = {*CANARIES, "Zqnotice", "Zqtold", PHONE, EMAIL, conferring.DECIDED}


def of_another(case: Builder, **changes) -> Referral:
    """A referral of somebody else's client by the stranger, in words of their own."""
    by, clinic = case.cast.stranger, case.cast.clinic
    who = identity(first_name="Ada", last_name="Brook", phone="555 0155", **changes)
    referral = begin_referral(by=by, clinic=clinic, form_key=uuid4(), identity=who)
    fields = {
        "reason": "Low mood for years",
        "collaboration": Collaboration.CLINIC_MEDICAL,
        "agreement": Agreement.TOGETHER,
        "agreed_on": timezone.localdate(),
    }
    referral = save_fields(by=by, referral=referral, version=referral.version, fields=fields)
    answers = {**dict.fromkeys(SENT, "Their own words"), **dict.fromkeys(FIT_KINDS, Answer.YES)}
    save_context(by=by, referral=referral, version=referral.version, answers=answers)
    return submit_referral(by=by, referral=referral)


def day_of(case: Builder) -> Iterator[Callable[[], object]]:
    """What the other practice and the clinic do, one step after the other."""
    cast = case.cast
    yield lambda: case.send(phone=PHONE, email=EMAIL)
    yield case.accept
    yield case.admit
    yield case.agree
    yield lambda: case.active(**EVERYTHING)
    yield case.treat
    for who, kind, about, words in TALK:
        by = cast.everybody()[who]
        yield lambda by=by, kind=kind, about=about, words=words: say(
            by, case.referral, kind, category=about, text=words
        )
    yield lambda: tell(case)
    yield lambda: coordinating.write_each_once(case)
    yield lambda: conferring.write_each_once(case)
    yield lambda: enter(case, score=20, item_9=2)
    yield lambda: case.integrate(timezone.now())
    yield lambda: case.revoke(case.active())


class Watcher:
    """The therapist of the other practice, with a case of their own."""

    def __init__(self, browser: Client, own: Referral):
        self.browser, self.own = browser, own
        self.met: list[tuple[str, str]] = []

    def glance(self) -> None:
        """What changes during a day, and a search for the client."""
        for name in ("worklist", "notifications", "unseen", "conferences"):
            self._get(reverse(f"reminders:{name}"))
        self._get(reverse("care:timeline", args=[self.own.pk]))
        self._search("Zqquillfeather")

    def look(self) -> None:
        """All that is theirs, and a search by every word one might try."""
        for name in ("home", "referrals:covers", "joining:practice", "people:clinics"):
            self._get(reverse(name))
        for name in ("referrals:new", "reminders:saved_views", "reminders:preferences"):
            self._get(reverse(name))
        for name in ("detail", "messages", "packet"):
            self._get(reverse(f"referrals:{name}", args=[self.own.pk]))
        for name in ("timeline_notes", "timeline_pdf", "coordination", "goals"):
            self._get(reverse(f"care:{name}", args=[self.own.pk]))
        for words in ("Zqquillfeather, Robin", "KC-000002", "14-Jul-1985", PHONE):
            self._search(words)

    def _search(self, words: str) -> None:
        found = self.browser.post(reverse("reminders:worklist"), {"words": words}, follow=True)
        # What they typed themselves is said back to them.
        self._note("search", found.content.decode().replace(words, ""))
        self.browser.post(reverse("reminders:worklist"), {"words": ""})

    def walk(self, world: World) -> None:
        """Every address of the case, by its true numbers; what is posted to them is walked in
        test_route_actions."""
        world.people["watcher"] = self.own.referrer
        world.browsers["watcher"] = self.browser
        for route in OURS:
            self._note(route.name, world.ask("watcher", route).text)

    def _get(self, url: str) -> None:
        answer = self.browser.get(url, follow=True)
        assert answer.status_code == 200, url
        self._note(url, str(answer.headers) + words_of(answer))

    def _note(self, where: str, text: str) -> None:
        text = text.lower()
        self.met += [(where, word) for word in WORDS if word.lower() in text]


@pytest.mark.pango
def test_a_day_of_one_practice_leaves_no_trace_at_another(case, signed_in, log):
    mail.outbox.clear()
    own = of_another(case)
    theirs = Builder(case.cast, case.cast.stranger)
    theirs.referral, theirs.client = own, own.client
    accept_referral(by=case.cast.coordinator, referral=own, text="Welcome")
    theirs.admit()
    theirs.plan(timezone.now() + timedelta(days=2))
    theirs.active(recipients=[case.cast.stranger], **EVERYTHING)
    watcher = Watcher(signed_in(case.cast.stranger), own)
    steps = 0
    for step in day_of(case):
        step()
        keep_up(timezone.now())
        round_of()
        watcher.glance()
        steps += 1
    assert steps == 16
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        watcher.browser = signed_in(case.cast.stranger)
        watcher.look()
        watcher.walk(World(case, "active"))
    round_of()
    assert watcher.met == []
    written = [each for each in mail.outbox if case.cast.stranger.email in each.to]
    for text in [log.getvalue(), *(each.message().as_string() for each in written)]:
        assert [word for word in WORDS if word.lower() in text.lower()] == []
    assert len(mail.outbox) > len(written)  # the others were written to meanwhile


def test_whoever_refers_a_client_of_another_practice_learns_nothing(full_case, signed_in):
    """What is answered about a client whom the clinic knows is, but for the name, what is answered
    about one whom it does not."""
    known = {"first_name": "Robin", "last_name": "Zqquillfeather"}
    unknown = {"first_name": "Rowan", "last_name": "Zzquillfeather"}
    browser = signed_in(full_case.cast.stranger)
    answers = []
    for who in (known, unknown):
        form = {**who, "date_of_birth": "14-Jul-1985", "phone": "555 0199", "safe_contact": "phone"}
        form |= {"form_key": str(uuid4()), "clinic": full_case.cast.clinic.pk}
        answers.append(_refer(browser, full_case, form))
    assert answers[0] == answers[1]
    assert len(answers[0]) > 8


def _refer(browser: Client, case: Builder, form: dict[str, str]) -> list[tuple[int, str]]:
    """The answers on the way from the empty form to a referral that was sent, without what differs
    between any two: name, numbers, keys."""
    begun = browser.post(reverse("referrals:new"), form)
    assert begun.status_code == 302, begun.content.decode()
    referral = Referral.objects.latest("pk")
    drafted = [reverse(f"referrals:{name}", args=[referral.pk]) for name in ("edit", "detail")]
    pages = [browser.get(url) for url in drafted]
    by = case.cast.stranger
    fields = {"reason": REASON, "collaboration": "clinic_medical", "agreement": "together"}
    fields["agreed_on"] = timezone.localdate()
    referral = save_fields(by=by, referral=referral, version=referral.version, fields=fields)
    answers = {**SENT, **dict.fromkeys(FIT_KINDS, Answer.YES)}
    save_context(by=by, referral=referral, version=referral.version, answers=answers)
    pages.append(browser.get(reverse("referrals:check", args=[referral.pk])))
    pages.append(browser.post(reverse("referrals:submit", args=[referral.pk])))
    for name in ("referrals:sent", "referrals:detail", "referrals:messages", "care:timeline"):
        pages.append(browser.get(reverse(name, args=[referral.pk])))
    pages.append(
        browser.post(reverse("reminders:worklist"), {"words": form["last_name"]}, follow=True)
    )
    return [(page.status_code, _same(page.content.decode(), form)) for page in pages]


def _same(text: str, form: dict[str, str]) -> str:
    for word in (form["first_name"], form["last_name"], form["last_name"].upper()):
        text = text.replace(word, "NAME")
    text = re.sub(r'(nonce|value|hx-headers|data-csrf)=(["\']).*?\2', r"\1", text)
    return re.sub(r"\d+", "0", text)
