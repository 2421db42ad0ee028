"""Emergency access below the pages: what it opens, to whom, for how long, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from consent.access import Access, Reader, provisions_in
from consent.actions.emergency import close_emergency, open_emergency, review_emergency
from consent.clock import database_now
from consent.decision import Reason, Request, decide
from consent.emergencies import open_now
from consent.enums import Category, EmergencyBasis, Sensitivity
from consent.models import Disclosure, EmergencyAccess, ReleaseRecipient
from consent.signals import emergency_opened
from people.enums import OrganizationKind, Role
from people.models import Membership
from people.registration import register
from referrals.models import Referral
from tests.builder import NARROW_OUT, STATES, Builder
from tests.consent.reading import read, words
from tests.consent.test_decision import PROVISION
from tests.factories import CLINIC, CLINIC_SENSITIVE, SENT, make_organization, make_user, utc

C, MEDICAL, THREAT = Category, EmergencyBasis.MEDICAL, EmergencyBasis.THREAT
OPENED_AT, HOUR = utc(2026, 7, 14, 9, 20), timedelta(hours=1)
TICK = timedelta(microseconds=1)
# Written out, not asked of the code.
OPENS = {
    MEDICAL: {
        C.SCHEDULE,
        C.READINESS,
        C.TREATMENT,
        C.RESPONSE,
        C.SAFETY,
        C.OUTCOMES,
        C.HISTORY,
        C.RISK,
        C.CONTRAINDICATIONS,
    },
    THREAT: {C.RISK, C.SAFETY, C.SCHEDULE},
}
HERE, THERE, ELSEWHERE = 1, 2, 3  # the clinic, the physician's practice, somewhere else


# ---------------------------------------------------------------- the decision, pure
def declared(basis=MEDICAL, **changes) -> EmergencyAccess:
    usual = {
        "pk": 5,
        "client_id": 100,
        "clinic_id": HERE,
        "reader_id": 10,
        "organization_id": THERE,
        "opened_at": OPENED_AT,
    }
    return EmergencyAccess(basis=basis, **{**usual, **changes})


ASKED = Request(
    person=10,
    role=Role.PHYSICIAN,
    organization=THERE,
    client=100,
    category=C.SAFETY,
    sensitivities=frozenset(),
    occurred_at=OPENED_AT - timedelta(days=400),
    author_organization=HERE,
    purpose="coordination",
)
AT_THE_CLINIC = replace(ASKED, organization=HERE, role=Role.NURSE, author_organization=THERE)


def decided(emergency=None, at=OPENED_AT, request=ASKED, **asked):
    return decide(replace(request, **asked), provisions_in(emergency or declared()), at)


def test_it_says_that_it_rests_on_the_emergency_and_on_no_release():
    decision = decided()
    assert (decision.permitted, decision.reason) == (True, Reason.EMERGENCY)
    assert (decision.release, decision.emergency) == (None, 5)


@pytest.mark.parametrize("basis", EmergencyBasis)
def test_the_categories_it_opens_are_these_and_no_others(basis):
    opened = {c for c in Category if decided(declared(basis), category=c).permitted}
    assert opened == OPENS[basis]


def test_substance_use_records_open_in_a_medical_emergency_only():
    named = frozenset({Sensitivity.SUBSTANCE_USE})
    assert decided(declared(MEDICAL), sensitivities=named).permitted
    assert not decided(declared(THREAT), sensitivities=named).permitted


@pytest.mark.parametrize(
    ("after", "permitted"),
    [(-TICK, False), (0 * TICK, True), (HOUR - TICK, True), (HOUR, False), (HOUR + TICK, False)],
)
def test_the_hour_is_half_open_to_the_microsecond(after, permitted):
    assert decided(at=OPENED_AT + after).permitted is permitted


def test_closing_ends_it_to_the_microsecond():
    closed_at = OPENED_AT + timedelta(minutes=20)
    given_back = declared(closed_at=closed_at)
    assert decided(given_back, closed_at - TICK).permitted
    assert not decided(given_back, closed_at).permitted
    assert not decided(given_back, closed_at + TICK).permitted


def test_closing_late_does_not_make_the_hour_longer():
    late = declared(closed_at=OPENED_AT + 2 * HOUR)
    assert not decided(late, OPENED_AT + HOUR).permitted


@pytest.mark.parametrize(
    "asked",
    [
        {"client": 101},
        {"person": 11},
        {"organization": ELSEWHERE},
        {"author_organization": ELSEWHERE},
        {"role": Role.THERAPIST},
        {"role": Role.COORDINATOR},
        {"role": Role.ADMINISTRATOR},
        {"person": 0, "organization": 0, "role": "contact", "contact": 3},
    ],
    ids=str,
)
def test_it_opens_nothing_else(asked):
    assert not decided(**asked).permitted


def test_the_clinic_s_staff_read_what_others_wrote():
    here = declared(organization_id=HERE)
    assert decided(here, request=AT_THE_CLINIC).permitted
    for role in (Role.COORDINATOR, Role.ADMINISTRATOR, Role.KAP_THERAPIST):
        assert not decided(here, request=AT_THE_CLINIC, role=role).permitted


def test_a_threat_opens_nothing_to_a_nurse():
    assert not decided(declared(THREAT, organization_id=HERE), request=AT_THE_CLINIC).permitted


@pytest.mark.parametrize("basis", EmergencyBasis)
def test_what_the_client_declined_opens_too(basis):
    """Neither rule works by consent, so a "no" to sharing is no answer to it."""
    denial = replace(
        PROVISION,
        permits=False,
        client=100,
        organization=THERE,
        categories=frozenset(Category),
        signed_at=OPENED_AT - HOUR,
        valid_from=OPENED_AT - HOUR,
        valid_until=OPENED_AT + 9 * HOUR,
    )
    assert not decide(ASKED, [denial], OPENED_AT).permitted
    assert decide(ASKED, [denial, *provisions_in(declared(basis))], OPENED_AT).permitted


# ---------------------------------------------------------------- the action
def opening(case: Builder, by, basis=MEDICAL, **changes) -> EmergencyAccess:
    usual = {
        "client": case.client,
        "clinic": case.cast.clinic,
        "form_key": uuid4(),
        "nature": "Found unconscious",
        "told_to": "The sister, who stays with her" if basis == THREAT else "",
    }
    return open_emergency(by=by, basis=basis, **{**usual, **changes})


@pytest.fixture
def once_named(full_case) -> Builder:
    """The physician was named by a narrow release, which is withdrawn."""
    full_case.revoke(
        full_case.active(recipients=[full_case.cast.physician], out_categories=NARROW_OUT)
    )
    return full_case


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


# ---------------------------------------------------------------- giving back, judging
def test_an_administrator_of_the_clinic_may_end_it_and_nobody_else(once_named, cast, physician):
    emergency = opening(once_named, physician)
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    stranger = make_user("Al Elsewhere", Role.ADMINISTRATOR, elsewhere)
    for other in (stranger, cast.lapsed, cast.prescriber):
        with pytest.raises(PermissionDenied):
            close_emergency(by=other, emergency=emergency)
    assert close_emergency(by=cast.administrator, emergency=emergency).closed_at
    assert not words(read(physician, once_named.client.pk))


def reviewed(by, emergency, **changes):
    return review_emergency(
        by=by, emergency=emergency, **{"justified": True, "review": "Called by ER", **changes}
    )


@pytest.fixture
def over(once_named, physician) -> EmergencyAccess:
    return close_emergency(by=physician, emergency=opening(once_named, physician))


def test_it_is_judged_once(over, administrator):
    assert list(EmergencyAccess.objects.to_review()) == [over]
    found = reviewed(administrator, over, justified=False)
    assert (found.justified, found.reviewed_by, found.review) == (
        False,
        administrator,
        "Called by ER",
    )
    assert not EmergencyAccess.objects.to_review().exists()
    with pytest.raises(ValidationError, match="already"):
        reviewed(administrator, over)
    assert AuditEvent.objects.filter(event="emergency.reviewed").count() == 1


def test_it_is_judged_when_it_is_over(once_named, physician, administrator):
    with pytest.raises(ValidationError, match="It is open until"):
        reviewed(administrator, opening(once_named, physician))


def test_a_judgement_has_a_reason(over, administrator):
    with pytest.raises(ValidationError) as refused:
        reviewed(administrator, over, review=" ")
    assert list(refused.value.error_dict) == ["review"]


def test_only_an_administrator_of_the_clinic_judges(over, cast):
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    stranger = make_user("Al Elsewhere", Role.ADMINISTRATOR, elsewhere)
    for other in (stranger, *(u for u in cast.everybody().values() if u != cast.administrator)):
        with pytest.raises(PermissionDenied):
            reviewed(other, over)


def test_nobody_judges_their_own(full_case, prescriber):
    emergency = close_emergency(by=prescriber, emergency=opening(full_case, prescriber))
    Membership.objects.filter(user=prescriber).update(role=Role.ADMINISTRATOR)
    del prescriber.membership
    with pytest.raises(PermissionDenied, match="themselves"):
        reviewed(prescriber, emergency)
    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyAccess.objects.filter(pk=emergency.pk).update(
            reviewed_by=prescriber, reviewed_at=database_now(), justified=True, review="x"
        )


# ---------------------------------------------------------------- what the database refuses
@pytest.mark.parametrize(
    "changes",
    [
        {"opened_at": OPENED_AT},
        {"nature": "something else"},
        {"reader_id": 1},
        {"clinic_id": 2},
        {"basis": THREAT, "told_to": "x"},
        {"closed_at": None},
        {"closed_at": OPENED_AT},
    ],
    ids=str,
)
def test_nothing_of_it_changes_afterwards(changes, over):
    with pytest.raises(IntegrityError), transaction.atomic():
        EmergencyAccess.objects.filter(pk=over.pk).update(**changes)


def test_it_is_kept(over):
    with pytest.raises(IntegrityError), transaction.atomic():
        over.delete()


@pytest.mark.parametrize(
    ("name", "basis", "refused"),
    [
        ("therapist", MEDICAL, True),
        ("coordinator", MEDICAL, True),
        ("kaptherapist", MEDICAL, True),
        ("administrator", MEDICAL, True),
        ("superuser", MEDICAL, True),
        ("nurse", THREAT, True),
        ("nurse", MEDICAL, False),
        ("prescriber", THREAT, False),
        ("physician", THREAT, False),
    ],
)
def test_no_path_makes_one_for_anybody_but_medical_staff(name, basis, refused, case, cast):
    case.send()
    user = getattr(cast, name)

    def make():
        with transaction.atomic():
            EmergencyAccess.objects.create(
                client=case.client,
                clinic=cast.clinic,
                basis=basis,
                reader=user,
                organization=user.membership.organization,
                nature="x",
                told_to="y",
                opened_at=database_now(),
            )

    if refused:
        with pytest.raises(IntegrityError, match="medical staff"):
            make()
    else:
        make()
