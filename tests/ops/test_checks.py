"""The demo and production never mix."""

import subprocess
import sys

import pytest
from django.core.checks import run_checks

from kapcare.checks import production_settings
from tests.servers import ROOT, environment


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://kapcare@database/kapcare"),
        ("REDIS_URL", "redis://broker/0"),
        ("SECRET_KEY", "long and random"),
        ("MAIL_URL", "smtp://mail.example:25"),
        ("PUBLIC_URL", "https://kapcare.example"),
        ("ALLOWED_HOSTS", "127.0.0.1,kapcare.example"),
    ],
)
def test_each_production_setting_is_noticed(name, value):
    assert production_settings({name: value}) == [name]


def test_loopback_settings_are_the_demos_own():
    mine = {"PUBLIC_URL": "http://127.0.0.1:9000", "ALLOWED_HOSTS": "localhost, 127.0.0.1"}
    assert production_settings(mine) == []


def test_a_system_check_refuses_the_mixture(settings, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "long and random")
    assert not [each for each in run_checks() if each.id == "kapcare.E001"]
    settings.DEMO = True
    assert [each.id for each in run_checks() if each.id == "kapcare.E001"]


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"KAPCARE_DEMO": "1", "SECRET_KEY": "x"}, "refuses to start with production settings"),
        ({"SECRET_KEY": "x"}, "runs with KAPCARE_DEMO=1 only"),
        ({}, "Set SECRET_KEY to a long random text"),
    ],
)
def test_the_demo_command_refuses_in_one_sentence(variables, sentence, tmp_path):
    ended = subprocess.run(
        [sys.executable, "manage.py", "demo", "--port", "1"],
        cwd=ROOT,
        env=environment(KAPCARE_DATA=str(tmp_path), **variables),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


def test_gunicorn_never_serves_the_demo(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", "import kapcare.wsgi"],
        cwd=ROOT,
        env=environment(KAPCARE_DATA=str(tmp_path), KAPCARE_DEMO="1"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "The demo is served by `make demo` alone" in ended.stderr
