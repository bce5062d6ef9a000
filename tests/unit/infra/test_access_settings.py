"""Settings about ways in: exact origins, real networks, tokens that fit into a header."""

from typing import Any

import pytest
from pydantic import ValidationError

from transcriber.infra.settings import Settings


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("CORS_ALLOWED_ORIGINS", "https://app.example.org", ("https://app.example.org",)),
        (
            "CORS_ALLOWED_ORIGINS",
            "http://localhost:3000, http://[::1]:3000",
            ("http://localhost:3000", "http://[::1]:3000"),
        ),
        ("CORS_ALLOWED_ORIGINS", "", ()),
        ("TRUSTED_PROXIES", "10.0.0.0/8, ::1,127.0.0.1", ("10.0.0.0/8", "::1", "127.0.0.1")),
        ("LEGACY_USER_HEADER_ENABLED", "1", True),
        ("LEGACY_USER_HEADER_ENABLED", "", False),
        ("SIGN_UP", "", "invitation"),
    ],
)
def test_what_can_work_is_taken(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: Any
) -> None:
    monkeypatch.setenv(name, value)
    assert getattr(Settings(_env_file=None), name.lower()) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("CORS_ALLOWED_ORIGINS", value)
            for value in (
                *("*", "null", "https://*.example.org", "app.example.org", "ftp://a.example"),
                *("https://a.example/", "https://a.example/x", "https://A.example", "https://"),
                *("https://a.example:443", "http://a.example:80", "https://a.example:"),
                *("https://a.example,*", "https://a.example,", "https://u@a.example"),
                *("https://a.example?x", "https://a.example#x", "https://a.example:99999"),
                *("https://bücher.example", "https://[::1", "https://a b"),
            )
        ),
        *(
            ("TRUSTED_PROXIES", value)
            for value in ("*", "proxy", "10.0.0.7/8", "10.0.0.0/8,*", "10.0.0.0/8,", "300.1.1.1")
        ),
        *(("METRICS_TOKEN", value) for value in ("tökén", " a", "a ", "a\nb", "a\u200bb")),
        *(("API_KEY_MAX_DAYS", value) for value in ("0", "3651", "many")),
        *(("MAX_API_KEYS_PER_ACCOUNT", value) for value in ("0", "1001")),
        ("LEGACY_USER_HEADER_ENABLED", "perhaps"),
        ("SIGN_UP", "everybody"),
    ],
)
def test_what_cannot_work_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        Settings(_env_file=None)
    assert [error["loc"] for error in caught.value.errors()] == [(name.lower(),)]
