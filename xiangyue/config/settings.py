"""Settings: one file for laptop, county and tests. What differs between them comes from the environment."""

import os
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from xiangyue.records.places import files_storage
from xiangyue.tenancy import environment

PACKAGE = Path(__file__).resolve().parent.parent
HOME = environment.data_home()

# Set by `serve --example` alone: the landing page then shows as whom one may try the example.
SHOWS_EXAMPLE = environment.flag("XIANGYUE_SHOWS_EXAMPLE")

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
    "xiangyue.messages",
    "xiangyue.catalogue",
    "xiangyue.scoring",
    "xiangyue.requests",
    "xiangyue.redemption",
]
# Signing in: django-allauth. Behind ours in the list of apps, so that our templates come first.
SIGN_IN_APPS = [
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "allauth.usersessions",
    "xiangyue.gate.wechat",
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
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS, *FACES, *SIGN_IN_APPS]
TENANT_APPS += SIGN_IN_APPS

TENANT_MODEL = "tenancy.Jurisdiction"
TENANT_DOMAIN_MODEL = "tenancy.Domain"
TENANT_LIMIT_SET_CALLS = True
DATABASES = {"default": environment.database()}
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = "gate:arrive"
ACCOUNT_LOGOUT_REDIRECT_URL = "gate:front"
ACCOUNT_ADAPTER = "xiangyue.gate.signing.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "xiangyue.gate.signing.forms.PasswordForm",
    "signup": "xiangyue.gate.signing.forms.FirstTimeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # nobody here has an address; phones are shown to be theirs
ACCOUNT_LOGIN_METHODS = {"phone", "username"}
ACCOUNT_SIGNUP_FIELDS = ["phone"]  # the form demands it; who comes by password or WeChat needs none
SILENCED_SYSTEM_CHECKS = ["account.W001"]  # it wants the phone demanded of everybody
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 5 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_FORMAT = ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = CODE_FORMAT
# What is not named keeps the library's own limit. A code costs its sender money and its receiver patience; a village
# may share one address.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "300/h/ip,1/m/key,8/d/key",
    "verify_phone": "300/h/ip,1/m/key,8/d/key",
    "signup": "100/h/ip",
    "login_failed": "200/h/ip,5/15m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("XIANGYUE_PROXIES", "0"))
SOCIALACCOUNT_ADAPTER = "xiangyue.gate.signing.adapters.WeChatAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_STORE_TOKENS = False
# Where WeChat is called at; another address in tests.
WECHAT_OPEN = os.environ.get("XIANGYUE_WECHAT_OPEN", "https://open.weixin.qq.com")
WECHAT_API = os.environ.get("XIANGYUE_WECHAT_API", "https://api.weixin.qq.com")
MFA_ADAPTER = "xiangyue.gate.signing.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
MFA_TOTP_ISSUER = "xiangyue"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

MIDDLEWARE = [
    "xiangyue.gate.kept.KeptPagesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "xiangyue.tenancy.middleware.JurisdictionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "xiangyue.ui.middleware.ChineseFirstMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
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
                "xiangyue.ui.context.behalf",
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
LANGUAGES = [("zh-hans", _("中文")), ("zh-hant", _("繁体中文")), ("en", "English")]
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
SESSION_ENGINE = "xiangyue.users.sessions"
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

# What a county without a setting of its own does with SMS: "console" shows them on this machine (docs/messages.md).
SMS_FALLBACK = os.environ.get("XIANGYUE_SMS", "console" if DEBUG else "")

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Limits on guessing are counted across all processes, in a table that all counties share; keys begin with the schema.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "tenancy_cache",
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "REVERSE_KEY_FUNCTION": "django_tenants.cache.reverse_key",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("XIANGYUE_LOG", "WARNING")},
    # Where SMS are shown instead of sent, that is what the line is for.
    "loggers": {"xiangyue.messages.channels.console": {"level": "INFO"}},
}
