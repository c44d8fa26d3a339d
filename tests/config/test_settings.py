"""What the environment makes of the settings, each in a process of its own, as it is in real life."""

import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest

NAMES = (
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_DOMAIN",
    "CSRF_COOKIE_DOMAIN",
    "SESSION_COOKIE_PATH",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "ALLOWED_HOSTS",
    "DEBUG",
)
PRINT = f"""
import json
from django.conf import settings
print(json.dumps({{name: getattr(settings, name) for name in {NAMES}}}))
"""


def python(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "xiangyue.config.settings", **variables}
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the tests' own, for the browser
    return subprocess.run([sys.executable, *words], env=environment, capture_output=True, text=True)


def settings_with(**variables: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(python("-c", PRINT, **variables).stdout)
    return found


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    return settings_with()


@pytest.fixture(scope="module")
def public() -> dict[str, Any]:
    return settings_with(XIANGYUE_HTTPS="1", XIANGYUE_HOSTS="a.example,b.example")


def test_nothing_is_on_by_itself(plain: dict[str, Any]) -> None:
    assert (plain["DEBUG"], plain["SECURE_SSL_REDIRECT"]) == (False, False)
    assert plain["SESSION_COOKIE_NAME"] == "session"


def test_cookies_are_bound_to_their_host(plain: dict[str, Any], public: dict[str, Any]) -> None:
    for found in (plain, public):
        assert (found["SESSION_COOKIE_DOMAIN"], found["CSRF_COOKIE_DOMAIN"]) == (None, None)
        assert (found["SESSION_COOKIE_PATH"], found["SESSION_COOKIE_HTTPONLY"]) == ("/", True)
    assert public["SESSION_COOKIE_NAME"] == "__Host-session"
    assert public["CSRF_COOKIE_NAME"] == "__Host-csrf"
    assert public["SESSION_COOKIE_SECURE"]
    assert public["CSRF_COOKIE_SECURE"]


def test_behind_https_plain_http_is_led_over(public: dict[str, Any]) -> None:
    assert public["SECURE_SSL_REDIRECT"]
    assert public["SECURE_HSTS_SECONDS"] > 0


def test_hosts_are_those_that_are_named(public: dict[str, Any]) -> None:
    assert public["ALLOWED_HOSTS"] == ["a.example", "b.example"]


def test_django_has_nothing_to_say_about_a_public_installation() -> None:
    said = python(
        "-m", "django", "check", "--deploy", XIANGYUE_HTTPS="1", XIANGYUE_SECRET_KEY="long enough " * 9
    )
    assert said.returncode == 0
    # What other machines of the domain do is not ours to decide: no HSTS for subdomains, no preloading.
    assert set(re.findall(r"security\.\w+", said.stderr)) == {"security.W005", "security.W021"}


def test_a_database_that_cannot_be_understood_is_refused_in_words() -> None:
    said = python("-m", "xiangyue", "doctor", DATABASE_URL="mysql://root:topsecret@localhost/x")
    assert said.returncode == 1
    assert "bad-database-url" in said.stderr
    assert "topsecret" not in said.stderr
    assert "Traceback" not in said.stderr
