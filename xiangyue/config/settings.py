"""Settings: one file for laptop, county and tests. What differs between them comes from the environment."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from xiangyue.records.places import files_storage
from xiangyue.tenancy import environment

PACKAGE = Path(__file__).resolve().parent.parent
HOME = environment.data_home()

SECRET_KEY = environment.secret_key()
DEBUG = environment.flag("XIANGYUE_DEBUG")
# Hosts choose the tenant by rows in the database; a host that is nobody's finds nothing but the landing list.
ALLOWED_HOSTS = os.environ.get("XIANGYUE_HOSTS", "*").split(",")

# A table lives either in `public` or in the counties' schemas, never in both (DATABASE.md "Tenants").
SHARED_APPS = [
    "django_tenants",
    "xiangyue.tenancy",
    "procrastinate.contrib.django",
]
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "xiangyue.users",
    "xiangyue.records",
    "xiangyue.ledger",
    "xiangyue.people",
    "xiangyue.catalogue",
    "xiangyue.scoring",
    "xiangyue.redemption",
]
FACES = [
    "django.contrib.staticfiles",
    "xiangyue.setup",
    "xiangyue.auditor",
    "xiangyue.insight",
    "xiangyue.ui",
    "xiangyue.gate",
    "xiangyue.phone",
]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS, *FACES]

TENANT_MODEL = "tenancy.Jurisdiction"
TENANT_DOMAIN_MODEL = "tenancy.Domain"
TENANT_LIMIT_SET_CALLS = True
DATABASES = {"default": environment.database()}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "xiangyue.tenancy.middleware.JurisdictionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "xiangyue.ui.middleware.ChineseFirstMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "xiangyue.config.urls"
WSGI_APPLICATION = "xiangyue.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "xiangyue.ui.context.look",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "xiangyue.ui.templatetags.xiangyue_ui",
            ],
        },
    }
]

# Chinese is what the sources are written in; the reader may ask for another language (docs/decisions/0003).
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("XIANGYUE_STATIC", HOME / "static"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    "files": files_storage(),  # evidence, minutes, imported sheets: XIANGYUE_FILES (docs/files.md)
}
WHITENOISE_USE_FINDERS = DEBUG

HTTPS = environment.flag("XIANGYUE_HTTPS")
COOKIE_PREFIX = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}session"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Nothing leaves for other sites; our own forms need their origin, which "no-referrer" would turn into null.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # icons are masks compiled into the style sheet
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
CSRF_FAILURE_VIEW = "xiangyue.ui.errors.csrf_failure"

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("XIANGYUE_LOG", "WARNING")},
}
