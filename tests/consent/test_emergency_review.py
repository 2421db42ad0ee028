"""Giving back, judging once, the pages for it, and what the database refuses."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.models import AuditEvent
from consent.actions.emergency import close_emergency, review_emergency
from consent.clock import database_now
from consent.models import Disclosure, EmergencyAccess
from people.enums import OrganizationKind, Role
from people.models import Membership
from tests.consent.emergencies import MEDICAL, THREAT, opening
from tests.consent.reading import read, words
from tests.factories import CLINIC, SENT, make_organization, make_user, utc

OPENED_AT = utc(2026, 7, 14, 9, 20)


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


# ---------------------------------------------------------------- the pages
def at(name, emergency) -> str:
    return reverse(f"consent:{name}", args=[emergency.pk])


def shown(response) -> str:
    return response.content.decode()


@pytest.fixture
def reading(once_named, physician, signed_in) -> EmergencyAccess:
    """Opened, read once by page, and given back."""
    emergency = opening(once_named, physician)
    signed_in(physician).get(reverse("care:timeline", args=[once_named.referral.pk]))
    return close_emergency(by=physician, emergency=emergency)


def test_an_administrator_sees_who_when_why_and_what_but_never_a_word_of_it(
    reading, signed_in, administrator
):
    text = shown(signed_in(administrator).get(at("emergency_review", reading)))
    row = Disclosure.objects.get(emergency_id=reading.pk)
    for part in (
        "Phil Physician, MD",
        "Elm Primary Care",
        "Found unconscious",
        "Medical emergency",
    ):
        assert part in text
    assert f"{len(row.items)} items" in text
    assert "Treatment" in text
    assert "With substance-use records" in text
    assert not any(word in text for word in [*CLINIC.values(), *SENT.values(), "Zqclinicsub"])


def test_it_is_judged_on_the_page_once(reading, signed_in, administrator):
    browser, path = signed_in(administrator), at("emergency_review", reading)
    assert set(browser.post(path).context["form"].errors) == {"justified", "review"}
    browser.post(path, {"justified": "no", "review": "Nobody called us"})
    reading.refresh_from_db()
    assert (reading.justified, reading.review) == (False, "Nobody called us")
    assert "Not justified: Nobody called us" in shown(browser.get(path))
    answer = browser.post(path, {"justified": "yes", "review": "After all"})
    assert "This was reviewed already." in shown(answer)


def test_while_it_is_open_it_can_be_ended_and_not_judged(
    once_named, signed_in, physician, administrator
):
    emergency = opening(once_named, physician)
    browser, path = signed_in(administrator), at("emergency_review", emergency)
    text = shown(browser.get(path))
    assert "End it now" in text
    assert 'name="justified"' not in text
    browser.post(path, {"justified": "yes", "review": "x"})
    emergency.refresh_from_db()
    assert emergency.reviewed_at is None
    assert 'name="justified"' in shown(browser.post(at("emergency_close", emergency), follow=True))


def test_the_list_is_filtered(once_named, reading, signed_in, physician, administrator):
    opening(once_named, physician, THREAT)
    browser, path = signed_in(administrator), reverse("consent:emergencies")

    def listed(show):
        return [row.basis for row in browser.get(path, {"show": show}).context["rows"]]

    assert listed("") == listed("all") == [THREAT, MEDICAL]
    assert listed("open") == [THREAT]
    assert listed("review") == [THREAT, MEDICAL]
    assert listed("justified") == listed("not-justified") == []
    browser.post(at("emergency_review", reading), {"justified": "yes", "review": "x"})
    assert listed("justified") == [MEDICAL]
    assert browser.get(path, {"show": "rubbish"}).status_code == 404
    assert [row.basis for row in browser.get(path, {"before": reading.pk + 1}).context["rows"]] == [
        MEDICAL
    ]


def test_another_clinic_and_other_roles_see_none_of_it(reading, signed_in, cast):
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    stranger = signed_in(make_user("Al Elsewhere", Role.ADMINISTRATOR, elsewhere))
    assert not stranger.get(reverse("consent:emergencies")).context["rows"]
    for verb in ("get", "post"):
        assert getattr(stranger, verb)(at("emergency_review", reading)).status_code == 404
    assert stranger.post(at("emergency_close", reading)).status_code == 404
    for name, user in cast.everybody().items():
        if name != "administrator":
            browser = signed_in(user)
            assert browser.get(reverse("consent:emergencies")).status_code == 404
            assert browser.get(at("emergency_review", reading)).status_code == 404


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
