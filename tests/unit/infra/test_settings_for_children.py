import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from service_context import build_settings
from transcriber.infra.settings import MAX_SOCKET_PATH_BYTES, Settings


def test_a_child_gets_the_very_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = build_settings(
        tmp_path,
        broker_url="redis://:secret@127.0.0.1/5",
        trusted_proxies=("10.0.0.0/8", "::1"),
        worker_processes=3,
        cookie_secure=True,
    )
    for name, value in chosen.to_environment().items():
        monkeypatch.setenv(name, value)
    assert Settings(_env_file=None).model_dump() == chosen.model_dump()
    assert chosen.to_environment()["BROKER_URL"] == "redis://:secret@127.0.0.1/5"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://someone:CANARY@host/db"),
        ("DATABASE_URL", "postgresql+psycopg2://someone:CANARY@host/db"),
        ("DATABASE_URL", "CANARY"),
        ("BROKER_URL", "foo://someone:CANARY@host"),
        ("BROKER_URL", "CANARY:6379"),
        ("HEARTBEAT_SECONDS", "20"),
    ],
)
def test_what_cannot_work_is_refused_at_once_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        Settings(_env_file=None)
    assert [error["loc"] for error in caught.value.errors()] == [(name.lower(),)]
    assert "CANARY" not in str(caught.value)


def test_empty_variables_count_as_not_set_and_lists_are_split_at_commas(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8, ::1")
    settings = Settings(_env_file=None)
    assert settings.database_url is None
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1")


def test_the_socket_path_always_fits_the_kernel(tmp_path: Path) -> None:
    near = build_settings(tmp_path / "data")
    far = build_settings(tmp_path / ("long" * 40))
    assert near.broker_socket.parent == near.data_dir.resolve()
    assert len(os.fsencode(far.broker_socket)) <= MAX_SOCKET_PATH_BYTES
    assert far.broker_socket == build_settings(tmp_path / ("long" * 40)).broker_socket
    assert far.broker_socket != build_settings(tmp_path / ("gnol" * 40)).broker_socket
