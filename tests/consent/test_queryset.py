"""The filter on the database, on small random worlds: what the oracle says, item by item."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent.access import Access, Reader
from consent.documents.text import sha256
from consent.enums import IN_CATEGORIES, OUT_CATEGORIES, Purpose, Sensitivity
from consent.fields import subsets
from consent.models import (
    EmergencyAccess,
    OutsideContact,
    Release,
    ReleaseCategory,
    ReleasePurpose,
    ReleaseRecipient,
)
from referrals.enums import Collaboration, ContextKind
from referrals.models import ClinicReply, ContextItem, Referral
from sessions.models import ContinuityNote, DosingSession, EpisodeOfCare, NoteSection
from tests.consent.oracle import Someone, Thing, call_of, may_read, paper_of
from tests.factories import make_client, make_organization, make_user, utc
from tests.selection import POSTGRES

NOW = utc(2026, 7, 14, 9, 20)
TICK = timedelta(microseconds=1)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
NEAR = [NOW - DAY, NOW - TICK, NOW, NOW + TICK, NOW + DAY]
MODELS = (NoteSection, ClinicReply, ContextItem)
READERS = [
    "therapist",
    "colleague",
    "stranger",
    "physician",
    "prescriber",
    "nurse",
    "coordinator",
    "administrator",
    "superuser",
]


@pytest.fixture
def world(cast):
    """People, two clients, and what notes and context hang on."""
    second_clinic = make_organization("Second Clinic", "clinic")
    doctor = make_user("Dora Doctor", "prescriber", second_clinic)
    clients = [make_client(cast.practice, first_name=name) for name in ("Robin", "Toni")]
    notes, referrals = [], []
    for number in range(12):
        referral = Referral.objects.create(
            client=clients[number % 2],
            practice=cast.practice,
            clinic=cast.clinic,
            referrer=cast.therapist,
        )
        episode = EpisodeOfCare.objects.create(
            referral=referral,
            client=referral.client,
            clinic=cast.clinic,
            treatment_model="pi",
            collaboration=Collaboration.SHARED,
            expected_doses=1,
            preparation_owner=cast.therapist,
            integration_owner=cast.therapist,
            opened_by=cast.prescriber,
        )
        dosing = DosingSession.objects.create(
            episode=episode, number=1, planned_at=NOW, planned_by=cast.prescriber
        )
        notes.append(
            ContinuityNote.objects.create(episode=episode, dosing=dosing, author=cast.prescriber)
        )
        referrals.append(referral)
    readers = [getattr(cast, name) for name in READERS] + [doctor]
    return World(cast, [cast.clinic, second_clinic], clients, notes, referrals, readers)


class World:
    """Fills itself anew with random releases and items, by one random number generator."""

    def __init__(self, cast, clinics, clients, notes, referrals, readers):
        self.cast, self.clinics, self.clients = cast, clinics, clients
        self.notes, self.referrals, self.readers = notes, referrals, readers
        places = [cast.practice, cast.other_practice, cast.primary_care]
        self.authors = [*clinics, *[cast.clinic] * 3, cast.practice, *places]
        self.outside = [cast.therapist, cast.colleague, cast.stranger, cast.physician]
        self.contacts = {
            (client.pk, clinic.pk): OutsideContact.objects.create(
                client=client, clinic=clinic, name="Sam", relation="sister"
            )
            for client in clients
            for clinic in clinics
        }

    def fill(self, draw: random.Random) -> None:
        for _ in range(draw.randint(1, 8)):
            self._release(draw)
        if draw.random() < 0.5:
            self._emergency(draw)
        common = lambda: {  # noqa: E731
            "client": draw.choice(self.clients),
            "sensitivities": draw.choice(["", *subsets(Sensitivity.values)]),
            "author_organization": draw.choice(self.authors),
            "author": self.cast.prescriber,
            "occurred_at": draw.choice(NEAR),
        }
        NoteSection.unscoped.bulk_create(
            NoteSection(
                note=note,
                category=category,
                text="",
                **{**common(), "client": note.episode.client},
            )
            for note in self.notes
            for category in draw.sample(["treatment", "response", "safety", "schedule"], 1)
        )
        signed = {"signed_at": NOW, "signed_by": self.cast.prescriber}
        ContinuityNote.objects.filter(pk__in=[note.pk for note in self.notes]).update(**signed)
        ClinicReply.unscoped.bulk_create(
            ClinicReply(referral=each, category="readiness", kind="accepted", **common())
            for each in self.referrals[:4]
        )
        ContextItem.unscoped.bulk_create(
            ContextItem(referral=each, category=category, kind=kind, **common())
            for each in self.referrals[:6]
            for kind, category in [
                draw.choice([(ContextKind.HISTORY, "history"), (ContextKind.RISK, "risk")]),
                (ContextKind.GOALS, "integration"),
            ]
        )

    def _release(self, draw: random.Random) -> None:
        """Usually in force, with a good chance that one thing or another is not as usual."""

        def seldom(values, usual):
            return draw.choice(values) if draw.random() < 0.15 else usual

        clinic = seldom(self.clinics, self.clinics[0])
        service = sorted(draw.sample(NEAR, 2))
        release = Release.objects.create(
            client=draw.choice(self.clients),
            organization=clinic,
            created_by=self.cast.administrator,
            revocation_how="write",
            sensitivities=frozenset(draw.choice(["", "substance_use"]).split(",")) - {""},
            service_from=seldom(service[:1], None),
            service_until=seldom(service[1:], None),
        )
        named = [
            self._recipient(draw, release, user)
            for user in draw.sample(self.outside, draw.choice([1, 1, 2]))
        ]
        ReleaseRecipient.objects.bulk_create({str(row): row for row in named}.values())
        listed = [("out", c) for c in OUT_CATEGORIES] + [("in", c) for c in IN_CATEGORIES]
        effects = ["permit"] + [
            "permit" if draw.random() < 0.85 else "deny" for _ in range(draw.randint(3, 9))
        ]
        ReleaseCategory.objects.bulk_create(
            ReleaseCategory(release=release, direction=direction, category=category, effect=effect)
            for (direction, category), effect in zip(
                draw.sample(listed, len(effects)), effects, strict=True
            )
        )
        ReleasePurpose.objects.create(release=release, purpose=draw.choice(Purpose.values))
        signed = seldom(NEAR, NOW - DAY)
        starts = seldom(NEAR, None)
        until = max(seldom(NEAR, NOW + DAY), signed + TICK, (starts or signed) + TICK)
        fields = {"starts_at": starts, "until": until}
        if draw.random() < 0.92:
            fields |= {"signed_at": signed, "signer": "client", "signer_name": "Robin"}
            fields |= {"electronic_agreed": True, "text": "x", "text_sha256": sha256("x")}
            fields |= {
                "method": "screen",
                "presented_by": self.cast.administrator,
                "sent_at": signed,
            }
        Release.objects.filter(pk=release.pk).update(**fields)
        if "signed_at" in fields and (revoked := seldom(NEAR, None)):
            Release.objects.filter(pk=release.pk).update(
                revoked_at=revoked,
                revoked_by=self.cast.administrator,
                revocation_asked_by="client",
                revocation_asked_how="phone",
                revocation_reason="asked",
            )
        elif "signed_at" in fields and (replaced := seldom(NEAR, None)):
            Release.objects.filter(pk=release.pk).update(superseded_at=replaced)

    def _recipient(self, draw: random.Random, release: Release, user) -> ReleaseRecipient:
        """Mostly the person; sometimes their role, or somebody outside."""
        kind = draw.choice(["person"] * 4 + ["role", "contact"])
        membership = user.membership
        if kind == "contact":
            contact = self.contacts[(release.client_id, release.organization_id)]
            return ReleaseRecipient(release=release, kind=kind, contact=contact)
        named = {"user": user} if kind == "person" else {"role": membership.role}
        return ReleaseRecipient(
            release=release, kind=kind, organization=membership.organization, **named
        )

    def _emergency(self, draw: random.Random) -> None:
        reader = draw.choice([self.cast.physician, self.cast.prescriber, self.cast.nurse])
        EmergencyAccess.objects.create(
            client=draw.choice(self.clients),
            clinic=self.cast.clinic,
            basis=draw.choice(["medical"] if reader == self.cast.nurse else ["medical", "threat"]),
            reader=reader,
            organization=reader.membership.organization,
            nature="x",
            told_to="y",
            opened_at=draw.choice([NOW, NOW + TICK, NOW - HOUR, NOW - HOUR + TICK]),
            closed_at=draw.choice([None, None, NOW, NOW + TICK]),
        )

    def compare(self) -> tuple[int, int]:
        """(how many decisions were compared, how many of those that cross were permitted)."""
        papers = [paper_of(release) for release in Release.objects.with_parts()]
        calls = tuple(call_of(each) for each in EmergencyAccess.objects.all())
        compared = crossed = 0
        ids = {each.pk for each in self.clients}
        rows = {model: list(model.unscoped.all()) for model in MODELS}
        readers = [Reader.of(user) for user in self.readers]
        readers += [Reader.outside(contact) for contact in self.contacts.values()]
        for reader in readers:
            access = Access.load(reader, ids, NOW)
            who = Someone(reader.person, reader.role, reader.organization, reader.contact)
            for model in MODELS:
                found = {item.pk for item in model.objects.readable_by(access)}
                for item in rows[model]:
                    expected = may_read(who, thing_of(item), papers, NOW, calls)
                    assert (item.pk in found) is expected, (who, thing_of(item), papers)
                    assert access.decide(item).permitted is expected
                    compared += 1
                    crossed += expected and item.author_organization_id != who.organization
        return compared, crossed


def thing_of(item) -> Thing:
    return Thing(
        item.client_id,
        item.category,
        frozenset(item.sensitivities),
        item.author_organization_id,
        item.occurred_at,
    )


def test_the_filter_agrees_with_the_oracle_on_ten_thousand_decisions(world):
    tally = [0, 0]

    @settings(
        max_examples=15 if POSTGRES else 45,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(st.integers(0, 2**32))
    def agree(seed):
        try:
            with transaction.atomic():
                world.fill(random.Random(seed))  # noqa: S311
                compared, crossed = world.compare()
                raise Enough
        except Enough:
            tally[0] += compared
            tally[1] += crossed

    agree()
    assert tally[0] >= (3_000 if POSTGRES else 10_000)
    assert tally[1] >= (100 if POSTGRES else 300)


class Enough(Exception):
    """Leaves the world as it was."""


@pytest.fixture
def section(full_case):
    return NoteSection.unscoped.filter(category="treatment").get()


def test_one_client_in_an_access_opens_no_other(full_case, section):
    release = full_case.active()
    reader = Reader.of(full_case.cast.therapist)
    other = make_client(full_case.cast.practice)
    access = Access.load(reader, {release.client_id}, release.signed_at)
    assert section in NoteSection.objects.readable_by(access)
    assert ContextItem.objects.readable_by(access)
    for about in ({other.pk}, set()):
        narrowed = replace(access, clients=frozenset(about))
        assert not NoteSection.objects.readable_by(narrowed)
        assert not ContextItem.objects.readable_by(narrowed)


def test_a_recipient_who_moved_to_another_practice_takes_nothing_along(full_case, section):
    from django.utils import timezone

    release = full_case.active()
    user = full_case.cast.therapist
    user.memberships.update(ended_at=timezone.now())
    user.memberships.create(organization=full_case.cast.other_practice, role="therapist")
    user = type(user).objects.get(pk=user.pk)
    access = Access.load(Reader.of(user), {release.client_id}, timezone.now())
    assert not NoteSection.objects.readable_by(access)


def test_the_manager_of_items_offers_no_other_way():
    for model in MODELS:
        for way in ("all", "count", "first", "get", "filter", "values", "exists"):
            with pytest.raises(TypeError, match="readable_by"):
                getattr(model.objects, way)()


def test_somebody_without_a_membership_is_no_reader(cast):
    from django.utils import timezone

    cast.therapist.memberships.update(ended_at=timezone.now())
    with pytest.raises(ValueError, match="membership"):
        Reader.of(type(cast.therapist).objects.get(pk=cast.therapist.pk))
