"""The client's visit to a consent to treatment: one document, never a release, and back."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from consent.actions.links import make_signing_link, open_with
from consent.actions.treatment import hand_over_consent, make_consent_link
from consent.documents.text import sha256
from consent.enums import Method, TreatmentState
from consent.models import Release, SigningLink, TreatmentConsent, TreatmentLink
from consent.treatment.text import as_text
from consent.visits import signing_visits, visits
from people.enums import SafeContact
from tests.consent.treating import agree as sign
from tests.consent.treating import knock
from tests.consent.visiting import BORN, by_link, choose, url
from tests.consent.visiting import sign as sign_a_release
from tests.factories import LAST_NAME, PASSWORD
from tests.routes import routes

pytestmark = pytest.mark.usefixtures("opened")

KIOSK = {"consent:agreement", "consent:agreement_copy", "consent:agreement_leave"}
DOORS = {
    *("consent:open_link", "consent:open_agreement", "consent:my_open", "care:open_questions"),
}


@pytest.fixture
def consent(case, opened) -> TreatmentConsent:
    return case.prepare_consent()


@pytest.fixture
def token(case, consent) -> str:
    return make_consent_link(by=case.cast.nurse, consent=consent)


@pytest.fixture
def visitor(token) -> Client:
    browser, answer = knock(token)
    assert answer.url == url("agreement")
    return browser


@pytest.fixture
def kiosk(case, opened, consent) -> Client:
    browser = Client()
    browser.force_login(case.cast.nurse)
    answer = browser.post(f"/care/{opened.pk}/consent/present/")
    assert answer.url == url("agreement")
    return browser


def fresh(consent: TreatmentConsent) -> TreatmentConsent:
    return TreatmentConsent.objects.get(pk=consent.pk)


def page(browser: Client) -> str:
    return browser.get(url("agreement")).content.decode()


# ------------------------------------------------------------------ reading and answering
def test_the_page_shows_exactly_what_is_signed(visitor, consent):
    text = page(visitor)
    for line in as_text(consent).splitlines()[2:]:
        assert line.removeprefix("- ") in text, line
    assert sha256(as_text(consent)) in text


def test_agreeing_and_not_agreeing_weigh_the_same(visitor):
    buttons = re.findall(r"<button class=\"([^\"]+)\" type=\"submit\" name=\"step\"", page(visitor))
    assert buttons == ["kc-btn", "kc-btn"]
    assert "You do not need to sign" in page(visitor)


def test_signed_through_a_link_it_is_in_force(visitor, consent, case):
    assert sign(visitor, consent).url == url("agreement")
    signed = fresh(consent)
    assert signed.state(timezone.now()) == TreatmentState.ACTIVE
    assert (signed.method, signed.presented_by) == (Method.LINK, case.cast.nurse)
    assert "You agreed" in page(visitor)


def test_saying_no_needs_nothing_and_is_told(visitor, consent):
    visitor.post(url("agreement"), {"step": "decline"})
    assert fresh(consent).state(timezone.now()) == TreatmentState.DECLINED
    assert "You did not agree" in page(visitor)
    sign(visitor, consent)
    assert fresh(consent).signed_at is None


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(visitor, consent):
    answer = sign(visitor, consent, signer_name="Somebody Else").content.decode()
    assert "Type your name as this document has it" in answer
    assert 'value="Somebody Else"' in answer
    assert fresh(consent).signed_at is None
    assert "The text has changed" in sign(visitor, consent, shown_sha256="").content.decode()


def test_sent_again_it_stays_the_one_answer(visitor, consent):
    sign(visitor, consent)
    first = fresh(consent).signed_at
    for again in ({"step": "decline"}, {"step": "sign"}, {"step": "anything"}):
        assert "You agreed" in visitor.post(url("agreement"), again, follow=True).content.decode()
    sign(visitor, consent)
    assert (fresh(consent).signed_at, fresh(consent).declined_at) == (first, None)
    assert AuditEvent.objects.filter(event="treatment_consent.signed").count() == 1


def test_a_used_link_opens_nothing_any_more(visitor, consent, token):
    elsewhere, _ = knock(token)
    sign(visitor, consent)
    assert elsewhere.get(url("agreement")).status_code == 404
    assert "You have answered already" in knock(token)[1].content.decode()


@pytest.mark.pango
@pytest.mark.django_db(transaction=True)
def test_the_client_keeps_a_copy_on_their_own_device_alone(case, opened, consent, token):
    visitor, _ = knock(token)
    assert visitor.get(url("agreement_copy")).status_code == 404
    sign(visitor, consent)
    answer = visitor.get(url("agreement_copy"))
    assert answer.content == bytes(fresh(consent).document.pdf)
    assert answer["Content-Disposition"] == f'attachment; filename="{consent.number}.pdf"'
    visitor.post(url("agreement_leave"))
    assert visitor.get(url("agreement_copy")).status_code == 404


# ------------------------------------------------------------------ the door
def test_the_door_and_the_titles_say_nothing(token, visitor, consent):
    door = Client().get(url("open_agreement", token)).content.decode().split("<body")[1]
    for never in (LAST_NAME, "Northfield", "treatment", "consent", "ketamine"):
        assert never not in door.lower(), never
    sign(visitor, consent, signer_name="")
    for text in (page(visitor), Client().get(url("open_agreement", token)).content.decode()):
        title = text.split("<title>")[1].split("</title>")[0].lower()
        assert not re.search("consent|treatment|ketamine|clinic", title)


def test_five_wrong_dates_close_it(token):
    for _ in range(5):
        assert "This did not open" in knock(token, "15-Jul-1985")[1].content.decode()
    assert "This did not open" in knock(token)[1].content.decode()
    assert TreatmentLink.objects.get().failures == 5


def test_the_two_kinds_of_links_open_no_door_of_the_other(case, token):
    other = make_signing_link(by=case.cast.administrator, release=case.unsigned())
    assert open_with(SigningLink, token, BORN) is None
    assert open_with(TreatmentLink, other, BORN) is None
    for door, wrong in (("open_link", token), ("open_agreement", other)):
        answer = Client().post(url(door, wrong), {"date_of_birth": "14-Jul-1985"})
        assert "This did not open" in answer.content.decode()


def test_a_mailed_link_says_nothing_of_care(case, consent, django_capture_on_commit_callbacks):
    client = type(case.client).objects.filter(pk=case.client.pk)
    client.update(safe_contact=SafeContact.EMAIL, email="robin@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        token = make_consent_link(by=case.cast.nurse, consent=fresh(consent), mail=True)
    (message,) = mail.outbox
    assert message.to == ["robin@example.org"]
    assert url("open_agreement", token) in message.body
    assert not re.search("treatment|consent|ketamine|dose|Robin", message.body + message.subject)
    assert AuditEvent.objects.filter(event="signing_link.sent").count() == 1


# ------------------------------------------------------------------ nothing but this document
def path_of(route) -> str:
    path = f"/{route.path}"
    for slot, value in (("<int:pk>", "1"), ("<str:token>", "x"), ("<int:sequence>", "1")):
        path = path.replace(slot, value)
    return path.split("<")[0]


@pytest.mark.parametrize("where", ["kiosk", "visitor"])
def test_no_other_address_answers_the_visit(request, where):
    browser = request.getfixturevalue(where)
    open_ = KIOSK if where == "kiosk" else KIOSK | DOORS
    shut = [route for route in routes() if route.name not in open_]
    assert {"consent:visit", "consent:visit_copy"} <= {route.name for route in shut}
    for path in [*map(path_of, shut), "/", "/nothing/here/"]:
        for method in (browser.get, browser.post):
            answer = method(path)
            assert (answer.status_code, answer.get("Location")) == (302, url("agreement")), path
    assert browser.get(url("agreement")).status_code == 200


def test_a_visit_to_a_release_reaches_no_consent(case, consent, referral):
    browser = by_link(case, case.unsigned())
    for path in (url("agreement"), url("agreement_copy"), url("agreement_leave")):
        for method in (browser.get, browser.post):
            assert method(path).url == url("visit")
    text = browser.get(url("visit")).content.decode()
    assert consent.number not in text
    assert "consent" not in text.split("<main")[1].lower()


def test_even_without_the_middleware_neither_view_answers_the_others_visit(
    case, consent, settings, token
):
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if not m.endswith("OneDocument")]
    release = case.unsigned()
    to_a_release, (visitor, _) = by_link(case, release), knock(token)
    assert visitor.get(url("visit")).status_code == 404
    assert to_a_release.get(url("agreement")).status_code == 404
    choose(to_a_release)
    sign(to_a_release, consent)
    sign_a_release(visitor, release)
    assert not fresh(consent).signed_at
    assert not Release.objects.get(pk=release.pk).signed_at


def test_whoever_goes_on_to_another_link_leaves_the_first_document(case, visitor):
    token = make_signing_link(by=case.cast.administrator, release=case.unsigned())
    visitor.post(url("open_link", token), {"date_of_birth": "14-Jul-1985"})
    assert visitor.get(url("agreement")).url == url("visit")


# ------------------------------------------------------------------ the clinic's screen
def test_handing_over_signs_the_staff_out(kiosk, consent):
    assert set(kiosk.session.keys()) == {signing_visits.TREATMENT.key, "_session_expiry"}
    text = page(kiosk)
    for never in ("kc-nav", "kc-brand", "Sign out", "Nora Nurse"):
        assert never not in text


def test_the_screen_keeps_no_copy_and_goes_back_to_the_case(kiosk, consent, opened, case):
    sign(kiosk, consent)
    assert fresh(consent).method == Method.SCREEN
    assert "Ask for your copy" in page(kiosk)
    assert kiosk.get(url("agreement_copy")).status_code == 404
    answer = kiosk.post(url("agreement_leave"))
    back = f"/care/{opened.pk}/consent/"
    assert answer.url.endswith(f"?next={back}")
    login = {"login": case.cast.nurse.email, "password": PASSWORD}
    assert kiosk.post(answer.url, login).url == back


def test_a_screen_left_alone_closes_after_half_an_hour(kiosk, consent, monkeypatch):
    monkeypatch.setattr(visits, "database_now", timezone.now)
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=False):
        assert kiosk.get(url("agreement")).status_code == 404


def test_put_away_meanwhile_the_visit_ends(case, opened, kiosk, signed_in):
    signed_in(case.cast.prescriber).post(f"/care/{opened.pk}/consent/discard/")
    assert kiosk.get(url("agreement")).status_code == 404


def test_a_handed_over_link_can_be_typed_by_nobody(case, consent):
    link = hand_over_consent(by=case.cast.nurse, consent=consent)
    assert link.on_screen
    assert len(link.token_sha256) == 64
