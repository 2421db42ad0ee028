"""The life of releases, in any order: after each step everybody reads what the oracle says.

The machine drafts, edits, signs (all or in part), discards, renews, withdraws whole or for one
recipient, ends the treatment, opens and gives back emergencies, and lets time pass; it keeps its
own papers, from the words of the domain, and never looks at what the actions wrote.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import Q
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
)
from hypothesis.stateful import run_state_machine_as_test as run

from consent.access import Access, Reader
from consent.actions import drafting, ending
from consent.actions.emergency import close_emergency, open_emergency
from consent.clock import database_now
from consent.disclosure import disclose
from consent.enums import Channel, Ending
from consent.models import Disclosure
from referrals.models import ClinicReply, ContextItem
from tests.consent.lives import EVERYBODY, IN, OUT, Desk
from tests.consent.oracle import Call, Someone, may_read
from tests.consent.test_queryset import thing_of
from tests.selection import POSTGRES

KINDS = {ClinicReply: Q(), ContextItem: Q()}
READERS = ["therapist", "colleague", "stranger", "physician", "prescriber", "administrator"]
# A second engine checks the same rule on fewer lives: PostgreSQL answers each query later.
LIVES = 5 if POSTGRES else 15

subsets = st.sets(st.sampled_from([*OUT, *IN]), min_size=1)
spans = st.sampled_from([timedelta(hours=1), timedelta(days=3), timedelta(days=20)])


class Life(Desk):
    """What can happen, and what must hold after it."""

    # ------------------------------------------------------------ what can happen
    @rule(span=spans)
    def time_passes(self, span):
        self.now += span
        self._set_clock()

    @initialize(days=st.sampled_from([None, 30]))
    def one_that_opens_all_to_all(self, days):
        self._draft(EVERYBODY, {*OUT, *IN}, days, True)
        self._sign(*self.papers, {*OUT, *IN})

    @rule(
        who=st.sets(st.sampled_from(EVERYBODY), min_size=2),
        categories=subsets,
        days=st.sampled_from([None, 2, 30]),
        sensitive=st.booleans(),
        ticked=subsets,
        at_once=st.sampled_from([True, True, True, False]),
    )
    def draft(self, who, categories, days, sensitive, ticked, at_once):
        """Drafted, and mostly signed at the same visit."""
        self._draft(who, categories, days, sensitive)
        if at_once:
            self._sign(max(self.papers), ticked)

    def _one(self, data, *, signed: bool):
        keys = [pk for pk, paper in self.papers.items() if bool(paper.signed) is signed]
        return data.draw(st.sampled_from(sorted(keys)), label="release")

    def _some_signed(self):
        return any(paper.signed for paper in self.papers.values())

    def _some_unsigned(self):
        return any(not paper.signed for paper in self.papers.values())

    @precondition(_some_unsigned)
    @rule(data=st.data(), ticked=subsets)
    def sign(self, data, ticked):
        self._sign(self._one(data, signed=False), ticked)

    @precondition(_some_unsigned)
    @rule(data=st.data())
    def discard(self, data):
        pk = self._one(data, signed=False)
        drafting.discard_release(by=self.by, release=self.releases.pop(pk))
        del self.papers[pk]
        self.renews.pop(pk, None)

    @precondition(_some_signed)
    @rule(data=st.data(), days=st.sampled_from([2, 30]), at_once=st.booleans())
    def amend(self, data, days, at_once):
        """Renewed with less in it: signed anew at once, or waiting."""
        pk = self._one(data, signed=True)
        paper = self.papers[pk]
        if pk in self.renews.values() or paper.replaced:
            return
        draft = drafting.renew_release(by=self.by, release=self.releases[pk])
        terms = replace(
            drafting.terms_of(draft), until=self.now + timedelta(days=days), ending=Ending.ON_DATE
        )
        terms = replace(terms, in_categories=terms.in_categories[:1])
        if not terms.out_categories:
            terms = replace(terms, out_categories=["schedule"])
        self._keep_draft(draft, terms)
        self.renews[draft.pk] = pk
        if at_once:
            self._sign(draft.pk, {*OUT, *IN})

    @precondition(_some_signed)
    @rule(data=st.data())
    def withdraw(self, data):
        pk = self._one(data, signed=True)
        self._revoke(pk, None)
        self.papers[pk].revoked = self.papers[pk].revoked or self.now

    @rule(ticked=subsets)
    def a_no_that_is_withdrawn(self, ticked):
        """Ending the release that says no opens nothing that it had closed."""
        self._draft(EVERYBODY, {*OUT, *IN}, 30, True)
        pk = max(self.papers)
        self._sign(pk, ticked)
        self._revoke(pk, None)
        self.papers[pk].revoked = self.now

    @precondition(_some_signed)
    @rule(data=st.data())
    def withdraw_for_one(self, data):
        pk = self._one(data, signed=True)
        paper = self.papers[pk]
        row = data.draw(st.sampled_from(list(self.releases[pk].recipients.order_by("pk"))))
        self._revoke(pk, row)
        paper.recipients = [
            replace(named, withdrawn=self.now)
            if self._is(named, row) and not named.withdrawn
            else named
            for named in paper.recipients
        ]

    @rule()
    def treatment_ends(self):
        ending.end_treatment(
            by=self.cast.prescriber,
            client_id=self.client.pk,
            organization_id=self.cast.clinic.pk,
            at=self.now,
        )
        for paper in self.papers.values():
            if paper.signed and paper.until is None and not paper.event:
                paper.event = self.now

    @precondition(lambda self: not any(self._is_open(call) for call, _ in self.calls))
    @rule(medical=st.booleans())
    def emergency(self, medical):
        reader = self.cast.prescriber
        opened = open_emergency(
            by=reader,
            client=self.client,
            clinic=self.cast.clinic,
            basis="medical" if medical else "threat",
            form_key=uuid4(),
            nature="Found unconscious",
            needed=True,
            told_to="" if medical else "Their brother, who is with them",
        )
        place = reader.membership.organization_id
        call = Call(reader.pk, place, place, self.client.pk, medical, self.now)
        self.calls.append((call, opened))

    def _is_open(self, call) -> bool:
        return call.closed is None and self.now < call.opened + timedelta(hours=1)

    @precondition(lambda self: any(self._is_open(call) for call, _ in self.calls))
    @rule()
    def give_back(self):
        self.calls = [(self._given_back(call, row), row) for call, row in self.calls]

    def _given_back(self, call, row):
        if not self._is_open(call):
            return call
        close_emergency(by=self.cast.prescriber, emergency=row)
        return replace(call, closed=self.now)

    # ------------------------------------------------------------ what must hold
    @invariant()
    def everybody_reads_what_the_oracle_says(self):
        calls = tuple(call for call, _ in self.calls)
        readers = [Reader.of(getattr(self.cast, name)) for name in READERS]
        for reader in [*readers, Reader.outside(self.contact)]:
            who = Someone(reader.person, reader.role, reader.organization, reader.contact)
            expected = {
                (type(each), each.pk)
                for each in self.things
                if may_read(who, thing_of(each), list(self.papers.values()), self.now, calls)
            }
            access = Access.load(reader, {self.client.pk}, database_now())
            found = {
                (model, item.pk) for model in KINDS for item in model.objects.readable_by(access)
            }
            assert found == expected, (who, self.papers, calls)

    @rule(name=st.sampled_from(["therapist", "physician", "prescriber"]))
    def somebody_reads(self, name):
        """Through the door, so that what the ledger keeps is what was read."""
        before = Disclosure.objects.filter(client_id=self.client.pk).count()
        reader = Reader.of(getattr(self.cast, name))
        found = disclose(to=reader, about={self.client.pk}, kinds=KINDS, channel=Channel.PAGE)
        crossed = [
            item
            for items in found.items.values()
            for item in items
            if item.author_organization_id != reader.organization
        ]
        rows = Disclosure.objects.filter(client_id=self.client.pk)
        written = [i for row in rows.order_by("sequence")[before:] for i in row.items]
        assert sorted(i[:2] for i in written) == sorted(
            [item._meta.label_lower, item.pk] for item in crossed
        )


@pytest.fixture
def by_the_machines_clock(monkeypatch):
    """Every moment is the machine's: the database's own clock cannot be stopped."""

    class Stopped:
        vendor = "stopped"

    monkeypatch.setattr("consent.clock.connection", Stopped)


@pytest.mark.usefixtures("by_the_machines_clock")
def test_whatever_happens_everybody_reads_what_the_oracle_says(cast):
    run(
        lambda: Life(cast),
        settings=settings(
            max_examples=LIVES,
            stateful_step_count=10,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],  # a failing life is short; shrinking it takes minutes
        ),
    )
