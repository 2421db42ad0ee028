"""One client's papers, twice: as the actions write them, and as the words of the domain have it."""

from datetime import timedelta
from uuid import uuid4

import time_machine
from django.core.exceptions import ValidationError
from hypothesis.stateful import RuleBasedStateMachine

from consent.actions import drafting, ending, signing
from consent.actions.links import hand_over
from consent.documents.text import as_text, sha256
from consent.enums import AskedHow, Ending, Purpose, RevokedBy, Signer
from consent.ledger.chain import broken_links
from consent.models import OutsideContact, Release
from people.registration import register
from referrals.models import ClinicReply, ContextItem, Referral
from tests.consent.oracle import Call, Named, Paper
from tests.factories import make_client, utc

BEGIN = utc(2026, 7, 14, 9, 20)
OUT = ("readiness", "safety", "schedule")
IN = ("history", "risk")
EVERYBODY = ["person", "other", "role", "contact"]


class Desk(RuleBasedStateMachine):
    """One client, one clinic, its practices; `papers` and `calls` are the machine's own."""

    def __init__(self, cast):
        super().__init__()
        self.cast, self.by = cast, cast.administrator
        self.client = make_client(cast.practice)
        register(self.client, cast.clinic)
        self.contact = OutsideContact.objects.create(
            client=self.client, clinic=cast.clinic, name="Sam", relation="sister"
        )
        self.things = self._write_things()
        self.now = BEGIN
        self.releases: dict[int, Release] = {}
        self.papers: dict[int, Paper] = {}
        self.renews: dict[int, int] = {}
        self.calls: list[tuple[Call, object]] = []
        self.travel = None
        self._set_clock()

    def _write_things(self) -> list:
        referral = Referral.objects.create(
            client=self.client,
            practice=self.cast.practice,
            clinic=self.cast.clinic,
            referrer=self.cast.therapist,
        )
        common = {"client": self.client, "referral": referral, "occurred_at": BEGIN}
        clinic = {"author_organization": self.cast.clinic, "author": self.cast.coordinator}
        practice = {"author_organization": self.cast.practice, "author": self.cast.therapist}
        made = [
            ClinicReply.unscoped.create(category="readiness", kind="accepted", **common, **clinic),
            ContextItem.unscoped.create(category="history", kind="history", **common, **practice),
            ContextItem.unscoped.create(
                category="risk", kind="risk", sensitivities="substance_use", **common, **practice
            ),
        ]
        return [type(each).unscoped.get(pk=each.pk) for each in made]

    def _set_clock(self) -> None:
        if self.travel:
            self.travel.stop()
        self.travel = time_machine.travel(self.now, tick=False)
        self.travel.start()

    def teardown(self):
        self.travel.stop()
        assert not list(broken_links(self.client.pk))

    def _draft(self, who, categories, days, sensitive):
        terms = drafting.Terms(
            recipients=[
                user
                for key, user in (("person", self.cast.therapist), ("other", self.cast.stranger))
                if key in who
            ],
            roles=[(self.cast.primary_care, "physician")] if "role" in who else [],
            contacts=[self.contact] if "contact" in who else [],
            out_categories=[c for c in OUT if c in categories],
            in_categories=[c for c in IN if c in categories],
            sensitivities=["substance_use"] if sensitive else [],
            purposes={Purpose.COORDINATION: ""},
            until=self.now + timedelta(days=days) if days else None,
            ending=Ending.ON_DATE if days else Ending.END_OF_TREATMENT,
            revocation_how="write to us.",
        )
        release = drafting.draft_release(by=self.by, client=self.client, form_key=uuid4())
        self._keep_draft(release, terms)

    def _keep_draft(self, release, terms):
        release = drafting.edit_release(by=self.by, release=release, terms=terms)
        named = [Named(u.membership.organization_id, person=u.pk) for u in terms.recipients]
        named += [Named(place.pk, role=role) for place, role in terms.roles]
        named += [Named(contact=contact.pk) for contact in terms.contacts]
        self.releases[release.pk] = release
        self.papers[release.pk] = Paper(
            client=self.client.pk,
            clinic=self.cast.clinic.pk,
            recipients=named,
            out=dict.fromkeys(terms.out_categories, True),
            back=dict.fromkeys(terms.in_categories, True),
            sensitivities=frozenset(terms.sensitivities),
            purposes=frozenset(terms.purposes),
            until=terms.until,
        )

    def _sign(self, pk, ticked):
        """The client ticks some of what is offered; the rest is a no."""
        paper = self.papers[pk]
        offered = {("out", c) for c in paper.out} | {("in", c) for c in paper.back}
        shared = {pair for pair in offered if pair[1] in ticked} or offered
        over = paper.until is not None and paper.until <= self.now
        try:
            release = drafting.send_for_signature(by=self.by, release=self.releases[pk])
            link = hand_over(by=self.by, release=release)
            release = signing.choose_categories(link=link, shared=shared)
            signature = signing.Signature(
                signer=Signer.CLIENT, signer_name=self.client.full_name, electronic_agreed=True
            )
            signing.sign_release(
                link=link, signature=signature, shown_sha256=sha256(as_text(release))
            )
        except ValidationError:
            assert over
            return
        assert not over
        paper.signed = self.now
        paper.out = {c: ("out", c) in shared for c in paper.out}
        paper.back = {c: ("in", c) in shared for c in paper.back}
        older = self.papers.get(self.renews.get(pk, 0))
        if older and not older.replaced and not older.revoked:
            older.replaced = self.now

    def _revoke(self, pk, recipient):
        ending.revoke_release(
            by=self.by,
            release=self.releases[pk],
            asked_by=RevokedBy.CLIENT,
            asked_how=AskedHow.PHONE,
            reason="asked",
            recipient=recipient,
        )

    @staticmethod
    def _is(named: Named, row) -> bool:
        return (named.person, named.role, named.contact) == (
            row.user_id,
            row.role or None,
            row.contact_id,
        )
