"""Settings for tests: those of production, made fast, on SQLite or (--db=postgres) PostgreSQL.

Django reads its database while this is imported, so the PostgreSQL of the run starts here, once;
the processes of pytest-xdist inherit its address.
"""

import argparse
import atexit
import os
import shlex
import shutil
import sys
import tempfile
from contextlib import ExitStack

from tests import servers


def chosen_database() -> str:
    """What `--db` says on the command line, or KAPCARE_TEST_DB."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--db", default=os.environ.get("KAPCARE_TEST_DB", "sqlite"))
    given = shlex.split(os.environ.get("PYTEST_ADDOPTS", "")) + sys.argv[1:]
    return parser.parse_known_args(given)[0].db


def begin() -> None:
    """Make the environment of this run, for this process and those it starts."""
    run = ExitStack()
    atexit.register(run.close)
    for name in ("KAPCARE_DEMO", "REDIS_URL", "MAIL_URL", "PUBLIC_URL", "BEHIND_PROXY"):
        os.environ.pop(name, None)
    folder = tempfile.mkdtemp(prefix="kapcare-tests-")
    run.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ |= {
        "KAPCARE_DATA": folder,
        "SECRET_KEY": "for-tests-only-" * 4,
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "KAPCARE_TEST_DB": chosen_database(),
    }
    if os.environ["KAPCARE_TEST_DB"] == "postgres":
        os.environ["DATABASE_URL"] = run.enter_context(servers.postgres())
    else:
        os.environ.pop("DATABASE_URL", None)


if "PYTEST_XDIST_WORKER" not in os.environ:
    begin()

from kapcare.settings import *  # noqa: E402, F403
from kapcare.settings import DATA_DIR, DATABASES, STORAGES  # noqa: E402

DATABASES["default"]["CONN_MAX_AGE"] = 0
if os.environ["KAPCARE_TEST_DB"] != "postgres":
    # A file, as in the demo: in-memory databases lock by other rules.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SECOND_FACTOR_REQUIRED = False
# The test server speaks plain http, where browsers refuse secure cookies.
SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "session", "csrf"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
(DATA_DIR / "static").mkdir(exist_ok=True)
