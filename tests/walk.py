"""One case, its people with their browsers, and what each of them may meet in a page."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from uuid import uuid4

from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from consent.enums import OUT_CATEGORIES
from consent.enums import Category as C
from consent.models import Disclosure, Release, TreatmentConsent
from people.enums import OrganizationKind, Role
from people.models import User
from referrals.enums import ContextKind
from referrals.models import ClinicReply, ContextItem, Message, MessagePdf
from reminders.actions.saved_views import save_view
from reminders.conferences.people import outside_readers
from sessions.enums.outcomes import SCORED
from sessions.models import ContinuityNote, NoteSection
from sessions.models.psychotherapy import PsychotherapyNote
from tests.addresses import address_of
from tests.builder import Builder
from tests.consent.oracle import Someone, Thing, may_read, paper_of
from tests.consent.scans import scan
from tests.factories import (
    CLINIC,
    CLINIC_SENSITIVE,
    INTERNAL,
    LAST_NAME,
    OWN_NOTE,
    PASSWORD,
    REASON,
    SENT,
    make_organization,
    make_user,
)
from tests.people import joining
from tests.people.credentials import licence
from tests.people.profiles import publish_profile
from tests.referrals.covers import agreed
from tests.referrals.talking import say
from tests.releases import EVERYTHING, NARROW_OUT
from tests.reminders import conferring
from tests.routes import Route
from tests.sessions import booking
from tests.sessions.coordinating import begin_goal, propose
from tests.sessions.telling import tell
from tests.stock import stocked

CANARIES = {*CLINIC.values(), *SENT.values(), CLINIC_SENSITIVE, INTERNAL, REASON, LAST_NAME}
NUMBER = "Zqlicencenumber"  # of the nurse's licence
CANARIES |= {NUMBER}
CANARIES.add(OWN_NOTE)
# What the two houses write to each other: (who, which template, what about, the words).
TALK = (
    ("therapist", "question", "history", "Zqtalkhistory"),
    ("therapist", "scheduling", "schedule", "Zqtalkvisits"),
    ("nurse", "aftercare", "schedule", "Zqtalkaftercare"),
    ("nurse", "question", "safety", "Zqtalksafety"),
)
NOTICE = "Zqnoticewords"  # what the therapist tells in an emergency
CANARIES |= {words for *_, words in TALK} | {NOTICE}
# A title stands in the list of tabs and in the history of whoever shares the machine.
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
NOT_IN_TITLES = [LAST_NAME, "ketamine", *(instrument.label for instrument in SCORED)]
STAFF = {"coordinator", "prescriber", "nurse", "kaptherapist"}
MIRRORED = {"unsigned", "future", "active", "expired", "revoked"}


@dataclass(frozen=True)
class Answer:
    """What came back: the status, every word of it, and how many disclosures were recorded."""

    status: int
    text: str
    disclosures: int

    def canaries(self) -> set[str]:
        text = self.text.lower()
        return {canary for canary in CANARIES if canary.lower() in text}

    def told_in_title(self) -> str:
        """What its title says of a client, a drug or a questionnaire; empty for nothing."""
        titles = " ".join(TITLE.findall(self.text)).lower()
        return next((word for word in NOT_IN_TITLES if word.lower() in titles), "")


class World:
    """A whole case with a release of the therapist's in `state`, and a narrower one like it."""

    def __init__(self, case: Builder, state: str):
        self.case, cast = case, case.cast
        case.integrate(timezone.now())
        case.make_release(state)
        if state in MIRRORED:
            case.make_release(state, recipients=[cast.physician], out_categories=NARROW_OUT)
        for who, kind, about, words in TALK:
            by, pdf = self.case.cast.everybody()[who], scan()
            said = say(by, case.referral, kind, category=about, text=words, pdf=pdf)
        self.said, self.notice = said, tell(case, what=NOTICE)
        self.lapsed = case.make_release("expired", recipients=[cast.lapsed], **EVERYTHING)
        self.recipient = self.lapsed.recipients.get()
        said = {"safety_protocol": CLINIC[C.INTEGRATION], "remark": CLINIC[C.INTEGRATION]}
        self.plan = propose(case, **said)
        self.goal = begin_goal(case, text=SENT[ContextKind.GOALS])
        self.session = case.log_session(timezone.now())
        self.room = booking.room(case)
        self.appointment = booking.book(case, room=self.room)
        self.conference = conferring.began(case)
        self.on_agenda = conferring.add(case, self.conference, why=CLINIC[C.INTEGRATION])
        said = {"text": CLINIC[C.INTEGRATION], "owner": self._owner(case)}
        self.decision = conferring.decide(case, self.on_agenda, **said)
        self.vial, self.drawn, self.discrepancy = stocked(cast, case.dosing)
        self.adverse = case.dosing.adverse_events.get()
        self.signed = ContinuityNote.objects.filter(signed_at__isnull=False).earliest("pk")
        self.own = PsychotherapyNote.objects.of_author(cast.kaptherapist).get()
        elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
        self._paths: dict[Route, str] = {}
        self.people: dict[str, User] = {
            **cast.everybody(),
            "elsewhere prescriber": make_user("Ed Elsewhere", Role.PRESCRIBER, elsewhere),
            "elsewhere administrator": make_user("Al Elsewhere", Role.ADMINISTRATOR, elsewhere),
        }
        publish_profile(cast.administrator)
        self.licence = licence(cast.nurse, cast.clinic.today, number=NUMBER)
        joining.everything(cast)
        self.view = save_view(by=cast.therapist, form_key=uuid4(), name="Zqview", mine=True)
        self.cover = agreed(self.people["stranger"], self.people["superuser"])
        self.papers = [paper_of(release) for release in Release.objects.with_parts()]
        self.now = timezone.now()
        self.consent = TreatmentConsent.objects.signed().first()
        self.items = [item for model in ITEMS for item in model.unscoped.exclude(text="")]
        self.pdf = MessagePdf.unscoped.get(message=self.said)
        self.readers = {name for name in self.people if self._opens_something(name)}
        self.permitted = {name: self._permitted(name) for name in self.people}
        for name in ("nurse", "prescriber", "administrator"):
            self.permitted[name].add(NUMBER)

    # ------------------------------------------------------------ who may read what
    def may(self, name: str, thing: Thing) -> bool:
        membership = self.people[name].membership
        assert membership is not None
        who = Someone(self.people[name].pk, membership.role, membership.organization_id)
        return may_read(who, thing, self.papers, self.now)

    def opens(self, name: str, category: str) -> bool:
        clinic = self.case.cast.clinic.pk
        return self.may(name, Thing(self.case.client.pk, category, frozenset(), clinic, self.now))

    def _owner(self, case: Builder) -> User:
        """Of the decision: the therapist, where a release lets them read it."""
        mine = any(each.user_id == case.referrer.pk for each in outside_readers(self.on_agenda))
        return case.referrer if mine else case.cast.nurse

    def _opens_something(self, name: str) -> bool:
        """Whether a release in force opens anything of the clinic's to somebody outside it."""
        inside = self.people[name].membership.organization_id == self.case.cast.clinic.pk
        return not inside and any(self.opens(name, category) for category in OUT_CATEGORIES)

    def met(self, category: str) -> set[str]:
        """Those outside the clinic to whom a release opens this category."""
        return {name for name in self.readers if self.opens(name, category)}

    def texts(self, name: str, *models) -> set[str]:
        """The words of these kinds of items that this person may read."""
        return {
            item.text
            for item in self.items
            if isinstance(item, models) and self.may(name, _thing(item))
        }

    @property
    def may_take_pdf(self) -> set[str]:
        """Who may have the attachment of the message whose address is walked."""
        return {name for name in self.people if self.may(name, _thing(self.pdf))}

    def _permitted(self, name: str) -> set[str]:
        """Every canary that may stand in a page of this person's."""
        if name in STAFF:
            return {INTERNAL, REASON, LAST_NAME, NOTICE, *self.texts(name, *ITEMS)}
        if name == "administrator":
            return {LAST_NAME}
        if name == "therapist" or (name == "colleague" and name in self.readers):
            return {REASON, LAST_NAME, NOTICE, *self.texts(name, *ITEMS)}
        return {LAST_NAME, *self.texts(name, *ITEMS)} if name in self.readers else set()

    # ------------------------------------------------------------ asking
    @cached_property
    def browsers(self) -> dict[str, Client]:
        signed_in = {name: _signed_in(user) for name, user in self.people.items()}
        return {**signed_in, "anonymous": Client()}

    def path(self, route: Route) -> str:
        if route not in self._paths:
            self._paths[route] = address_of(self, route)
        return self._paths[route]

    def ask(self, name: str, route: Route, method: str = "get") -> Answer:
        """Open an address and take back whatever that wrote."""
        with taken_back():
            before, browser = Disclosure.objects.count(), self.browsers[name]
            cookies = copy(browser.cookies)  # some actions sign out
            response = getattr(browser, method)(self.path(route))
            browser.cookies = cookies
            text = words_of(response) + str(response.headers)
            return Answer(response.status_code, text, Disclosure.objects.count() - before)


ITEMS = (NoteSection, ClinicReply, ContextItem, Message)


def _thing(item) -> Thing:
    sensitivities = frozenset(item.sensitivities)
    author = item.author_organization_id
    return Thing(item.client_id, item.category, sensitivities, author, item.occurred_at)


def _signed_in(user: User) -> Client:
    """A browser whose user has just given the password, and once more for dangerous acts."""
    browser = Client()
    for page in ("account_login", "account_reauthenticate"):
        response = browser.post(reverse(page), {"login": user.email, "password": PASSWORD})
        assert response.status_code == 302
    return browser


def words_of(response) -> str:
    if response.headers.get("Content-Type") == "application/pdf":
        pages = PdfReader(io.BytesIO(response.content)).pages
        return "\n".join(page.extract_text() for page in pages)
    return response.content.decode()


@contextmanager
def taken_back() -> Iterator[None]:
    """Undo what happens inside. Marked as the test's own transaction, as Django's TestCase does,
    so that `durable` inside it still means: no transaction of ours around."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)
