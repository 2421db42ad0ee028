"""The administrator's and the client's pages: signing, withdrawing."""

from urllib.parse import urlencode

import pytest
from django.db.models import Q
from django.urls import reverse

from audit.models import AuditEvent
from consent.access import Reader
from consent.clock import database_now
from consent.disclosure import disclose
from consent.enums import Channel, Effect, Purpose, ReleaseState
from consent.models import Release
from consent.text import as_text, sha256
from sessions.models import NoteSection
from tests.builder import USUAL_OUT, Builder
from tests.factories import PASSWORD

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
