"""The demo's mail stands on a page of the demo, and nowhere else."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.http import Http404
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse

from kapcare.sent_mail import mails, sent_mail
from people.policy import SIGNED_IN
from tests.servers import ROOT, environment

FILES = "django.core.mail.backends.filebased.EmailBackend"


def _write(folder, subject, body, minute):
    with time_machine.travel(datetime(2026, 7, 14, 9, minute, tzinfo=UTC), tick=False):
        backend = mail.get_connection(FILES, file_path=folder)
        mail.EmailMessage(subject, body, to=["therapist@demo.example"], connection=backend).send()


def test_mail_is_read_back_newest_first(tmp_path):
    _write(tmp_path, "Older", "Zażółć gęślą jaźń", 1)
    _write(tmp_path, "Newest", "Sign in:\nhttp://127.0.0.1:8000/", 3)
    _write(tmp_path, "Middle", "x" * 2000, 2)
    found = mails(tmp_path)
    assert [each.subject for each in found] == ["Newest", "Middle", "Older"]
    assert found[0].sent_at == datetime(2026, 7, 14, 9, 3, tzinfo=UTC)
    assert found[0].to == "therapist@demo.example"
    assert found[0].body == "Sign in:\nhttp://127.0.0.1:8000/\n"
    assert found[1].body.strip() == "x" * 2000
    assert found[2].body.strip() == "Zażółć gęślą jaźń"


def test_several_messages_of_one_connection(tmp_path):
    backend = mail.get_connection(FILES, file_path=tmp_path)
    each = [mail.EmailMessage(str(n), "body", to=["a@demo.example"]) for n in range(3)]
    assert backend.send_messages(each) == 3
    assert {found.subject for found in mails(tmp_path)} == {"0", "1", "2"}


def test_no_mail_yet(tmp_path):
    assert mails(tmp_path / "nowhere") == []


def test_outside_the_demo_there_is_no_such_page():
    assert sent_mail.policy == SIGNED_IN
    with pytest.raises(Http404):
        sent_mail(RequestFactory().get("/sent-mail/"))
    with pytest.raises(NoReverseMatch):
        reverse("sent_mail")


SHOW = """
import django; django.setup()
from django.core.mail import send_mail
from django.core.management import call_command
from django.test import Client
from people.models import User
call_command("migrate", verbosity=0); call_command("createcachetable")
call_command("collectstatic", verbosity=0, interactive=False)
send_mail("Something waits", "See <here>", None, ["therapist@demo.example"])
client = Client(SERVER_NAME="localhost")
assert client.get("/sent-mail/").status_code == 302
client.force_login(User.objects.create_user("nurse@demo.example", "kapcare-demo", name="Ana Reyes"))
page = client.get("/sent-mail/")
assert page.status_code == 200, page.status_code
for part in ("Something waits", "therapist@demo.example", "See &lt;here&gt;"):
    assert part in page.content.decode(), part
"""


@pytest.mark.servers
def test_in_the_demo_whoever_is_signed_in_reads_it(tmp_path):
    """In a process of its own, for the address exists only where settings are the demo's."""
    subprocess.run(
        [sys.executable, "-c", SHOW],
        cwd=ROOT,
        env=environment(
            KAPCARE_DEMO="1",
            KAPCARE_DATA=str(tmp_path),
            DJANGO_SETTINGS_MODULE="kapcare.settings",
        ),
        check=True,
        timeout=300,
    )
