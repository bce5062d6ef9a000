"""Secrets in files, as Docker and Kubernetes mount them."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from transcriber.infra.secret_files import MAX_SECRET_BYTES
from transcriber.infra.settings import Settings

URL = "postgresql://someone:CANARY@db/transcriber"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("DATABASE_URL", URL),
        ("BROKER_URL", "redis://:CANARY@redis"),
        ("S3_SECRET_ACCESS_KEY", "CANARY"),
        ("METRICS_TOKEN", "CANARY"),
        ("AUDIT_SEAL_KEY", "CANARY" * 6),
    ],
)
def test_a_secret_is_read_from_its_file_and_stays_out_of_the_childrens_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str
) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{content}\r\n")
    monkeypatch.setenv(f"{name}_FILE", str(file))
    settings = Settings(_env_file=None)
    assert getattr(settings, name.lower()).get_secret_value() == content
    assert "CANARY" not in repr(settings)
    environment = settings.to_environment()
    assert environment == {f"{name}_FILE": str(file)}
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    assert Settings(_env_file=None).model_dump() == settings.model_dump()


def test_the_name_of_a_file_may_stand_in_the_env_file(tmp_path: Path) -> None:
    (tmp_path / "id").write_text("AKIA1")
    (tmp_path / ".env").write_text(
        f"S3_ACCESS_KEY_ID_FILE={tmp_path / 'id'}\nMETRICS_TOKEN_FILE=\n"
    )
    settings = Settings(_env_file=tmp_path / ".env")
    assert settings.s3_access_key_id == "AKIA1"
    assert settings.metrics_token is None


def read_refusal() -> str:
    with pytest.raises(ValidationError) as caught:
        Settings(_env_file=None)
    assert "CANARY" not in str(caught.value)
    return caught.value.errors()[0]["msg"]


def test_both_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text(URL)
    monkeypatch.setenv("DATABASE_URL", URL)
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    assert "DATABASE_URL and DATABASE_URL_FILE are both set" in read_refusal()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xff\xfe", "is no text in UTF-8"),
        (b"a" * (MAX_SECRET_BYTES + 1), "longer than any secret"),
    ],
)
def test_a_file_that_holds_no_secret_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, reason: str
) -> None:
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    monkeypatch.setenv("METRICS_TOKEN_FILE", str(tmp_path / "token"))
    refusal = read_refusal()
    assert "METRICS_TOKEN_FILE" in refusal
    assert reason in refusal


def test_a_folder_is_no_file_and_a_device_has_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METRICS_TOKEN_FILE", str(tmp_path))
    assert "Is a directory" in read_refusal()
    monkeypatch.setenv("METRICS_TOKEN_FILE", "/dev/zero")
    assert "longer than any secret" in read_refusal()


def test_what_a_file_says_is_checked_like_any_other_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "url").write_text("mysql://someone:CANARY@host/db")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    assert "must begin with one of" in read_refusal()
    (tmp_path / "url").write_text("postgresql://someone:changeme@host/db")
    monkeypatch.setenv("ENVIRONMENT", "production")
    assert "DATABASE_URL has a password that is a placeholder" in read_refusal()
