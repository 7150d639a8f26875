"""Settings of the web application, read from the environment that `pilotage serve` prepares.

| Variable | Meaning |
|---|---|
| PILOTAGE_STUDY | the study folder, or a built-in name |
| PILOTAGE_DATA | the data directory: database, secret key, cuts, backups |
| DATABASE_URL | postgresql://user:password@host:port/name; without it, SQLite in there |
| PILOTAGE_HOSTS | host names under which the application answers, separated by commas |
| PILOTAGE_TLS_PROXY | address of the proxy in front that speaks TLS, such as 127.0.0.1 |
| PILOTAGE_INSECURE | `1` only on loopback: cookies without TLS |
| PILOTAGE_SYNTHETIC | `1` where the subjects are invented: every page says so |
| PILOTAGE_IDLE_MINUTES | after so many minutes without a request a session ends (15) |
| PILOTAGE_SESSION_HOURS | after so many hours every session ends (12) |
"""

import os
from pathlib import Path

from pilotage.capture.database import database
from pilotage.capture.secret import secret_key

DATA = Path(os.environ.get("PILOTAGE_DATA", "pilotage-data"))
STUDY = os.environ.get("PILOTAGE_STUDY", "")
SYNTHETIC = os.environ.get("PILOTAGE_SYNTHETIC") == "1"
NOT_LIVE = False  # `pilotage serve` sets it where the study has open errors
TLS_PROXY = os.environ.get("PILOTAGE_TLS_PROXY", "")
INSECURE = os.environ.get("PILOTAGE_INSECURE") == "1"
IDLE_MINUTES = int(os.environ.get("PILOTAGE_IDLE_MINUTES", "15"))
SESSION_HOURS = int(os.environ.get("PILOTAGE_SESSION_HOURS", "12"))

SECRET_KEY = secret_key(DATA)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("PILOTAGE_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "pilotage.capture.apps.CaptureConfig",
    "pilotage.capture.sign_in.apps.SignInConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
]
MIDDLEWARE = [
    "pilotage.capture.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "pilotage.capture.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "pilotage.capture.middleware.Gate",
]
ROOT_URLCONF = "pilotage.capture.urls"
WSGI_APPLICATION = "pilotage.capture.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pilotage.capture.navigation.shell",
            ]
        },
    }
]

DATABASES = {"default": database(DATA, os.environ.get("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who may enter
AUTH_USER_MODEL = "capture.User"
AUTHENTICATION_BACKENDS = ["pilotage.capture.sign_in.who_asks.People"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "pilotage.capture.sign_in.passwords.LongEnough"},
    {"NAME": "pilotage.capture.sign_in.passwords.NotLikeTheName"},
    {"NAME": "pilotage.capture.sign_in.passwords.NotCommon"},
]
LOGIN_URL = "sign_in"
MFA_ADAPTER = "pilotage.capture.sign_in.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Pilotage"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODE_DIGITS = 10
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]

# Sessions and cookies. The names with __Host- are taken by browsers over TLS only.
SESSION_ENGINE = "pilotage.capture.sign_in.who_asks"
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_NAME = "pilotage" if INSECURE else "__Host-pilotage"
CSRF_COOKIE_NAME = "csrf" if INSECURE else "__Host-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not INSECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "pilotage.capture.views.errors.refused_form"

SECURE_SSL_REDIRECT = bool(TLS_PROXY)
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if TLS_PROXY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # the other names of the domain are not ours
SECURE_REFERRER_POLICY = "same-origin"

# What is sent in never lies where others read
FILE_UPLOAD_TEMP_DIR = DATA / "uploads"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # it sends no mail

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
FORMAT_MODULE_PATH = ["pilotage.capture.formats"]
LOCALE_PATHS = [
    Path(__file__).parent / "locale",
    Path(__file__).parents[1] / "instruments" / "locale",  # what the published scales ask
]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "pilotage.capture.static_files.HashedFiles"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"discreet": {"()": "pilotage.capture.log.Discreet"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "pilotage": {"level": "INFO"},
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "waitress.queue": {"level": "ERROR"},  # a line for every request that waits its turn
    },
}
