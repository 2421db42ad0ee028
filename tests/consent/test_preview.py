"""See it as the recipient: what the preview tells is what they then read, shape by shape."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from consent.access import Access, Reader
from consent.actions.drafting import renew_release, send_for_signature
from consent.actions.links import hand_over
from consent.actions.signing import choose_categories
from consent.clock import database_now
from consent.disclosure import disclose
from consent.enums import IN_CATEGORIES, OUT_CATEGORIES, Category, Channel, Ending
from consent.models import OutsideContact, Release, ReleaseRecipient
from consent.preview import kinds, preview, reader_of
from people.enums import OrganizationKind, Role
from people.models import Membership, Registration
from referrals.models import ClinicReply
from tests.builder import Builder
from tests.consent.pages import main, url
from tests.factories import (
    make_organization,
    make_user,
)

pytestmark = pytest.mark.django_db
C = Category


def told(release: Release, recipient: ReleaseRecipient | None = None) -> set:
    """What the preview tells of each item."""
    release = Release.objects.with_parts().get(pk=release.pk)
    recipient = recipient or release.recipients.get()
    seen = preview(release, recipient)
    assert not seen.capped
    return {(*line.item, line.category, line.occurred_at) for line in seen.lines}


def _facts(items, release: Release) -> set:
    return {
        (item._meta.label_lower, item.pk, item.category, item.occurred_at)
        for item in items
        if item.author_organization_id == release.organization_id
    }


def read(release: Release, reader: Reader) -> set:
    """What the reader really gets of the clinic's, through the one door."""
    about = [release.client_id]
    found = disclose(
        to=reader, about=about, kinds=dict.fromkeys(kinds(), Q()), channel=Channel.PAGE
    )
    return _facts([item for items in found.items.values() for item in items], release)


def read_at(release: Release, reader: Reader, at) -> set:
    access = Access.load(reader, {release.client_id}, at)
    items = [item for model in kinds() for item in model.objects.readable_by(access)]
    return _facts(items, release)


def page(staff, release) -> str:
    return main(staff.get(url("as_recipient", release.pk, release.recipients.get().pk)))


# ------------------------------------------------------------------ the preview is what is read
def hours_ago(hours: float):
    return timezone.now() - timedelta(hours=hours)


SHAPES = {
    "usual": {},
    "everything": {"out_categories": OUT_CATEGORIES, "in_categories": IN_CATEGORIES},
    "nothing that exists": {"out_categories": [C.OUTCOMES], "in_categories": []},
    "inwards alone": {"out_categories": [], "in_categories": [C.HISTORY]},
    "substance use": {"sensitivities": ["substance_use"]},
    "since yesterday": {"service_from": lambda: hours_ago(40)},
    "until yesterday": {"service_until": lambda: hours_ago(40)},
    "until treatment ends": {"until": None, "ending": Ending.END_OF_TREATMENT},
    "at request": {"purposes": {"at_request": ""}},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_before_signing_it_tells_exactly_what_is_read_afterwards(full_case, shape):
    terms = {k: v() if callable(v) else v for k, v in SHAPES[shape].items()}
    release = full_case.unsigned(**terms)
    before = told(release)
    assert read(release, Reader.of(full_case.referrer)) == set()
    release = full_case.sign(release)
    assert read(release, Reader.of(full_case.referrer)) == before == told(release)
    assert bool(before) == (shape not in ("nothing that exists", "inwards alone"))


def test_every_recipient_has_their_own(full_case):
    cast = full_case.cast
    contact = OutsideContact.objects.create(
        client=full_case.client, clinic=cast.clinic, name="Ines Aunt", relation="aunt"
    )
    full_case.active(recipients=[cast.therapist], out_categories=[C.SAFETY])
    release = full_case.unsigned(
        recipients=[cast.therapist, cast.colleague],
        roles=[(cast.primary_care, Role.PHYSICIAN)],
        contacts=[contact],
        out_categories=[C.RESPONSE, C.TREATMENT],
    )
    readers = {
        "Tess Therapist, LCSW, Harbor Lane Practice": Reader.of(cast.therapist),
        "Cole Colleague, Harbor Lane Practice": Reader.of(cast.colleague),
        "Any physician at Elm Primary Care": Reader.of(cast.physician),
        "Ines Aunt (aunt)": Reader.outside(contact),
    }
    before = {str(each): told(release, each) for each in release.recipients.all()}
    assert {len(items) for items in before.values()} == {2, 3}  # the therapist reads safety too
    full_case.sign(release)
    assert {name: read(release, reader) for name, reader in readers.items()} == before


def test_what_the_client_left_unticked_is_left_out(full_case):
    release = full_case.unsigned()
    everything = told(release)
    link = hand_over(by=full_case.cast.administrator, release=release)
    choose_categories(link=link, shared={("out", C.TREATMENT)})
    before = told(release)
    assert {category for _, _, category, _ in before} == {C.TREATMENT}
    assert before < everything
    full_case.sign(release, shared={("out", C.TREATMENT)})
    assert read(release, Reader.of(full_case.referrer)) == before


def test_a_no_in_another_release_counts_as_it_will(full_case):
    """A refusal that is in force closes; one that this release would make closes older ones."""
    reader = Reader.of(full_case.referrer)
    older = full_case.active(out_categories=[C.SAFETY, C.RESPONSE])
    refused = full_case.unsigned(out_categories=[C.TREATMENT, C.SAFETY])
    link = hand_over(by=full_case.cast.administrator, release=refused)
    choose_categories(link=link, shared={("out", C.TREATMENT)})
    before = told(refused)
    assert {category for _, _, category, _ in before} == {C.TREATMENT, C.RESPONSE}
    full_case.sign(refused, shared={("out", C.TREATMENT)})
    assert read(refused, reader) == before == told(older)
    third = full_case.unsigned(out_categories=[C.SAFETY])
    assert told(third) == before
    full_case.sign(third)
    assert read(third, reader) == before


def test_a_renewal_takes_the_place_of_what_it_renews(full_case):
    by = full_case.cast.administrator
    older = full_case.active(out_categories=[C.SAFETY, C.RESPONSE])
    draft = renew_release(by=by, release=older)
    draft.categories.filter(category=C.RESPONSE).delete()
    Release.objects.filter(pk=draft.pk).update(until=database_now() + timedelta(days=60))
    draft = Release.objects.get(pk=draft.pk)
    before = told(draft)
    assert {category for _, _, category, _ in before} == {C.SAFETY}
    assert len(told(older)) == len(before) + 1  # until it is signed, the older one holds
    full_case.sign(send_for_signature(by=by, release=draft))
    assert read(draft, Reader.of(full_case.referrer)) == before == told(older)


def test_one_that_begins_later_is_looked_at_as_of_then(full_case):
    begins = database_now() + timedelta(days=3)
    older = full_case.active(out_categories=[C.SAFETY], until=begins - timedelta(days=1))
    release = full_case.unsigned(starts_at=begins)
    before = told(release)
    assert before
    assert not before & told(older)
    release = full_case.sign(release)
    reader = Reader.of(full_case.referrer)
    assert read_at(release, reader, begins) == before == told(release)
    assert read(release, reader) == told(older)


@pytest.mark.parametrize("end", ["revoked", "expired", "one recipient"])
def test_what_is_over_opens_nothing(full_case, end):
    if end == "one recipient":
        cast = full_case.cast
        release = full_case.active(recipients=[cast.therapist, cast.physician])
        mine = release.recipients.get(user=cast.therapist)
        assert told(release, mine)
        full_case.revoke(release, recipient=mine)
        assert told(release, mine) == set()
        assert told(release, release.recipients.get(user=cast.physician))
    else:
        assert told(full_case.make_release(end)) == set()


def test_somebody_who_left_the_practice_reads_nothing(staff, full_case):
    release = full_case.unsigned()
    Membership.objects.filter(user=full_case.referrer).update(ended_at=timezone.now())
    assert told(release) == set()
    assert "does not work at Harbor Lane Practice any more" in page(staff, release)
    Membership.objects.create(
        user=full_case.referrer, organization=full_case.cast.other_practice, role=Role.THERAPIST
    )
    recipient = ReleaseRecipient.objects.get(release=release)
    assert reader_of(recipient) is None


def test_the_other_way_is_told_by_categories_alone(staff, full_case):
    release = full_case.unsigned(in_categories=[C.HISTORY, C.RISK])
    assert "could read from Harbor Lane Practice: history, risk." in page(staff, release)
    full_case.sign(release)
    nurse = Reader.of(full_case.cast.nurse)
    found = disclose(
        to=nurse,
        about=[full_case.client.pk],
        kinds=dict.fromkeys(kinds(), Q()),
        channel=Channel.PAGE,
    )
    theirs = full_case.cast.practice.pk
    crossing = {
        item.category_label
        for items in found.items.values()
        for item in items
        if item.author_organization_id == theirs
    }
    recipient = release.recipients.get()
    seen = preview(Release.objects.with_parts().get(pk=release.pk), recipient)
    assert set(seen.inward) == crossing == {"History", "Risk"}
    assert not {line for line in seen.lines if line.category == C.HISTORY}


def test_what_other_clinics_wrote_is_not_ours_to_see(staff, full_case):
    """Another clinic's release opens its own answer to the same therapist."""
    cast = full_case.cast
    south = make_organization("South Clinic", OrganizationKind.CLINIC)
    other = make_user("Otto Other", Role.ADMINISTRATOR, south)
    Registration.objects.create(client=full_case.client, organization=south)
    elsewhere = Builder(replace(cast, clinic=south, administrator=other))
    elsewhere.client = full_case.client
    theirs = elsewhere.active(out_categories=[C.READINESS])
    reply = ClinicReply.unscoped.create(
        client=full_case.client,
        category=C.READINESS,
        author_organization=south,
        author=other,
        referral=full_case.referral,
        kind="accepted",
        text="Zqelsewhere",
    )
    item = (reply._meta.label_lower, reply.pk, reply.category, reply.occurred_at)
    ours = full_case.active(out_categories=OUT_CATEGORIES)
    assert item in told(theirs)
    assert item not in told(ours)
    assert item in read(theirs, Reader.of(cast.therapist))
