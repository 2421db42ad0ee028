"""The pages of emergency access: who finds them, what they ask, and what stays in sight."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from consent.enums import EmergencyBasis
from consent.models import Disclosure, EmergencyAccess, ReleaseRecipient
from people.enums import OrganizationKind, Role
from tests.builder import Builder
from tests.consent.emergencies import THREAT, opening
from tests.factories import CLINIC, LAST_NAME, PASSWORD, SENT, make_organization, make_user
from tests.releases import NARROW_OUT

BORN = "14-Jul-1985"
FIND = reverse("consent:emergency_find")


@pytest.fixture
def confirmed(signed_in):
    """A browser whose user has just given the password once more."""

    def confirm(user):
        browser = signed_in(user)
        browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        return browser

    return confirm


def page(case, reason="") -> str:
    query = f"?reason={reason}" if reason else ""
    return reverse("consent:emergency", args=[case.client.pk]) + query


def at(name, emergency) -> str:
    return reverse(f"consent:{name}", args=[emergency.pk])


def shown(response) -> str:
    return response.content.decode()


def ask_for(browser, last_name=LAST_NAME, born=BORN):
    return browser.post(FIND, {"last_name": last_name, "date_of_birth": born})


def filled(browser, path, **changes) -> dict:
    """What the form on that page sends, with words in it."""
    initial = browser.get(path).context["form"]
    fields = {name: initial[name].initial for name in ("form_key", "clinic")}
    fields |= {"clinic": fields["clinic"].pk, "nature": "Found unconscious", "needed": "on"}
    return {**fields, **changes}


# ---------------------------------------------------------------- finding the client
@pytest.mark.parametrize(
    ("last_name", "born"),
    [(LAST_NAME, "15-Jul-1985"), ("Somebody", BORN), (LAST_NAME[:-1], BORN), ("%", BORN)],
)
def test_who_is_not_found_is_told_the_same_whatever_is_wrong(
    last_name, born, once_named, confirmed, physician, stranger
):
    wrong = shown(ask_for(confirmed(physician), last_name, born))
    assert "can be opened by you" in wrong
    assert once_named.client.number not in wrong
    assert LAST_NAME not in wrong.replace(f'value="{last_name}"', "")


def test_a_client_is_found_by_name_and_birthday_and_never_listed(once_named, confirmed, physician):
    browser = confirmed(physician)
    assert LAST_NAME not in shown(browser.get(FIND))
    answer = ask_for(browser, f" {LAST_NAME.upper()} ")
    assert answer.status_code == 302
    assert answer.url == page(once_named)
    assert LAST_NAME.upper() in shown(browser.get(answer.url))


def test_each_asking_is_recorded_and_twenty_in_an_hour_are_enough(
    once_named, confirmed, physician, monkeypatch
):
    browser, asked = confirmed(physician), AuditEvent.objects.filter(event="emergency.asked")
    monkeypatch.setattr("consent.actions.emergency.MOST_ASKED", 3)
    for born in ("01-Jan-1985", "02-Jan-1985", "03-Jan-1985"):
        assert "can be opened by you" in shown(ask_for(browser, born=born))
    assert "Call the clinic, or wait an hour" in shown(ask_for(browser))
    assert [(event.actor_id, event.detail) for event in asked] == [
        (physician.pk, {"found": []})
    ] * 3
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        monkeypatch.setattr("consent.actions.emergency.database_now", timezone.now)
        browser = confirmed(physician)
        assert ask_for(browser).status_code == 302
    assert asked.latest("pk").detail == {"found": [once_named.client.pk]}


def test_two_of_one_name_and_birthday_are_told_apart(once_named, confirmed, cast):
    other = Builder(cast)
    other.send(first_name="Toni")
    other.active(recipients=[cast.physician])
    text = shown(ask_for(confirmed(cast.physician)))
    assert once_named.client.number in text
    assert other.client.number in text


def test_counting_through_the_addresses_finds_nobody(once_named, confirmed, physician):
    assert confirmed(physician).get(page(once_named)).status_code == 404


def test_whoever_a_release_in_force_names_comes_from_the_timeline(full_case, confirmed, physician):
    full_case.active(recipients=[physician], out_categories=NARROW_OUT)
    browser = confirmed(physician)
    timeline = browser.get(reverse("care:timeline", args=[full_case.referral.pk]))
    assert page(full_case) in shown(timeline)
    assert browser.get(page(full_case)).status_code == 200


@pytest.mark.parametrize("state", ["none", "unsigned", "other_person", "other_practice"])
def test_a_client_who_never_named_them_is_not_found(state, full_case, confirmed, physician):
    full_case.make_release(state)
    browser = confirmed(physician)
    assert ask_for(browser).status_code == 200
    assert browser.get(page(full_case)).status_code == 404


def test_somebody_new_at_a_practice_finds_whom_a_release_named_to_their_role(
    full_case, confirmed, cast
):
    release = full_case.unsigned(recipients=[cast.physician])
    ReleaseRecipient.objects.filter(release=release).update(
        kind="role", user=None, role="physician"
    )
    full_case.revoke(full_case.sign(release))
    new = make_user("Nia New", Role.PHYSICIAN, cast.primary_care)
    assert LAST_NAME not in shown(confirmed(new).get(FIND))
    assert ask_for(confirmed(new)).status_code == 302


@pytest.mark.parametrize(
    "who", ["therapist", "colleague", "coordinator", "kaptherapist", "administrator", "superuser"]
)
def test_nobody_else_finds_these_pages(who, once_named, confirmed, cast):
    browser = confirmed(getattr(cast, who))
    for path in (FIND, page(once_named)):
        assert browser.get(path).status_code == 404
        assert browser.post(path).status_code == 404


def test_staff_of_another_clinic_find_nothing(full_case, confirmed):
    elsewhere = make_organization("Second Clinic", OrganizationKind.CLINIC)
    for role in (Role.PRESCRIBER, Role.NURSE):
        browser = confirmed(make_user(f"Ed {role}", role, elsewhere))
        assert browser.get(page(full_case)).status_code == 404


# ---------------------------------------------------------------- opening
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_password_is_asked_first(method, full_case, signed_in, nurse, physician):
    for user, path in ((nurse, page(full_case)), (physician, FIND)):
        answer = getattr(signed_in(user), method)(path, {"last_name": LAST_NAME})
        assert answer.status_code == 302
        assert reverse("account_reauthenticate") in answer.url
    assert not EmergencyAccess.objects.exists()


def test_the_page_itself_opens_and_records_nothing(full_case, confirmed, nurse):
    text = shown(confirmed(nurse).get(page(full_case)))
    assert not any(word in text for word in [*CLINIC.values(), *SENT.values()])
    assert not EmergencyAccess.objects.exists()
    assert not Disclosure.objects.exists()


def test_a_nurse_is_offered_the_one_reason(full_case, confirmed, nurse, prescriber):
    assert "?reason=threat" not in shown(confirmed(nurse).get(page(full_case)))
    assert confirmed(nurse).get(page(full_case, "threat")).status_code == 404
    assert "?reason=threat" in shown(confirmed(prescriber).get(page(full_case)))
    assert confirmed(prescriber).get(page(full_case, "rubbish")).status_code == 404


def test_each_reason_has_its_own_fields_and_its_own_text(full_case, confirmed, prescriber):
    browser = confirmed(prescriber)
    medical, threat = (shown(browser.get(page(full_case, r))) for r in EmergencyBasis)
    assert "told_to" not in medical
    assert "told_to" in threat
    assert "substance-use records included" in medical
    assert "treatment" in medical.split("What this opens")[1].split("It does not open")[0]
    assert "It does not open: readiness, treatment, response, integration" in threat
    for text in (medical, threat):
        assert "administrators are told at once" in text


def test_outside_the_clinic_it_is_said_that_what_others_sent_stays_closed(
    once_named, confirmed, physician, nurse
):
    ask_for(browser := confirmed(physician))
    assert "call the clinic for it" in shown(browser.get(page(once_named)))
    assert "call the clinic for it" not in shown(confirmed(nurse).get(page(once_named)))


@pytest.mark.parametrize("reason", EmergencyBasis)
def test_every_field_must_be_filled_in(reason, full_case, confirmed, prescriber):
    answer = confirmed(prescriber).post(page(full_case, reason))
    assert answer.status_code == 200
    wanted = {"form_key", "clinic", "nature", "needed"} | (
        {"told_to"} if reason == THREAT else set()
    )
    assert set(answer.context["form"].errors) == wanted
    assert not EmergencyAccess.objects.exists()


def test_a_nurse_opens_it_from_the_case_and_sees_when_it_ends(full_case, confirmed, nurse):
    case = reverse("care:case", args=[full_case.episode.pk])
    browser = confirmed(nurse)
    before = shown(browser.get(case))
    assert page(full_case) in before
    assert SENT["risk"] not in before
    answer = browser.post(page(full_case), filled(browser, page(full_case)), follow=True)
    assert answer.redirect_chain[-1][0] == case
    text, emergency = shown(answer), EmergencyAccess.objects.get()
    assert SENT["risk"] in text
    assert f"{timezone.localtime(emergency.until):%H:%M}" in text
    assert "minutes left" in text.replace("\xa0", " ")
    assert at("emergency_close", emergency) in text
    assert page(full_case) not in text
    row = Disclosure.objects.get(emergency_id=emergency.pk)
    assert (row.reader_id, row.purpose, row.channel) == (nurse.pk, "medical", "page")


def test_a_physician_opens_it_and_reads_the_timeline_for_an_hour(once_named, confirmed, physician):
    browser = confirmed(physician)
    timeline = reverse("care:timeline", args=[once_named.referral.pk])
    assert browser.get(timeline).status_code == 404
    ask_for(browser)
    path = page(once_named, "medical")
    answer = browser.post(path, filled(browser, path), follow=True)
    assert answer.redirect_chain[-1][0] == timeline
    text = shown(answer)
    assert CLINIC["safety"] in text
    assert CLINIC["treatment"] in text
    assert CLINIC["integration"] not in text
    assert "Emergency access until" in text
    with time_machine.travel(timezone.now() + timedelta(minutes=59), tick=False):
        assert "Emergency access until" in shown(confirmed(physician).get(timeline))
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert confirmed(physician).get(timeline).status_code == 404


def test_the_form_sent_twice_opens_once(full_case, confirmed, nurse):
    browser = confirmed(nurse)
    fields = filled(browser, page(full_case))
    first, second = (browser.post(page(full_case), fields) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert EmergencyAccess.objects.count() == 1


def test_a_threat_is_opened_with_whom_it_is_told_to(once_named, confirmed, physician):
    browser = confirmed(physician)
    ask_for(browser)
    path = page(once_named, "threat")
    browser.post(path, filled(browser, path, told_to="The sister, who stays with them"))
    found = EmergencyAccess.objects.get()
    assert (found.basis, found.told_to) == (THREAT, "The sister, who stays with them")


def test_giving_it_back_closes_the_page(once_named, confirmed, physician):
    emergency = opening(once_named, physician)
    browser, timeline = (
        confirmed(physician),
        reverse("care:timeline", args=[once_named.referral.pk]),
    )
    assert browser.get(timeline).status_code == 200
    assert browser.get(at("emergency_close", emergency)).status_code == 405
    answer = browser.post(at("emergency_close", emergency), follow=True)
    assert "Given back" in shown(answer)
    assert browser.get(timeline).status_code == 404


def test_nobody_gives_back_or_follows_what_others_opened(full_case, signed_in, cast):
    emergency = opening(full_case, cast.nurse)
    for who in ("prescriber", "physician", "lapsed"):
        browser = signed_in(getattr(cast, who))
        assert browser.post(at("emergency_close", emergency)).status_code == 404
        assert browser.get(reverse("care:emergency", args=[emergency.pk])).status_code == 404
    assert EmergencyAccess.objects.get().closed_at is None


def test_the_document_says_that_it_rests_on_an_emergency(once_named, signed_in, physician):
    opening(once_named, physician)
    answer = signed_in(physician).get(reverse("care:timeline_pdf", args=[once_named.referral.pk]))
    if answer.status_code == 200:  # Pango is there
        assert Disclosure.objects.filter(channel="pdf", purpose="medical").count() == 1
