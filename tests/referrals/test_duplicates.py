"""Likely duplicates: flagged to coordinators and prescribers alone; a merge opens nothing."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse

from audit.models import AuditEvent
from consent.enums import Category as C
from consent.ledger.chain import broken_links
from consent.models import Disclosure
from people.merging import (
    likely_of,
    likely_pairs,
    merge_clients,
    other_records,
    same_person,
    survivor,
    tell_apart,
)
from people.models import ClientMerge, TwoPeople
from referrals.enums import ContextKind
from tests.builder import Builder
from tests.factories import LAST_NAME, SENT, make_client
from tests.refusing import database_refuses

pytestmark = pytest.mark.django_db
OTHER = {"first_name": "Robyn", "date_of_birth": date(1985, 7, 15)}


def url(name: str, *args) -> str:
    return reverse(f"referrals:{name}", args=args)


def words(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def two(case, referral, cast):
    """The same person, referred by two practices, once with slips of the pen."""
    second = Builder(cast, referrer=cast.stranger)
    second.send(**OTHER)
    return case, second


def merge(two, by=None, **changes):
    one, other = two
    fields = {
        "by": by or one.cast.coordinator,
        "clinic": one.cast.clinic,
        "merged": other.client,
        "survivor": one.client,
        "reason": "Rang the client.",
        "form_key": uuid4(),
    }
    return merge_clients(**{**fields, **changes})


# ------------------------------------------------------------------ who is told
def test_staff_are_told_and_nobody_else(two, cast, signed_in):
    one, other = two
    for name, user in cast.everybody().items():
        told = name in ("coordinator", "prescriber")
        browser = signed_in(user)
        assert (browser.get(url("duplicates")).status_code == 200) == told, name
        address = url("compare", one.client.pk, other.client.pk)
        assert (browser.get(address).status_code == 200) == told, name
    page = words(signed_in(cast.coordinator).get(url("triage", other.referral.pk)))
    assert "The clinic may know this client already" in page
    assert one.client.number in page
    assert words(signed_in(cast.prescriber).get(url("duplicates"))).count("Compare<") == 1


def test_a_second_therapist_learns_nothing(two, cast, signed_in):
    """What they see is what they would see of somebody whom nobody else has referred."""
    unknown = Builder(cast, referrer=cast.stranger)
    unknown.send(last_name="Zqsomebodyelse", date_of_birth=date(1950, 1, 1))
    merge(two)
    browser, pages = signed_in(cast.stranger), []
    for each in (two[1], unknown):
        page = words(browser.get(url("detail", each.referral.pk)))
        page = page.split("<main")[1].split("</main>")[0]
        pk, client = each.referral.pk, each.client
        for own in (f"/{pk}/", each.referral.reference, client.number, client.last_name):
            page = page.replace(own, "")
        pages.append(page)
    assert pages[0] == pages[1]
    assert two[0].client.number not in words(browser.get(reverse("reminders:worklist")))


def test_another_clinic_knows_nothing_of_it(two, cast, signed_in):
    assert likely_pairs(cast.primary_care.pk) == []
    assert likely_of(two[0].client, cast.primary_care.pk) == []


def test_an_empty_list_says_why(signed_in, cast):
    assert "No two records are alike" in words(signed_in(cast.coordinator).get(url("duplicates")))


def test_what_is_not_the_clinics_is_not_compared(two, cast, signed_in):
    browser = signed_in(cast.coordinator)
    elsewhere = make_client(cast.other_practice)
    one = two[0].client.pk
    for pair in ((one, elsewhere.pk), (one, one), (one, 999_999)):
        assert browser.get(url("compare", *pair)).status_code == 404


# ------------------------------------------------------------------ merging
def test_merged_records_are_shown_as_one_person(two, cast, signed_in):
    one, other = two
    browser, pk = signed_in(cast.coordinator), (one.client.pk, other.client.pk)
    key = str(uuid4())
    empty = browser.post(url("compare", *pk), {"form_key": key, "reason": "Zqtyped"})
    assert "Choose the record" in words(empty)
    assert "Zqtyped" in words(empty)
    data = {"form_key": key, "keep": one.client.pk, "reason": "Rang the client."}
    for _ in range(2):
        assert browser.post(url("compare", *pk), data).status_code == 302
    assert ClientMerge.objects.count() == 1
    assert other_records(other.client.pk, cast.clinic.pk) == [one.client]
    assert survivor(other.client.pk, cast.clinic.pk) == one.client.pk
    for each in two:
        page = words(browser.get(url("triage", each.referral.pk)))
        assert "another record of this person" in page
        assert "may know this client" not in page
    assert "No two records are alike" in words(browser.get(url("duplicates")))
    assert AuditEvent.objects.filter(event="client.merged").count() == 1


def test_two_people_are_told_apart_for_good(two, cast, signed_in):
    pk = (two[0].client.pk, two[1].client.pk)
    browser = signed_in(cast.prescriber)
    for _ in range(2):
        assert browser.post(url("apart", *pk)).url == url("duplicates")
    assert TwoPeople.objects.count() == 1
    assert likely_pairs(cast.clinic.pk) == []
    assert "may know this client" not in words(browser.get(url("triage", two[1].referral.pk)))


def test_a_merge_opens_nothing_and_moves_nothing(two, cast, signed_in):
    """What was signed for one record opens no item of the other, before and after."""
    one, other = two
    one.active(in_categories=[C.HISTORY], out_categories=[C.READINESS])
    other.accept()
    coordinator = signed_in(cast.coordinator)
    coordinator.get(url("triage", one.referral.pk))
    before = list(Disclosure.objects.values())
    merge(two)
    assert SENT[ContextKind.HISTORY] in words(coordinator.get(url("triage", one.referral.pk)))
    assert SENT[ContextKind.HISTORY] not in words(coordinator.get(url("triage", other.referral.pk)))
    page = words(signed_in(cast.stranger).get(url("detail", other.referral.pk)))
    assert "Received." in page
    for user in (cast.therapist, cast.stranger):
        theirs = two[0] if user == cast.stranger else two[1]
        assert signed_in(user).get(url("detail", theirs.referral.pk)).status_code == 404
    assert list(Disclosure.objects.order_by("pk").values())[: len(before)] == before
    assert [broken_links(each.client.pk) for each in two] == [[], []]


def test_nobody_is_treated_under_two_records_at_once(two):
    for each in two:
        each.accept()
    merge(two)
    two[0].open()
    with pytest.raises(ValidationError, match=f"already, as {two[0].client.number}"):
        two[1].open()


def test_a_merge_by_others_or_of_others_is_refused(two, cast):
    for name, user in cast.everybody().items():
        if name not in ("coordinator", "prescriber"):
            with pytest.raises(PermissionDenied), transaction.atomic():
                merge(two, by=user)
            with pytest.raises(PermissionDenied), transaction.atomic():
                tell_apart(by=user, clinic=cast.clinic, one=two[0].client, other=two[1].client)
    with pytest.raises(PermissionDenied, match="no record"), transaction.atomic():
        merge(two, merged=make_client(cast.other_practice))
    with pytest.raises(ValidationError), transaction.atomic():
        merge(two, reason=" ")


def test_three_records_of_one_person_make_one_group(two, cast):
    third = Builder(cast, referrer=cast.colleague)
    third.send(last_name=LAST_NAME)
    merge(two)
    with pytest.raises(ValidationError, match="merged before"), transaction.atomic():
        merge((two[1], third))
    with pytest.raises(ValidationError, match="already"), transaction.atomic():
        merge((two[1], two[0]))
    merge((third, two[0]))
    everyone = {each.client.pk for each in (*two, third)}
    assert {same_person(pk, cast.clinic.pk) for pk in everyone} == {frozenset(everyone)}
    assert survivor(two[1].client.pk, cast.clinic.pk) == third.client.pk
    assert likely_pairs(cast.clinic.pk) == []


def test_the_database_refuses_a_merge_in_a_circle_or_of_strangers(two, cast):
    one, other = two
    row = {"clinic": cast.clinic, "by": cast.coordinator, "reason": "x"}
    pair = {"merged": other.client, "survivor": one.client}
    elsewhere = make_client(cast.other_practice)
    for wrong in ({"survivor": elsewhere}, {"by": cast.nurse}, {"survivor": other.client}):
        database_refuses(lambda wrong=wrong: ClientMerge.objects.create(**{**row, **pair, **wrong}))
    ClientMerge.objects.create(**row, **pair)
    turned = {"merged": one.client, "survivor": other.client}
    database_refuses(lambda: ClientMerge.objects.create(**row, **turned))
    apart = {"clinic": cast.clinic, "by": cast.nurse, "lower": one.client, "higher": other.client}
    database_refuses(lambda: TwoPeople.objects.create(**apart))
