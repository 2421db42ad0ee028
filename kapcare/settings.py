"""Settings, read from the environment. Without KAPCARE_DEMO=1 everything here is for production.

| variable | meaning |
|---|---|
| KAPCARE_DEMO | 1: sample data, SQLite, one process, no second factor; loopback only |
| SECRET_KEY | required outside the demo |
| LEDGER_KEY | signs what `manage.py export_heads` writes; default SECRET_KEY |
| DATABASE_URL | postgres://user:password@host:port/name; without it SQLite under `var/` |
| REDIS_URL | the Celery broker; `memory://` in the demo |
| ALLOWED_HOSTS | comma-separated |
| PUBLIC_URL | the address people use, written into mail: https://kapcare.example |
| MAIL_URL | smtp://user:password@host:port (smtps:// for TLS) |
| MAIL_FROM | the sender of every mail |
| KAPCARE_DATA | folder for SQLite, mail and static files; default `var/` |
| SWEEP_SECONDS | how often what is due is looked for; default 20 |
| SEND_SECONDS | how long one task may send; default 60 |
| TEXT_PROVIDER | the class that sends text messages (reminders/channels/text.py); default none |
| BEHIND_PROXY | 1: trust X-Forwarded-Proto and X-Forwarded-For from the proxy in front |
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

import fontpkg_atkinson_hyperlegible
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = os.environ.get


def flag(name: str) -> bool:
    return env(name, "0") == "1"


DEMO = flag("KAPCARE_DEMO")
DEBUG = False
DATA_DIR = Path(env("KAPCARE_DATA") or BASE_DIR / "var")

SECRET_KEY = env("SECRET_KEY") or ("demo-only-" * 6 if DEMO else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random text, or run `make demo`.")
LEDGER_KEY = env("LEDGER_KEY") or SECRET_KEY
PUBLIC_URL = (env("PUBLIC_URL") or "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = [h for h in env("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",") if h]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# ---------------------------------------------------------------- applications
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "guardian",
    "django_htmx",
    "kapcare",
    "reminders",
    "sessions.apps.SessionsConfig",
    "referrals",
    "consent",
    "people",
    "audit",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "kapcare.middleware.KeepOutOfCaches",
    "kapcare.middleware.SayWhatToDo",
    "kapcare.middleware.SessionLimits",
    "kapcare.middleware.OneDocument",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "kapcare.middleware.SecondFactorRequired",
    "kapcare.middleware.ReaderTimezone",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "kapcare.urls"
WSGI_APPLICATION = "kapcare.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kapcare.context.page",
            ],
            "builtins": ["people.templatetags.kc"],
        },
    }
]
FORM_RENDERER = "people.forms.Renderer"

# ---------------------------------------------------------------- database


def database(url: str | None) -> dict:
    """A DATABASES entry from an address; SQLite in WAL mode under DATA_DIR without one."""
    if not url:
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "kapcare.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                "PRAGMA recursive_triggers=ON;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 10, "tcp_user_timeout": 10_000},
    }


DATABASES = {"default": database(env("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Sign-in limits live here: shared by every process, and kept when the broker is flushed.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kapcare_cache",
    }
}

# ---------------------------------------------------------------- people and sign-in
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
EMERGENCY_OPENED_URL = "care:emergency"  # where the record stands that an emergency opened
ACCOUNT_ADAPTER = "people.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "join": "10/m/ip,5/5m/key",  # asking to join: people/joining
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 0
MFA_TOTP_ISSUER = "kapcare"
USERSESSIONS_TRACK_ACTIVITY = False
SECOND_FACTOR_REQUIRED = not DEMO
GUARDIAN_MONKEY_PATCH_USER = False
ANONYMOUS_USER_NAME = None
# Guardian's backend is left out on purpose: cases are asked for by querysets alone (open_to), and
# has_perm would answer yes to every superuser.
SILENCED_SYSTEM_CHECKS = ["guardian.W001", "models.W040"]  # W040: SQLite ignores INCLUDE

# ---------------------------------------------------------------- sessions and cookies
IDLE_MINUTES = 15
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SESSION_COOKIE_NAME = "kapcare_demo" if DEMO else "__Host-session"
CSRF_COOKIE_NAME = "kapcare_demo_csrf" if DEMO else "__Host-csrf"
SECURE_SSL_REDIRECT = not DEMO
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if flag("BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Failed sign-ins count for the address that the proxy saw, not for the proxy's own.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
# A page of text, not a book: a bigger body is refused before it is read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
# A scanned page or two. A bigger file is thrown away while it arrives, and none touches the disk.
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# ---------------------------------------------------------------- time, language, static
LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("fonts", Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Compressing takes seconds, which a first look at the demo need not wait for.
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# ---------------------------------------------------------------- how long delivery may take
# A killed worker's messages wait for the end of their lease and then for the next sweep:
# 75 + 20 seconds, so that they go out within two minutes.
SWEEP_SECONDS = 10 if DEMO else int(env("SWEEP_SECONDS") or 20)
SEND_SECONDS = int(env("SEND_SECONDS") or 60)  # a task that sends for longer is killed
LEASE_SECONDS = SEND_SECONDS * 5 // 4  # it outlasts any task, so that nobody sends beside one
HOLD_SECONDS = SEND_SECONDS // 6  # after that a task gives back what it has not begun to send
TEXT_PROVIDER = env("TEXT_PROVIDER") or ("reminders.channels.text.Console" if DEMO else "")
EMAIL_TIMEOUT = SEND_SECONDS // 6  # for each reply; four come once the connection stands

# ---------------------------------------------------------------- mail
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("MAIL_FROM") or "kapcare <no-reply@localhost>"
if DEMO:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
else:
    mail = urlsplit(env("MAIL_URL") or "smtp://localhost:25")
    EMAIL_HOST, EMAIL_PORT = mail.hostname or "localhost", mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
        unquote(mail.username or ""),
        unquote(mail.password or ""),
    )
    EMAIL_USE_SSL = mail.scheme == "smtps"
    EMAIL_USE_TLS = mail.scheme == "smtp" and bool(mail.username)

# ---------------------------------------------------------------- jobs
CELERY_BROKER_URL = env("REDIS_URL") or "memory://localhost"
# Worker and beat come back by themselves, however long the broker is away.
CELERY_BROKER_CONNECTION_RETRY = CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 10, "socket_connect_timeout": 10}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120  # of a round; what sends has SEND_SECONDS
CELERY_WORKER_PREFETCH_MULTIPLIER = 1  # what waits is for whoever is free
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_BEAT_SCHEDULE = {
    "send-due-reminders": {
        "task": "reminders.send_due",
        "schedule": SWEEP_SECONDS,
        "options": {"expires": SWEEP_SECONDS},
    }
}

# ---------------------------------------------------------------- logs: never about whom
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"secrets": {"()": "kapcare.logs.WithoutSecrets"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["secrets"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"kapcare": {"level": "INFO"}, "reminders": {"level": "INFO"}},
}
