"""The administrator's and the client's pages: builder, signing, withdrawing, accounting."""

import io
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from audit.models import AuditEvent
from consent.access import Reader
from consent.clock import database_now
from consent.disclosure import disclose
from consent.enums import Channel, Effect, Purpose, ReleaseState
from consent.models import Release
from consent.text import as_text, sha256
from people.formats import day
from sessions.models import NoteSection
from tests.builder import USUAL_OUT, Builder
from tests.factories import CLINIC, PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client, administrator):
    """The administrator, who has just entered the password again, as dangerous acts ask for."""
    client.force_login(administrator)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.fixture
def sent(case) -> Builder:
    case.send()
    return case


def url(name: str, *args) -> str:
    return reverse(f"consent:{name}", args=args)


def main(answer) -> str:
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def terms(case: Builder, **changes) -> dict:
    return {
        "recipients": [case.referrer.pk],
        "out_categories": ["schedule", "treatment"],
        "in_categories": ["history"],
        "purposes": ["coordination"],
        "last_day": day(timezone.now() + timedelta(days=90)),
        "revocation_how": "write to us",
        **changes,
    }


# ------------------------------------------------------------------ drafting
def test_a_draft_is_begun_once_however_often_the_form_is_sent(staff, sent):
    data = {"form_key": str(uuid4()), "client": sent.client.pk}
    answers = [staff.post(url("new"), data) for _ in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    assert Release.objects.count() == 1


def test_a_client_who_was_not_referred_here_cannot_be_chosen(staff, case):
    case.draft()
    answer = staff.post(url("new"), {"form_key": str(uuid4()), "client": case.client.pk})
    assert "Select a valid choice" in answer.content.decode()
    assert not Release.objects.exists()


def test_the_builder_opens_with_nothing_ticked(staff, sent):
    release = Release.objects.create(
        client=sent.client, organization=sent.cast.clinic, created_by=sent.cast.administrator
    )
    assert " checked" not in main(staff.get(url("builder", release.pk)))


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("recipients", "Name who receives it"),
        ("out_categories", "Tick at least one category of information"),
        ("purposes", "State at least one purpose"),
        ("last_day", "Give the date on which it ends"),
        ("revocation_how", "Say how the client can withdraw it in writing"),
    ],
)
def test_each_missing_element_is_named_and_stops_the_sending(staff, sent, field, sentence):
    release = sent.draft_release()
    data = terms(sent, in_categories=[])
    data.pop(field)
    staff.post(url("builder", release.pk), data)
    assert sentence in staff.get(url("detail", release.pk)).content.decode()
    page = staff.post(url("send", release.pk), follow=True).content.decode()
    assert sentence in page
    release.refresh_from_db()
    assert release.state(database_now()) == ReleaseState.DRAFT


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("last_day", "31-Feb-2030", "Enter a date such as"),
        ("last_day", "01-Jan-2020", "It ends before it begins"),
        ("first_day", "01-Jan-2090", "It ends before it begins"),
        ("out_categories", ["history"], "Select a valid choice"),
        ("recipients", [999_999], "999999"),
        ("revocation_how", "x" * 1_000_000, "at most 300 characters"),
        ("in_their_words", "nul\x00byte", "Null characters are not allowed"),
    ],
)
def test_bad_terms_are_explained_beside_the_field_and_nothing_is_lost(
    staff, sent, field, value, sentence
):
    release = sent.draft_release()
    before = as_text(release)
    answer = staff.post(url("builder", release.pk), terms(sent, **{field: value}))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert sentence in page
    assert 'value="history"' in page
    assert as_text(Release.objects.get(pk=release.pk)) == before


def test_a_service_period_that_ends_before_it_begins_is_refused(staff, sent):
    release = sent.draft_release()
    data = terms(sent, service_first_day="02-Mar-2026", service_last_day="01-Mar-2026")
    page = staff.post(url("builder", release.pk), data).content.decode()
    assert "The period ends before it begins" in page


def test_the_last_day_holds_to_its_end(staff, sent):
    release = sent.draft_release()
    staff.post(url("builder", release.pk), terms(sent, last_day="14-Jul-2030"))
    release.refresh_from_db()
    assert release.until.isoformat() == "2030-07-15T04:00:00+00:00"  # midnight in New York
    assert "14-Jul-2030" in staff.get(url("detail", release.pk)).content.decode()


# ------------------------------------------------------------------ signing
def choose(staff, release, *shared: str):
    return staff.post(url("sign", release.pk), {"step": "choose", "share": list(shared)})


def sign(staff, release, **changes):
    data = {
        "step": "sign",
        "shown_sha256": sha256(as_text(Release.objects.get(pk=release.pk))),
        "signer": "client",
        "signer_name": release.client.full_name,
        "electronic_agreed": "on",
        **changes,
    }
    return staff.post(url("sign", release.pk), data)


def test_the_client_finds_nothing_ticked_and_no_staff_navigation(staff, sent):
    answer = staff.get(url("sign", sent.unsigned().pk))
    page = answer.content.decode()
    assert " checked" not in main(answer)
    assert "kc-nav" not in page
    assert "kapcare</title>" not in page


def test_what_the_client_leaves_unticked_is_declined_and_stands_in_the_signed_text(staff, sent):
    release = sent.unsigned()
    choose(staff, release, "out:schedule")
    assert sign(staff, release).status_code == 302
    release.refresh_from_db()
    assert release.state(database_now()) == ReleaseState.ACTIVE
    kept = set(release.categories.filter(effect=Effect.PERMIT).values_list("category", flat=True))
    assert kept == {"schedule"}
    assert "What you chose not to share" in release.text
    assert release.text_sha256 == sha256(release.text)
    assert release.text == as_text(release)
    assert AuditEvent.objects.filter(event="release.signed", subject__endswith=f":{release.pk}")


def test_to_share_nothing_the_client_says_so(staff, sent):
    release = sent.unsigned()
    assert "Tick at least one thing" in choose(staff, release).content.decode()
    staff.post(url("sign", release.pk), {"step": "decline"})
    release.refresh_from_db()
    assert release.state(database_now()) == ReleaseState.DECLINED
    assert "Nothing will be shared" in staff.get(url("sign", release.pk)).content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"signer_name": "Somebody Else"}, "Type the name as it is written above"),
        ({"signer_name": ""}, "Type the"),
        ({"electronic_agreed": ""}, "Tick the box to sign on this screen"),
        ({"signer": "representative"}, "what gives you the right"),
        ({"shown_sha256": "0" * 64}, "The text has changed"),
    ],
)
def test_a_signature_that_is_not_whole_is_refused(staff, sent, changes, sentence):
    release = sent.unsigned()
    choose(staff, release, "out:schedule")
    assert sentence in sign(staff, release, **changes).content.decode()
    release.refresh_from_db()
    assert release.signed_at is None


def test_signing_twice_gives_one_signature(staff, sent):
    release = sent.unsigned()
    choose(staff, release, "out:schedule")
    sign(staff, release)
    first = Release.objects.get(pk=release.pk).signed_at
    assert "It is signed" in sign(staff, release).content.decode()
    assert Release.objects.get(pk=release.pk).signed_at == first


def test_a_signed_release_leads_away_from_the_builder(staff, sent):
    release = sent.active()
    assert staff.get(url("builder", release.pk)).url == url("detail", release.pk)


# ------------------------------------------------------------------ withdrawing
def test_withdrawing_needs_a_fresh_sign_in(client, administrator, sent):
    client.force_login(administrator)
    answer = client.get(url("revoke", sent.active().pk))
    assert answer.status_code == 302
    assert "reauthenticate" in answer.url


def test_withdrawing_shuts_at_once_and_keeps_the_past(staff, full_case):
    release = full_case.active(purposes={Purpose.COORDINATION: ""})
    reader = Reader.of(full_case.referrer)
    asked = {"about": [full_case.client.pk], "kinds": {NoteSection: Q()}, "channel": Channel.PAGE}
    assert disclose(to=reader, **asked).of(NoteSection)
    page = staff.post(url("revoke", release.pk), {"asked_by": "client", "reason": ""})
    assert "Say in a few words why it ends" in page.content.decode()
    staff.post(url("revoke", release.pk), {"asked_by": "client", "reason": "by phone"})
    assert not disclose(to=reader, **asked).of(NoteSection)
    assert staff.post(url("revoke", release.pk), {}).status_code == 302
    page = staff.get(url("accounting", full_case.client.pk)).content.decode()
    assert full_case.referrer.name in page


def test_withdrawing_says_which_other_release_stays_in_force(staff, sent):
    older, newer = sent.active(), sent.active()
    of_another = sent.active(recipients=[sent.cast.stranger])
    page = main(staff.get(url("revoke", newer.pk)))
    assert f"{older.number} stays in force" in page
    assert of_another.number not in page
    sent.revoke(older)
    assert "stays in force" not in main(staff.get(url("revoke", newer.pk)))


# ------------------------------------------------------------------ accounting
def test_the_accounting_says_who_what_when_why_and_never_the_words(staff, full_case):
    release = full_case.active()
    asked = {"about": [full_case.client.pk], "kinds": {NoteSection: Q()}, "channel": Channel.PAGE}
    disclose(to=Reader.of(full_case.referrer), **asked)
    for name in ("accounting", "ledger"):
        args = [full_case.client.pk] if name == "accounting" else []
        page = staff.get(url(name, *args)).content.decode()
        assert "Tess Therapist, LCSW" in page
        assert "Treatment" in page
        assert not [canary for canary in CLINIC.values() if canary in page]
    answer = staff.get(url("accounting_pdf", full_case.client.pk))
    assert answer["Content-Type"] == "application/pdf"
    assert "attachment" in answer["Content-Disposition"]
    assert full_case.client.last_name not in answer["Content-Disposition"]
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for wanted in ("Tess Therapist", "Harbor Lane Practice", "Coordinating care", release.number):
        assert wanted in " ".join(text.split())
    assert not [canary for canary in CLINIC.values() if canary in text]


def test_an_empty_accounting_says_so(staff, sent):
    assert "Nothing was disclosed" in staff.get(url("accounting", sent.client.pk)).content.decode()


def test_without_pango_the_button_says_what_to_install(staff, sent, monkeypatch):
    monkeypatch.setattr("people.pdf._weasyprint", lambda: None)
    assert "libpango" in staff.get(url("accounting", sent.client.pk)).content.decode()
    page = staff.get(url("accounting_pdf", sent.client.pk), follow=True).content.decode()
    assert "libpango" in page


# ------------------------------------------------------------------ who else
def test_another_clinics_administrator_finds_nothing(client, full_case):
    from people.enums import OrganizationKind, Role
    from tests.factories import make_organization, make_user

    other = make_organization("South Clinic", OrganizationKind.CLINIC)
    client.force_login(make_user("Otto Other", Role.ADMINISTRATOR, other))
    release = full_case.active()
    for name in ("detail", "builder", "sign", "revoke"):
        assert client.get(url(name, release.pk), follow=True).status_code in (200, 404)
        assert client.get(url(name, release.pk)).status_code != 200
    for name in ("accounting", "accounting_pdf"):
        assert client.get(url(name, full_case.client.pk)).status_code == 404
    assert str(full_case.client) not in client.get(url("releases")).content.decode()


@pytest.mark.parametrize("role", ["therapist", "physician", "coordinator", "prescriber", "nurse"])
def test_only_administrators_open_releases(client, cast, case, role):
    case.send()
    release = case.active(out_categories=USUAL_OUT)
    client.force_login(getattr(cast, role))
    paths = [url("releases"), url("new"), url("ledger"), url("detail", release.pk)]
    assert {client.get(path).status_code for path in paths} == {404}
    assert client.post(url("send", release.pk)).status_code == 404


def test_filters_are_the_tiles_and_nothing_else(staff, sent):
    sent.draft_release()
    assert sent.client.number in staff.get(url("releases") + "?show=incomplete").content.decode()
    empty = staff.get(url("releases") + "?show=active").content.decode()
    assert "No release is in this state" in empty
    assert staff.get(f"{url('releases')}?{urlencode({'show': 'x'})}").status_code == 404
