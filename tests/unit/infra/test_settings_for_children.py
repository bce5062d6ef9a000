import os
from pathlib import Path

import pytest

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


def test_the_socket_path_always_fits_the_kernel(tmp_path: Path) -> None:
    near = build_settings(tmp_path / "data")
    far = build_settings(tmp_path / ("long" * 40))
    assert near.broker_socket.parent == near.data_dir.resolve()
    assert len(os.fsencode(far.broker_socket)) <= MAX_SOCKET_PATH_BYTES
    assert far.broker_socket == build_settings(tmp_path / ("long" * 40)).broker_socket
    assert far.broker_socket != build_settings(tmp_path / ("gnol" * 40)).broker_socket
