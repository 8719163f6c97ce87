"""All settings of an installation; docs/operator.md explains every KURSBUCH_ variable."""

from pathlib import Path

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF

from kursbuch.config.environment import env_bool, env_int, env_list, env_path, env_text, secret_key

django_stubs_ext.monkeypatch()  # forms.ModelForm[City] and the like

PACKAGE = Path(__file__).resolve().parent.parent
CHECKOUT = PACKAGE.parent.parent
DATA = env_path("KURSBUCH_DATA", Path("var"))

# DEMO shows the demonstration accounts and lets staff in without a second factor.
DEMO = env_bool("KURSBUCH_DEMO", False)
DEBUG = env_bool("KURSBUCH_DEBUG", False)
HTTPS = env_bool("KURSBUCH_HTTPS", not (DEMO or DEBUG))

SECRET_KEY = secret_key(DATA)
# Any host may ask; city.middleware answers only for the host names of a city.
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "kursbuch.web",
    "kursbuch.api",
    "kursbuch.strategy",
    "kursbuch.identity",
    "kursbuch.city",
    "kursbuch.chronicle",
    "kursbuch.kit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "kursbuch.api.middleware.ApiMiddleware",
    "kursbuch.web.middleware.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kursbuch.city.middleware.CityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "kursbuch.identity.middleware.MemberMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "kursbuch.config.urls"
WSGI_APPLICATION = "kursbuch.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "kursbuch.web.context.shell",
            ],
        },
    },
]

# ---- data -------------------------------------------------------------------------------------------

DATABASE_URL = env_text("DATABASE_URL", f"sqlite:///{DATA / 'kursbuch.sqlite3'}")
DATABASES = {
    "default": dj_database_url.parse(
        DATABASE_URL,
        conn_max_age=600,
        conn_health_checks=True,
        # A pooler in transaction mode gives each transaction another session: nothing may be left in one.
        disable_server_side_cursors=env_bool("KURSBUCH_DATABASE_POOLER", False),
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    # shared by all processes: rate limits
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kit_cache"},
    # each process's own: rendered pages and fragments, keyed by revision or digest
    "pages": {
        "BACKEND": "kursbuch.web.memory.BoundedMemoryCache",
        "LOCATION": "pages",
        "TIMEOUT": 24 * 3600,
        "OPTIONS": {"MAX_ENTRIES": 10_000, "MAX_BYTES": env_int("KURSBUCH_PAGE_MEMORY", 64) * 1024 * 1024},
    },
}

# Where the source of this very installation can be had; the footer links to it.
SOURCE_URL = env_text("KURSBUCH_SOURCE_URL")

MEDIA_ROOT = DATA / "media"
# rendered downloads; may be deleted at any time
DOWNLOADS = DATA / "cache" / "downloads"
MEDIA_URL = "/media/"

# ---- static files -----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env_path("KURSBUCH_STATIC", DATA / "static")
NODE_MODULES = next(
    (path for path in (CHECKOUT / "node_modules", PACKAGE / "node_modules") if path.is_dir()),
    CHECKOUT / "node_modules",
)
STATICFILES_DIRS = [
    ("kern", NODE_MODULES / "@kern-ux" / "native" / "dist"),
    ("htmx", NODE_MODULES / "htmx.org" / "dist"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# ---- language and time ------------------------------------------------------------------------------

LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
USE_I18N = True
FORMAT_MODULE_PATH = "kursbuch.config.formats"
TIME_ZONE = env_text("KURSBUCH_TIME_ZONE", "Europe/Berlin")
USE_TZ = True

# ---- accounts ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional" if DEMO else "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_USER_DISPLAY = "kursbuch.identity.adapter.display_name"
ACCOUNT_ADAPTER = "kursbuch.identity.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "kursbuch.identity.forms.AddEmailForm",
    "change_password": "kursbuch.identity.forms.ChangePasswordForm",
    "login": "kursbuch.identity.forms.LoginForm",
    "reauthenticate": "kursbuch.identity.forms.ReauthenticateForm",
    "reset_password": "kursbuch.identity.forms.ResetPasswordForm",
    "reset_password_from_key": "kursbuch.identity.forms.ResetPasswordKeyForm",
    "signup": "kursbuch.identity.forms.SignupForm",
}
ACCOUNT_SIGNUP_FORM_HONEYPOT_FIELD = "homepage"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
# by address and by account; counted in the shared cache, so that all processes count together
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/300s/key",
    "signup": "10/m/ip,60/h/ip",
    "reset_password": "10/m/ip,3/m/key",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "kursbuch.identity.adapter.MFAAdapter"
# Addresses are verified before anybody signs in, so a second factor need not forbid a change of address.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

# ---- mail -------------------------------------------------------------------------------------------

EMAIL_HOST = env_text("KURSBUCH_SMTP_HOST")
EMAIL_PORT = env_int("KURSBUCH_SMTP_PORT", 587)
EMAIL_HOST_USER = env_text("KURSBUCH_SMTP_USER")
EMAIL_HOST_PASSWORD = env_text("KURSBUCH_SMTP_PASSWORD")
EMAIL_USE_TLS = env_bool("KURSBUCH_SMTP_TLS", True)
EMAIL_TIMEOUT = 20
# in links of e-mails; 0 is the usual port of HTTP or HTTPS
PUBLIC_PORT = env_int("KURSBUCH_PUBLIC_PORT", 0)
DEFAULT_FROM_EMAIL = env_text("KURSBUCH_MAIL_FROM", "kursbuch@localhost")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"

# ---- security ---------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    },
}
CSRF_FAILURE_VIEW = "kursbuch.web.views.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = env_list("KURSBUCH_TRUSTED_ORIGINS")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
BEHIND_PROXY = env_bool("KURSBUCH_BEHIND_PROXY", HTTPS)  # kit.client: whose address limits count by
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ---- log --------------------------------------------------------------------------------------------

# Records name the event and the thing, never a person's data.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"lines": {"()": "kursbuch.config.log_lines.WithoutOthersTraceback"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["lines"]}},
    "root": {"handlers": ["console"], "level": env_text("KURSBUCH_LOG_LEVEL", "INFO").upper()},
}
