"""What production sets, asked of a process of its own."""

import json
import subprocess
import sys

import pytest
from django.conf import settings as django_settings

from tests.servers import ROOT, environment

PRODUCTION = {
    "SECRET_KEY": "zQ3-9xk2_" * 8,
    "ALLOWED_HOSTS": "kapcare.example",
    "PUBLIC_URL": "https://kapcare.example",
    "DATABASE_URL": "postgres://kapcare@127.0.0.1/kapcare",
    "REDIS_URL": "redis://127.0.0.1/0",
    "BEHIND_PROXY": "1",
}
ASKED = [
    *("SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY"),
    *("SESSION_COOKIE_PATH", "SESSION_COOKIE_DOMAIN", "SESSION_COOKIE_SAMESITE"),
    *("CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_PATH", "CSRF_COOKIE_DOMAIN"),
    *("SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SECOND_FACTOR_REQUIRED", "DEBUG"),
    *("SESSION_COOKIE_AGE", "IDLE_MINUTES", "PASSWORD_HASHERS", "CACHES", "ACCOUNT_RATE_LIMITS"),
    "ALLAUTH_TRUSTED_PROXY_COUNT",
]


def run(*command: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def settings_of(**variables: str) -> dict:
    script = "import json, sys, kapcare.settings as s\n"
    script += "print(json.dumps({name: getattr(s, name, None) for name in sys.argv[1:]}))"
    return json.loads(run("-c", script, *ASKED, **variables))


def test_behind_a_proxy_failures_count_for_the_address_that_it_saw():
    assert settings_of(**PRODUCTION)["ALLAUTH_TRUSTED_PROXY_COUNT"] == 1
    alone = {name: value for name, value in PRODUCTION.items() if name != "BEHIND_PROXY"}
    assert settings_of(**alone)["ALLAUTH_TRUSTED_PROXY_COUNT"] is None


def test_production_binds_its_cookies_to_the_host_and_to_https():
    found = settings_of(**PRODUCTION)
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["CSRF_COOKIE_NAME"].startswith("__Host-")
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"):
        assert found[name] is True
    # A __Host- cookie has no domain and the path "/", or browsers refuse it.
    for name in ("SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN"):
        assert found[name] is None
    for name in ("SESSION_COOKIE_PATH", "CSRF_COOKIE_PATH"):
        assert found[name] in (None, "/")
    assert found["SESSION_COOKIE_HTTPONLY"] is True
    assert found["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert (found["IDLE_MINUTES"], found["SESSION_COOKIE_AGE"]) == (15, 12 * 60 * 60)
    assert "Argon2" in found["PASSWORD_HASHERS"][0]
    assert found["DEBUG"] is False


def test_sign_in_limits_are_shared_by_every_process():
    found = settings_of(**PRODUCTION)
    assert found["CACHES"]["default"]["BACKEND"].endswith("db.DatabaseCache")
    assert "login_failed" in found["ACCOUNT_RATE_LIMITS"]
    assert found["CACHES"] == django_settings.CACHES


def test_the_deploy_check_finds_nothing():
    run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)


def test_production_does_not_start_without_a_secret_key():
    with pytest.raises(AssertionError, match="Set SECRET_KEY"):
        settings_of(**{**PRODUCTION, "SECRET_KEY": ""})


def test_the_demo_is_the_only_place_without_a_second_factor():
    assert settings_of(KAPCARE_DEMO="1")["SECOND_FACTOR_REQUIRED"] is False
    assert settings_of(**PRODUCTION)["SECOND_FACTOR_REQUIRED"] is True
