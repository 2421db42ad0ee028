"""A link to sign goes out by mail after the commit, and its address is kept nowhere."""

import pytest
from django.core import mail

from audit.models import AuditEvent
from consent.actions.links import make_signing_link
from consent.clock import database_now
from consent.models import SigningLink
from consent.signals import signing_link_mailed
from people.enums import SafeContact
from reminders.models import Letter
from tests.reminders.sending import secrets_in
from tests.servers import free_port


@pytest.fixture
def link(case) -> SigningLink:
    case.send(safe_contact=SafeContact.EMAIL, email="someone@example.org")
    now = database_now()
    return SigningLink.objects.create(
        release=case.unsigned(),
        on_screen=False,
        token_sha256="0" * 64,
        created_by=case.cast.administrator,
        created_at=now,
        expires_at=now + SigningLink.LASTS,
    )


def mailed(link, capture) -> None:
    with capture(execute=True):
        signing_link_mailed.send(SigningLink, link=link, url="https://kapcare.example/t/Sesame")
        assert mail.outbox == []


def test_a_link_is_mailed_after_the_commit_and_kept_nowhere(
    link, django_capture_on_commit_callbacks
):
    mailed(link, django_capture_on_commit_callbacks)
    [sent] = mail.outbox
    assert sent.to == ["someone@example.org"]
    assert "https://kapcare.example/t/Sesame" in sent.body
    assert "works for 14 days" in sent.body
    assert secrets_in(sent) == []
    assert not Letter.objects.exists()
    event = AuditEvent.objects.get(event="signing_link.sent")
    assert "Sesame" not in str(AuditEvent.objects.values())
    assert event.detail == {"release": link.release_id}


def test_a_link_that_could_not_be_mailed_is_recorded(
    link, smtp, caplog, django_capture_on_commit_callbacks
):
    smtp(f"smtp://127.0.0.1:{free_port()}")
    mailed(link, django_capture_on_commit_callbacks)
    assert AuditEvent.objects.filter(event="signing_link.not_sent").count() == 1
    assert "Sesame" not in caplog.text
    assert "@" not in caplog.text


def test_the_action_mails_it(case, link, django_capture_on_commit_callbacks):
    """From the administrator's button to the client's mail."""
    with django_capture_on_commit_callbacks(execute=True):
        token = make_signing_link(by=case.cast.administrator, release=link.release, mail=True)
    assert token in mail.outbox[0].body
    assert AuditEvent.objects.filter(event="signing_link.sent").exists()
