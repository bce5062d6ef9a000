import hashlib
import json
import os
import time
from pathlib import Path

import pytest

from transcriber.engine.checksums import (
    compute_checksum,
    read_fingerprint,
    read_sidecar,
    refuse_change,
)
from transcriber.engine.errors import ModelError


@pytest.fixture
def settled(tmp_path: Path) -> Path:
    path = tmp_path / "model.pt"
    path.write_bytes(b"weights")
    _age(path, 60)
    return path


def _age(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


def test_hashes_and_remembers(settled: Path, tmp_path: Path) -> None:
    expected = hashlib.sha256(b"weights").hexdigest()

    assert compute_checksum(settled, tmp_path / "cache") == expected

    (record,) = (tmp_path / "cache" / "checksums").iterdir()
    remembered = json.loads(record.read_bytes())
    assert remembered["sha256"] == expected
    # Proof that the record is used: an altered one is believed while the file is unchanged.
    record.write_text(json.dumps(remembered | {"sha256": "f" * 64}))
    assert compute_checksum(settled, tmp_path / "cache") == "f" * 64


def test_hashes_again_when_the_file_changed(settled: Path, tmp_path: Path) -> None:
    compute_checksum(settled, tmp_path)
    settled.write_bytes(b"WEIGHTS")
    _age(settled, 30)

    assert compute_checksum(settled, tmp_path) == hashlib.sha256(b"WEIGHTS").hexdigest()


def test_does_not_remember_a_file_that_may_still_change(settled: Path, tmp_path: Path) -> None:
    settled.touch()

    compute_checksum(settled, tmp_path / "cache")

    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"size": 7}'])
def test_ignores_a_damaged_record(settled: Path, tmp_path: Path, content: bytes) -> None:
    compute_checksum(settled, tmp_path)
    (record,) = (tmp_path / "checksums").iterdir()
    record.write_bytes(content)

    assert compute_checksum(settled, tmp_path) == hashlib.sha256(b"weights").hexdigest()


def test_a_record_that_cannot_be_kept_leaves_nothing_behind(settled: Path, tmp_path: Path) -> None:
    expected = hashlib.sha256(b"weights").hexdigest()
    compute_checksum(settled, tmp_path)
    (record,) = (tmp_path / "checksums").iterdir()
    record.unlink()
    # Renaming onto a directory fails, as writing to a full disk does.
    record.mkdir()

    assert compute_checksum(settled, tmp_path) == expected
    assert list((tmp_path / "checksums").iterdir()) == [record]


def test_works_without_a_writable_cache(settled: Path) -> None:
    expected = hashlib.sha256(b"weights").hexdigest()

    assert compute_checksum(settled, settled / "not-a-directory") == expected


def test_refuses_a_named_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pt")

    with pytest.raises(ModelError, match="expected a file") as caught:
        compute_checksum(tmp_path / "pipe.pt", tmp_path)

    assert caught.value.code == "model_unreadable"


def test_says_that_a_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be read: No such file") as caught:
        compute_checksum(tmp_path / "gone.pt", tmp_path)

    assert caught.value.code == "model_unreadable"


def test_notices_a_file_that_changes_underneath(settled: Path) -> None:
    fingerprint = read_fingerprint(settled)
    settled.write_bytes(b"longer weights")

    with pytest.raises(ModelError, match="changed while it was read"):
        refuse_change(settled, fingerprint)


def test_reads_a_sidecar(settled: Path) -> None:
    assert read_sidecar(settled) is None
    settled.with_name("model.pt.sha256").write_text("AB" * 32 + "  model.pt\n")
    assert read_sidecar(settled) == "ab" * 32


@pytest.mark.parametrize("content", [b"", b"abc  model.pt", b"\xff\xfe", b"g" * 64])
def test_refuses_another_sidecar(settled: Path, content: bytes) -> None:
    settled.with_name("model.pt.sha256").write_bytes(content)

    with pytest.raises(ModelError, match="64 hexadecimal digits"):
        read_sidecar(settled)
