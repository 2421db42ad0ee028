"""Referring a client: sections that save by themselves, check answers, send."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from audit.models import AuditEvent
from consent.models import Disclosure
from people.formats import day
from people.models import Client
from referrals.actions.team import add_to_case
from referrals.enums import ReferralState
from referrals.models import ContextItem, Referral
from tests.builder import Builder
from tests.factories import SENT

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(name: str, *args) -> str:
    return reverse(f"referrals:{name}", args=args)


def text(answer) -> str:
    return answer.content.decode()


def identity(clinic, **changes) -> dict:
    return {
        "clinic": clinic.pk,
        "form_key": uuid4(),
        "first_name": "Robin",
        "last_name": "Quill",
        "date_of_birth": "14-Jul-1985",
        "phone": "555 0199",
        "safe_contact": "phone",
        **changes,
    }


@pytest.fixture
def browser(client, therapist):
    client.force_login(therapist)
    return client


@pytest.fixture
def draft(case) -> Referral:
    return case.draft()


def save(browser, referral, section, headers=HTMX, version=None, **data):
    referral.refresh_from_db()
    version = referral.version if version is None else version
    return browser.post(url("save", referral.pk, section), {"version": version, **data}, **headers)


# ------------------------------------------------------------------ begin
def test_a_draft_begins_with_the_client(browser, clinic):
    answer = browser.post(url("new"), identity(clinic))
    referral = Referral.objects.get()
    assert answer.url == url("edit", referral.pk)
    assert referral.client.full_name == "Robin Quill"


def test_the_same_form_sent_twice_gives_one_client(browser, clinic):
    data = identity(clinic)
    assert browser.post(url("new"), data).url == browser.post(url("new"), data).url
    assert Client.objects.count() == Referral.objects.count() == 1


def test_somebody_elses_form_key_opens_nothing(browser, clinic, case, draft):
    answer = browser.post(url("new"), identity(clinic, form_key=draft.form_key))
    assert answer.status_code == 302  # one's own: the draft it made
    other = Builder(case.cast, case.cast.stranger).draft()
    answer = browser.post(url("new"), identity(clinic, form_key=other.form_key))
    assert "Open the page again" in text(answer)
    assert Client.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("date_of_birth", "32-Jul-1985", "Enter a date such as"),
        ("date_of_birth", day(timezone.now() + timedelta(days=40)), "in the future"),
        ("last_name", "", "Enter the last name"),
        ("last_name", "x" * 1_000_000, "at most 80"),
        ("last_name", "Qu\x00ill", "Null characters"),
        ("email", "nobody", "name@example.org"),
        ("clinic", "999999", "not one of the available choices"),
        ("form_key", "1", "out of date"),
    ],
)
def test_bad_input_is_named_and_what_was_typed_stays(browser, clinic, field, value, sentence):
    answer = browser.post(url("new"), {**identity(clinic), field: value})
    assert sentence in text(answer)
    assert 'value="Robin"' in text(answer)
    assert not Referral.objects.exists()


def test_only_therapists_refer(client, cast):
    for name, user in cast.everybody().items():
        client.force_login(user)
        referring = name in ("therapist", "colleague", "stranger", "superuser")
        assert client.get(url("new")).status_code == (200 if referring else 404), name


# ------------------------------------------------------------------ sections
def test_sections_save_in_any_order(browser, draft):
    agreed = day(timezone.localdate())
    assert (
        save(browser, draft, "agreement", agreement="together", agreed_on=agreed).status_code == 200
    )
    assert save(browser, draft, "reason", reason="Because", goals="Sleep").status_code == 200
    fit = dict.fromkeys(("fit_stable", "fit_willing", "fit_support"), "yes")
    save(browser, draft, "fit", **fit, fit_open="not_known")
    save(browser, draft, "context", history="Since 2014", substance_use="on")
    save(browser, draft, "collaboration", collaboration="shared")
    save(
        browser, draft, "client", first_name="Ann", last_name="Other", date_of_birth="1985-07-14",
        phone="1", safe_contact="text",
    )  # fmt: skip
    draft.refresh_from_db()
    draft.client.refresh_from_db()
    assert (draft.reason, draft.collaboration, draft.agreement) == ("Because", "shared", "together")
    assert draft.client.full_name == "Ann Other"
    items = {item.kind: item for item in ContextItem.unscoped.filter(referral=draft)}
    assert items["goals"].text == "Sleep"
    assert items["fit_open"].answer == "not_known"
    assert items["history"].sensitivities == {"substance_use"}
    page = text(browser.get(url("edit", draft.pk)))
    assert "To do" not in page
    assert "Since 2014" in page
    assert not Disclosure.objects.exists()


def test_a_save_answers_with_fresh_versions_and_the_task_list(browser, draft):
    answer = save(browser, draft, "collaboration", collaboration="shared")
    draft.refresh_from_db()
    assert answer["HX-Reswap"] == "none"
    assert answer["X-Saved-At"]
    for section in ("client", "reason", "agreement"):
        field = f'name="version" value="{draft.version}" id="version-{section}" hx-swap-oob="true"'
        assert field in text(answer)
    assert "Choose who prepares" not in text(answer)
    assert "Say why you refer" in text(answer)


def test_without_script_a_save_comes_back_to_its_section(browser, draft):
    answer = save(browser, draft, "reason", headers={}, reason="Because")
    assert answer.url == url("edit", draft.pk) + "#reason"


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_what_is_wrong_is_marked_kept_and_the_rest_is_saved(browser, draft, headers):
    answer = save(browser, draft, "agreement", headers, agreement="verbal", agreed_on="31-Feb-2026")
    assert answer.status_code == (422 if headers else 200)
    assert "Enter a date such as" in text(answer)
    assert 'value="31-Feb-2026"' in text(answer)
    draft.refresh_from_db()
    assert (draft.agreement, draft.agreed_on) == ("verbal", None)


def test_once_corrected_the_section_is_drawn_again(browser, draft):
    today = day(timezone.localdate())
    answer = save(browser, draft, "agreement", agreement="verbal", agreed_on=today, refused="1")
    assert "HX-Reswap" not in answer
    assert 'id="id_agreed_on"' in text(answer)
    assert "Enter a date" not in text(answer)


@pytest.mark.parametrize(
    ("section", "data", "sentence"),
    [
        ("reason", {"reason": "x" * 1_000_000}, "at most 4,000 characters"),
        ("context", {"history": "a\x00b"}, "cannot be kept"),
        ("fit", {"fit_stable": "perhaps"}, "Answer yes, no or not known"),
        ("agreement", {"agreed_on": "01-Jan-2099"}, "in the future"),
        ("collaboration", {"collaboration": "nobody"}, "Choose one from the list"),
    ],
)
def test_bad_input_in_a_section(browser, draft, section, data, sentence):
    answer = save(browser, draft, section, **data)
    assert answer.status_code == 422
    assert sentence in text(answer)


@pytest.mark.parametrize("version", ["", "-1", "x", 10**30])
def test_a_page_without_a_version_saves_nothing(browser, draft, version):
    answer = save(browser, draft, "reason", version=version, reason="Because")
    assert "out of date" in text(answer)
    draft.refresh_from_db()
    assert draft.reason == ""


def test_a_change_by_another_loses_nothing(browser, draft):
    read_at = draft.version
    save(browser, draft, "reason", reason="Theirs", goals="")
    answer = save(browser, draft, "reason", version=read_at, reason="Mine", goals="")
    assert answer.status_code == 422
    assert "Somebody else changed this part" in text(answer)
    assert "Theirs" in text(answer)
    assert "Mine" in text(answer)
    draft.refresh_from_db()
    assert draft.reason == "Theirs"
    # the other sections are drawn again too, so that no stale text is saved over a newer one
    assert 'id="form-client" hx-swap-oob="innerHTML"' in text(answer)
    save(browser, draft, "reason", reason="Mine", goals="")
    draft.refresh_from_db()
    assert draft.reason == "Mine"


def test_a_change_by_another_elsewhere_is_no_conflict(browser, draft):
    read_at = draft.version
    save(browser, draft, "reason", reason="Same", goals="")
    answer = save(browser, draft, "reason", version=read_at, reason="Same", goals="")
    assert answer.status_code == 200


def test_what_is_on_the_page_is_escaped(browser, draft):
    save(browser, draft, "reason", reason="<script>alert(1)</script>")
    assert "<script>alert" not in text(browser.get(url("edit", draft.pk)))
    assert "<script>alert" not in text(browser.get(url("check", draft.pk)))


# ------------------------------------------------------------------ check and send
def test_check_answers_names_what_is_missing(browser, draft):
    page = text(browser.get(url("check", draft.pk)))
    assert "Say why you refer this client." in page
    assert "Send the referral" not in page
    answer = browser.post(url("submit", draft.pk))
    assert "Answer the four questions about fit." in text(answer)
    draft.refresh_from_db()
    assert draft.state == ReferralState.DRAFT


def test_check_answers_waits_for_the_page_to_have_saved(browser, draft):
    answer = browser.get(url("check", draft.pk), **HTMX)
    assert answer["HX-Redirect"] == url("check", draft.pk)
    answer = browser.get(url("check", draft.pk), {"refused": "1"}, **HTMX)
    assert "HX-Redirect" not in answer
    assert "Correct what is marked" in text(answer)


def test_sending_gives_a_reference_number_once(browser, case):
    case.draft()
    referral = case.fill_in()
    page = text(browser.get(url("check", referral.pk)))
    assert all(words in page for words in SENT.values())
    for _ in range(2):
        answer = browser.post(url("submit", referral.pk))
        assert answer.url == url("sent", referral.pk)
    assert AuditEvent.objects.filter(event="referral.submitted").count() == 1
    assert referral.reference in text(browser.get(url("sent", referral.pk)))


def test_a_sent_referral_can_no_longer_be_changed(browser, referral):
    assert browser.get(url("edit", referral.pk)).url == url("detail", referral.pk)
    assert browser.get(url("check", referral.pk)).url == url("detail", referral.pk)
    answer = save(browser, referral, "reason", reason="Other")
    assert "can no longer be changed" in text(answer)


@pytest.mark.parametrize("name", ["edit", "check", "submit", "save", "sent"])
def test_a_draft_is_its_referrers_alone(client, cast, draft, name):
    args = (draft.pk, "reason") if name == "save" else (draft.pk,)
    for who, user in cast.everybody().items():
        client.force_login(user)
        method = client.post if name in ("submit", "save") else client.get
        answer = method(url(name, *args))
        expected = 200 if who == "therapist" and name != "sent" else 404
        assert answer.status_code == expected, who


def test_a_case_somebody_may_only_see_is_not_theirs_to_change(client, colleague, case, draft):
    add_to_case(by=case.referrer, referral=draft, user=colleague)
    client.force_login(colleague)
    assert client.get(url("edit", draft.pk)).status_code == 404
    assert client.get(url("detail", draft.pk)).status_code == 404
    assert client.post(url("save", draft.pk, "reason")).status_code == 404


def test_unknown_sections_and_wrong_methods(browser, draft):
    assert browser.post(url("save", draft.pk, "nothing")).status_code == 404
    assert browser.get(url("save", draft.pk, "reason")).status_code == 405
    assert browser.get(url("submit", draft.pk)).status_code == 405
