"""The accounting of disclosures: whole, by period, by clinic; as page, table and PDF."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consent.actions.drafting import draft_release, edit_release, send_for_signature
from consent.actions.links import hand_over
from consent.actions.signatures import Signature
from consent.actions.signing import sign_release
from consent.clock import database_now
from consent.documents.text import as_text, sha256
from consent.enums import Channel, EmergencyBasis
from consent.ledger.accounting import Period, accounting, folded
from consent.models import Disclosure, EmergencyAccess
from consent.scope import PART2_NOTICE
from people.enums import OrganizationKind, Role
from people.formats import moment
from people.registration import register
from tests.consent.accounts import item, table, write
from tests.consent.pages import look, main, url, visitor
from tests.factories import make_organization, make_user, utc

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(confirmed):
    """Accounts ask for the password again."""
    return confirmed


# ------------------------------------------------------------------ what it says
def test_it_says_who_what_when_why_and_how_and_never_the_words(staff, looked):
    pk = looked.client.pk
    page = main(staff.get(url("accounting", pk)))
    for words in ("Tess Therapist, LCSW (referring therapist)", "Harbor Lane Practice", "Street"):
        assert words in page
    for words in ("Schedule", "Treatment", "Response", "Coordinating care", "On screen"):
        assert words in page
    assert looked.release.number in page
    assert "Northfield Clinic" in page
    assert "45 CFR 164.528" in page


def test_every_way_of_reading_is_listed(looked):
    for channel in (Channel.FRAGMENT, Channel.WORKLIST, Channel.PDF, Channel.EXPORT):
        look(looked, channel=channel)
    ways = [e.how for e in accounting(looked.client.pk, looked.cast.clinic.pk)]
    assert ways == ["Copy handed over", "PDF", "Worklist", "Part of a page", "Page"]


def test_an_empty_accounting_says_so(staff, case):
    case.send()
    assert "Nothing was disclosed" in main(staff.get(url("accounting", case.client.pk)))


def test_substance_use_records_carry_the_notice(staff, full_case):
    full_case.active(sensitivities=["substance_use"])
    look(full_case)
    assert PART2_NOTICE in main(staff.get(url("accounting", full_case.client.pk)))
    assert PART2_NOTICE in str(table(staff.post(url("accounting_csv", full_case.client.pk))))
    assert PART2_NOTICE in main(visitor(full_case).get(url("my_page")))


def test_without_them_there_is_none(staff, looked):
    assert PART2_NOTICE not in main(staff.get(url("accounting", looked.client.pk)))


def test_emergency_access_is_listed_by_number_declarer_and_nature(staff, full_case):
    case, cast = full_case, full_case.cast
    emergency = EmergencyAccess.objects.create(
        client=case.client,
        clinic=cast.clinic,
        basis=EmergencyBasis.MEDICAL,
        reader=cast.physician,
        organization=cast.primary_care,
        nature="Found unconscious",
        opened_at=database_now(),
    )
    assert look(case, cast.physician)
    for page in (
        main(staff.get(url("accounting", case.client.pk))),
        main(staff.get(url("ledger"))),
        main(visitor(case).get(url("my_page"))),
    ):
        assert f"Emergency access {emergency.pk}, declared by Phil Physician, MD" in page
        assert "Found unconscious" in page
        assert "Medical emergency" in page


def test_whoever_was_told_of_a_threat_is_not_named(full_case):
    case, cast = full_case, full_case.cast
    emergency = EmergencyAccess.objects.create(
        client=case.client,
        clinic=cast.clinic,
        basis=EmergencyBasis.THREAT,
        reader=cast.physician,
        organization=cast.primary_care,
        nature="Said they would hurt somebody",
        told_to="A neighbour",
        opened_at=database_now(),
    )
    look(case, cast.physician)
    [entry] = accounting(case.client.pk, cast.clinic.pk)
    assert entry.emergency_id == emergency.pk
    assert "A neighbour" not in str(entry)


# ------------------------------------------------------------------ which clinic
@pytest.fixture
def elsewhere(full_case):
    """A second clinic with the same client, its administrator, and a release of its own."""
    case = full_case
    clinic = make_organization("South Clinic", OrganizationKind.CLINIC)
    by = make_user("Otto Other", Role.ADMINISTRATOR, clinic)
    register(case.client, clinic)
    release = draft_release(by=by, client=case.client, form_key="7" * 32)
    release = edit_release(by=by, release=release, terms=case.terms())
    release = send_for_signature(by=by, release=release)
    signature = Signature("client", case.client.full_name, electronic_agreed=True)
    text = sha256(as_text(release))
    link = hand_over(by=by, release=release)
    return by, sign_release(link=link, signature=signature, shown_sha256=text)


def test_each_clinic_accounts_for_what_rests_on_its_own_releases(full_case, elsewhere, signed_in):
    case, (other_administrator, theirs) = full_case, elsewhere
    ours = case.active()
    mixed = [item("treatment", ours), item("safety", theirs, 2, "2026-07-15")]
    write(case, items=mixed, sensitivities=["substance_use"])
    write(case, items=[item("safety", theirs, 3)])
    [entry] = accounting(case.client.pk, case.cast.clinic.pk)
    assert (entry.categories, entry.count, entry.releases) == (["Treatment"], 1, [ours.number])
    assert entry.description == "Treatment; 1 item of 14-Jul-2026"
    assert entry.notice == ""  # our release opens no such records
    south = accounting(case.client.pk, theirs.organization_id)
    assert [e.categories for e in south] == [["Safety"], ["Safety"]]
    pages = {
        case.cast.administrator: ("Treatment", "Safety", ours),
        other_administrator: ("Safety", "Treatment", theirs),
    }
    for user, (own, foreign, release) in pages.items():
        for name, args in (("accounting", [case.client.pk]), ("ledger", [])):
            page = main(signed_in(user).get(url(name, *args)))
            assert own in page
            assert foreign not in page.split("</thead>")[1]
        assert release.number in main(signed_in(user).get(url("accounting", case.client.pk)))


def test_an_emergency_belongs_to_the_clinic_that_reviews_it(full_case, elsewhere):
    case, (_, theirs) = full_case, elsewhere
    emergency = EmergencyAccess.objects.create(
        client=case.client,
        clinic=theirs.organization,
        basis=EmergencyBasis.MEDICAL,
        reader=case.cast.physician,
        organization=case.cast.primary_care,
        nature="Fell",
        opened_at=database_now(),
    )
    write(case, items=[item("safety", None)], emergency_id=emergency.pk, purpose="medical")
    assert accounting(case.client.pk, case.cast.clinic.pk) == []
    assert len(accounting(case.client.pk, theirs.organization_id)) == 1


def test_the_clients_page_is_one_clinics(full_case, elsewhere):
    case, (_, theirs) = full_case, elsewhere
    write(case, items=[item("safety", theirs)])
    page = main(visitor(case).get(url("my_page")))
    assert "Nobody has looked" in page
    assert theirs.number not in page
    assert visitor(case).get(url("my_question", 1)).status_code == 404


# ------------------------------------------------------------------ which period
def test_a_period_is_half_open_by_the_clinics_days():
    period = Period(*[timezone.datetime(2026, 3, d).date() for d in (7, 8)], "America/New_York")
    assert period.since == utc(2026, 3, 7, 5)
    assert period.until == utc(2026, 3, 9, 4)  # the clocks went forward on the 8th


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (utc(2026, 7, 14, 3, 59, 59, 999_999), False),
        (utc(2026, 7, 14, 4), True),  # midnight in New York
        (utc(2026, 7, 15, 3, 59, 59, 999_999), True),
        (utc(2026, 7, 15, 4), False),
    ],
)
def test_each_boundary_to_the_microsecond(staff, case, at, inside):
    case.send()
    write(case, at=at, items=[item("safety", case.active())])
    query = "?first_day=14-Jul-2026&last_day=2026-07-14"
    page = main(staff.get(url("accounting", case.client.pk) + query))
    assert ("Tess Therapist" in page) == inside
    days = {"first_day": "14-Jul-2026", "last_day": "14-Jul-2026"}
    rows = table(staff.post(url("accounting_csv", case.client.pk), days))
    assert ("Tess Therapist" in str(rows)) == inside
    assert "from 14-Jul-2026 to 14-Jul-2026" in str(rows)
    mine = visitor(case).get(url("my_accounting") + query)
    assert ("Tess Therapist" in main(mine)) == inside
    rows = table(visitor(case).get(url("my_accounting_csv") + query))
    assert ("Tess Therapist" in str(rows)) == inside


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("?first_day=31-Feb-2026", "Enter a date such as"),
        ("?last_day=tomorrow", "Enter a date such as"),
        ("?first_day=01-Jan-0001", "Check the year"),
        ("?first_day=15-Jul-2026&last_day=14-Jul-2026", "It ends before it begins"),
        ("?last_day=31-Dec-9999", "Check the year"),
    ],
)
def test_bad_days_get_a_sentence_and_list_nothing(staff, looked, query, sentence):
    answers = [staff.get(url("accounting", looked.client.pk) + query)]
    answers += [visitor(looked).get(url("my_accounting") + query)]
    answers += [visitor(looked).get(url("my_accounting_csv") + query)]
    answers += [staff.get(url("ledger") + query)]
    for answer in answers:
        assert answer.status_code == 200
        assert sentence in main(answer)
        assert "Tess Therapist" not in main(answer)


@pytest.mark.parametrize("query", ["?before=x", "?before=-1", "?before=99999999999999999999"])
def test_a_bad_key_is_no_error(staff, looked, query):
    for name, args in (("accounting", [looked.client.pk]), ("ledger", [])):
        assert staff.get(url(name, *args) + query).status_code == 200


def test_looks_fold_by_reader_day_way_and_reason(case):
    case.send()
    release = case.active()
    noon = utc(2026, 7, 14, 12)
    one = {"items": [item("safety", release)]}
    write(case, at=noon, **one)
    write(case, at=noon + timedelta(hours=1), channel=Channel.WORKLIST, **one)
    write(case, at=noon + timedelta(hours=2), items=[item("treatment", release)])
    write(case, at=noon + timedelta(hours=3), channel=Channel.PDF, **one)
    write(case, at=noon + timedelta(hours=4), purpose="at_request", **one)
    write(case, at=noon + timedelta(hours=5), reader_role="contact", **one)
    write(case, at=utc(2026, 7, 15, 5), **one)  # the next day, in New York too
    lines = folded(accounting(case.client.pk, case.cast.clinic.pk))
    assert [(line.count, line.what, line.how) for line in lines] == [
        (1, "Safety", "On screen"),
        (1, "Safety", "On screen"),
        (1, "Safety", "On screen"),
        (1, "Safety", "PDF"),
        (3, "Treatment, Safety", "On screen"),
    ]


def test_times_are_the_clinics_whoever_reads(looked):
    looked.cast.clinic.timezone = "America/Los_Angeles"
    looked.cast.clinic.save()
    at = Disclosure.objects.get().at
    page = main(visitor(looked).get(url("my_page")))
    with timezone.override("America/Los_Angeles"):
        assert moment(at) in page
