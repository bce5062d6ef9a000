"""What production does not start with; the sentences name variables and never values."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from service_context import build_settings
from transcriber.infra.identifiers import create_token
from transcriber.infra.placeholders import find_credentials, is_placeholder

REPOSITORY = Path(__file__).resolve().parents[3]
GOOD = {
    "environment": "production",
    "database_url": "postgresql://transcriber:Vj7dY2kqLw0Zt4@db/transcriber",
    "broker_url": "redis://:q1W8fVtZ0aLm3N@redis:6379/0",
    "s3_access_key_id": "AKIA4QW7ZL2MXK9D",
    "s3_secret_access_key": "k0s4Zq8wPz1LmT7vBn2XcRy5",
    "metrics_token": "cdd1d8a50cf2f7a1d2a1",
    "public_url": "https://transcriber.example",
    "cookie_secure": True,
    "trusted_proxies": ("10.0.0.0/8",),
}


def read_refusal(tmp_path: Path, **choices: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        build_settings(tmp_path, **GOOD | choices)
    return str(caught.value)


def test_good_settings_and_bare_ones_start(tmp_path: Path) -> None:
    assert build_settings(tmp_path, **GOOD).environment == "production"
    assert build_settings(tmp_path, environment="production").database_url is None
    # Servers that know who connects, by a certificate or by a socket, need no password.
    for url in ("postgresql://postgres@db/transcriber", "postgresql:///transcriber?host=/run/pg"):
        build_settings(tmp_path, **GOOD | {"database_url": url})
    build_settings(tmp_path, **GOOD | {"broker_url": "redis://redis:6379/0"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("database_url", "postgresql://transcriber:changeme@db/transcriber"),
        ("database_url", "postgresql://transcriber:Transcriber@db/transcriber"),
        ("database_url", "postgresql://someone:@db/transcriber"),
        ("database_url", "postgresql://someone@db/transcriber?password=secret"),
        ("database_url", "postgresql://someone:%63hangeme@db/transcriber"),
        ("broker_url", "redis://:password@redis:6379/0"),
        ("broker_url", "amqp://guest:guest@rabbit:5672//"),
        ("s3_access_key_id", "minioadmin"),
        ("s3_access_key_id", "AKIAIOSFODNN7EXAMPLE"),
        ("s3_secret_access_key", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ("s3_secret_access_key", "AKIA4QW7ZL2MXK9D"),
        ("metrics_token", "change-me"),
        ("metrics_token", "${METRICS_TOKEN}"),
    ],
)
def test_a_placeholder_is_refused_in_production_alone(
    tmp_path: Path, name: str, value: str
) -> None:
    refusal = read_refusal(tmp_path, **{name: value})
    assert f"{name.upper()} " in refusal
    assert "placeholder" in refusal
    assert value not in refusal
    build_settings(tmp_path, **GOOD | {name: value, "environment": "development"})


@pytest.mark.parametrize(
    "secret",
    [
        *("", " ", "x", "xxxxxxxx", "********", "changeme", "Change_Me!", "CHANGEME123"),
        *("password", "Passw0rd", "password1", "secret", "my-secret-password", "supersecret"),
        *("admin", "admin123", "example", "please-replace-me", "<your password>", "$SECRET"),
        *("12345678", "test", "TODO", "postgres", "{{ password }}", "letmein", "placeholder"),
    ],
)
def test_words_of_examples_are_no_secrets(secret: str) -> None:
    assert is_placeholder(secret)


def test_what_somebody_chose_is_one() -> None:
    assert not is_placeholder("correct-horse-battery-staple")
    assert not is_placeholder("пароль на сервер")
    assert not is_placeholder("83920174650283")
    for _ in range(2000):
        assert not is_placeholder(create_token())


def test_every_password_in_our_documentation_is_a_placeholder() -> None:
    pages = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")]
    pages += [path for path in (REPOSITORY / "deploy").rglob("*") if path.is_file()]
    shown = {
        password
        for page in pages
        for address in re.findall(
            r"[a-z+]+://[^\s`'\"<>]*:[^\s`'\"<>]*@[^\s`'\"]+", page.read_text()
        )
        for _, password in find_credentials(address)
    }
    assert shown
    assert [password for password in shown if not is_placeholder(password)] == []


@pytest.mark.parametrize(
    ("choices", "variable"),
    [
        ({"public_url": "http://transcriber.example"}, "PUBLIC_URL"),
        ({"public_url": "transcriber.example"}, "PUBLIC_URL"),
        ({"cookie_secure": False}, "COOKIE_SECURE"),
        ({"legacy_user_header_enabled": True, "sign_up": "open"}, "LEGACY_USER_HEADER_ENABLED"),
        ({"database_url": "postgresql://a:b@[::1/x"}, "DATABASE_URL"),
    ],
)
def test_what_is_unsafe_is_refused_in_production_alone(
    tmp_path: Path, choices: dict[str, Any], variable: str
) -> None:
    assert variable in read_refusal(tmp_path, **choices)
    build_settings(tmp_path, **GOOD | choices | {"environment": "development"})


def test_the_legacy_header_alone_or_open_sign_up_alone_starts(tmp_path: Path) -> None:
    build_settings(tmp_path, **GOOD, legacy_user_header_enabled=True)
    build_settings(tmp_path, **GOOD, sign_up="open")
