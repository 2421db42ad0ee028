"""Emergency access below the pages: who opens it, and what they can then read."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import AuditEvent
from consent.access import Access, Reader
from consent.actions.emergency import close_emergency
from consent.clock import database_now
from consent.emergencies import open_now
from consent.enums import EmergencyBasis, Sensitivity
from consent.models import Disclosure, EmergencyAccess, ReleaseRecipient
from consent.signals import emergency_opened
from people.enums import OrganizationKind, Role
from people.models import Membership
from people.registration import register
from referrals.models import Referral
from tests.builder import Builder
from tests.consent.emergencies import MEDICAL, OPENS, THREAT, opening
from tests.consent.reading import read, words
from tests.factories import CLINIC, CLINIC_SENSITIVE, SENT, make_organization, make_user
from tests.releases import NARROW_OUT, STATES

TICK = timedelta(microseconds=1)


def test_what_the_law_asks_is_written_at_once(once_named, physician, primary_care, clinic):
    heard = []
    emergency_opened.connect(
        listen := lambda sender, emergency, **_: heard.append(emergency), weak=False
    )
    before = database_now()
    found = opening(once_named, physician)
    emergency_opened.disconnect(listen)
    assert heard == [found]
    assert (found.reader, found.organization, found.clinic) == (physician, primary_care, clinic)
    assert found.nature == "Found unconscious"
    assert before <= found.opened_at <= database_now()
    event = AuditEvent.objects.get(event="emergency.opened")
    assert (event.actor_id, event.client_id) == (physician.pk, once_named.client.pk)
    assert "unconscious" not in str(event.detail)


@pytest.mark.parametrize("basis", EmergencyBasis)
def test_only_medical_staff_open_a_record(basis, full_case, cast):
    named = [cast.therapist, cast.colleague, cast.physician]
    for user in named:
        full_case.active(recipients=[user])
    may = {"prescriber", "physician"} | ({"nurse"} if basis == MEDICAL else set())
    for name, user in cast.everybody().items():
        if name in may:
            assert opening(full_case, user, basis)
        else:
            with pytest.raises(PermissionDenied):
                opening(full_case, user, basis)


@pytest.mark.parametrize("state", STATES)
def test_a_physician_needs_a_signed_release_that_ever_named_them(state, full_case, physician):
    changes = {} if state.startswith("other_p") else {"recipients": [physician]}
    full_case.make_release(state, **changes)
    if state in ("none", "unsigned", "other_person", "other_practice"):
        with pytest.raises(PermissionDenied):
            opening(full_case, physician)
    else:
        assert opening(full_case, physician)


def test_a_release_that_named_their_role_at_their_practice_counts(full_case, cast, primary_care):
    release = full_case.unsigned(recipients=[cast.physician])
    ReleaseRecipient.objects.filter(release=release).update(
        kind="role", user=None, role="physician"
    )
    full_case.revoke(full_case.sign(release))
    assert opening(full_case, cast.lapsed)
    outsider = make_user("Oda Outside", Role.PHYSICIAN, make_organization("Oak Primary Care"))
    with pytest.raises(PermissionDenied):
        opening(full_case, outsider)


def test_the_clinic_s_staff_open_records_of_the_clinic_s_clients_only(full_case, cast):
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    doctor = make_user("Ed Elsewhere", Role.PRESCRIBER, elsewhere)
    for clinic in (cast.clinic, elsewhere):
        with pytest.raises(PermissionDenied):
            opening(full_case, doctor, clinic=clinic)
    with pytest.raises(PermissionDenied):
        opening(full_case, cast.prescriber, clinic=elsewhere)


@pytest.mark.parametrize(
    ("basis", "changes", "field"),
    [
        (MEDICAL, {"nature": "  "}, "nature"),
        (MEDICAL, {"nature": "x" * 501}, "nature"),
        (THREAT, {"told_to": " "}, "told_to"),
        (THREAT, {"nature": ""}, "nature"),
        (MEDICAL, {"needed": False}, "needed"),
        (THREAT, {"needed": False}, "needed"),
    ],
)
def test_a_reason_is_needed_in_the_fields_of_its_kind(basis, changes, field, full_case, prescriber):
    with pytest.raises(ValidationError) as refused:
        opening(full_case, prescriber, basis, **changes)
    assert list(refused.value.error_dict) == [field]
    assert not EmergencyAccess.objects.exists()


def test_a_form_sent_twice_opens_once(full_case, prescriber):
    key = uuid4()
    assert opening(full_case, prescriber, form_key=key) == opening(
        full_case, prescriber, form_key=key
    )
    assert AuditEvent.objects.filter(event="emergency.opened").count() == 1


def test_a_second_one_waits_until_the_first_is_over(full_case, prescriber):
    first = opening(full_case, prescriber)
    with pytest.raises(ValidationError, match="You have opened this until"):
        opening(full_case, prescriber)
    assert opening(full_case, prescriber, THREAT), "another reason is another matter"
    close_emergency(by=prescriber, emergency=first)
    assert opening(full_case, prescriber)


# ---------------------------------------------------------------- what can then be read
def test_a_physician_reads_what_the_clinic_wrote_and_the_ledger_says_why(once_named, physician):
    client = once_named.client.pk
    assert not words(read(physician, client))
    emergency = opening(once_named, physician)
    expected = {CLINIC[c] for c in OPENS[MEDICAL] & set(CLINIC)} | {CLINIC_SENSITIVE}
    found = words(read(physician, client))
    assert {word for word in found if word.startswith("Zq")} == expected
    row = Disclosure.objects.latest("pk")
    assert (row.emergency_id, row.purpose, row.releases) == (emergency.pk, "medical", [])
    assert row.sensitivities == [Sensitivity.SUBSTANCE_USE]
    assert {item[4] for item in row.items} == {None}


def test_a_threat_opens_risk_safety_and_dates(once_named, physician):
    opening(once_named, physician, THREAT)
    assert words(read(physician, once_named.client.pk)) == {CLINIC["safety"], CLINIC["schedule"]}


def test_the_clinic_s_staff_read_what_the_practice_sent(full_case, nurse):
    client = full_case.client.pk
    sent = {SENT[kind] for kind in ("history", "medicines", "risk", "contraindications")}
    assert not words(read(nurse, client)) & set(SENT.values())
    opening(full_case, nurse)
    assert words(read(nurse, client)) & set(SENT.values()) == sent


def test_a_release_in_force_keeps_its_own_basis_beside_it(full_case, physician):
    release = full_case.active(recipients=[physician], out_categories=NARROW_OUT)
    emergency = opening(full_case, physician)
    read(physician, full_case.client.pk)
    rows = list(Disclosure.objects.filter(client_id=full_case.client.pk).order_by("emergency_id"))
    found = {(row.emergency_id, tuple(row.releases), tuple(row.categories)) for row in rows}
    assert (None, (release.pk,), ("safety",)) in found
    (other,) = (row for row in rows if row.emergency_id == emergency.pk)
    assert "safety" not in other.categories


def test_nobody_else_reads_by_it_and_no_other_client(once_named, cast, physician):
    other = Builder(cast)
    other.send(first_name="Toni")
    for user in cast.everybody().values():
        if user != cast.administrator:
            read(user, once_named.client.pk, other.client.pk)
    before = {name: _words(user, once_named, other) for name, user in cast.everybody().items()}
    opening(once_named, physician)
    after = {name: _words(user, once_named, other) for name, user in cast.everybody().items()}
    assert {name for name in before if before[name] != after[name]} == {"physician"}
    assert not words(read(physician, other.client.pk))


def _words(user, *cases) -> set[str]:
    return words(read(user, *[case.client.pk for case in cases]))


def test_after_giving_it_back_nothing_is_read(once_named, physician):
    emergency = opening(once_named, physician)
    assert words(read(physician, once_named.client.pk))
    closed = close_emergency(by=physician, emergency=emergency)
    assert not words(read(physician, once_named.client.pk))
    assert closed.closed_at == close_emergency(by=physician, emergency=emergency).closed_at
    assert AuditEvent.objects.filter(event="emergency.closed").count() == 1
    assert not Referral.objects.open_to(physician).exists()


def test_after_the_hour_nothing_is_read(once_named, physician):
    reader, now = Reader.of(physician), database_now()
    emergency = opening(once_named, physician)
    client = once_named.client.pk
    for at, opened in [(now, False), (emergency.until - TICK, True), (emergency.until, False)]:
        access = Access.load(reader, {client}, at)
        assert bool(access.permitted) is opened
        assert [each.pk for each in open_now(access)] == ([emergency.pk] if opened else [])


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_whoever_takes_another_role_meanwhile_reads_nothing_by_it(role, full_case, nurse):
    opening(full_case, nurse)
    Membership.objects.filter(user=nurse).update(role=role)
    del nurse.membership
    assert not words(read(nurse, full_case.client.pk)) & set(SENT.values())


def test_whoever_changes_their_workplace_takes_nothing_along(once_named, physician, other_practice):
    opening(once_named, physician)
    Membership.objects.filter(user=physician).update(organization=other_practice)
    del physician.membership
    assert not words(read(physician, once_named.client.pk))
    assert not Referral.objects.open_to(physician).exists()


def test_two_clinics_each_open_their_own_record(once_named, physician):
    """The client is in care at a second clinic, which the physician was named to as well."""
    second = make_organization("Second Clinic", OrganizationKind.CLINIC)
    register(once_named.client, second)
    with pytest.raises(PermissionDenied):
        opening(once_named, physician, clinic=second)
    opening(once_named, physician)
    reader = Reader.of(physician)
    access = Access.load(reader, {once_named.client.pk}, database_now())
    disclosers = {provision.discloser for provision, _, _ in access.permitted}
    assert disclosers == {once_named.cast.clinic.pk}
