"""What every storage promises, asked of the local disk and of a real S3-compatible s3_server."""

import hashlib
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from s3_server import S3Server
from service_context import build_settings
from transcriber.infra.errors import UnavailableError
from transcriber.infra.identifiers import create_id
from transcriber.infra.storage import Storage, build_storage
from transcriber.infra.storage.errors import ObjectMissingError

MEBIBYTE = 1024**2


@pytest.fixture(params=["local", "s3"])
def storage(
    request: pytest.FixtureRequest, s3_server: S3Server, tmp_path: Path
) -> Generator[Storage]:
    choices = s3_server.choices if request.param == "s3" else {}
    s3_server.empty()
    built = build_storage(build_settings(tmp_path, **choices))
    yield built
    built.close()


def test_an_object_of_several_parts_is_read_back_whole(storage: Storage) -> None:
    piece = bytes(range(256)) * 4096
    key = f"recordings/{create_id()}"
    writer = storage.create(key)
    for _ in range(20):
        writer.write(piece)
    assert writer.size_bytes == 20 * MEBIBYTE
    stored = writer.commit()
    assert (stored.key, stored.size_bytes) == (key, 20 * MEBIBYTE)
    assert stored.sha256 == hashlib.sha256(piece * 20).hexdigest()
    assert storage.size(key) == 20 * MEBIBYTE
    assert storage.read_range(key, 10 * MEBIBYTE - 3, 6) == piece[-3:] + piece[:3]
    with storage.local_file(key) as path:
        assert path.read_bytes() == piece * 20


def test_a_range_is_shorter_only_at_the_end(storage: Storage) -> None:
    key = _store(storage, b"0123456789")
    assert storage.read_range(key, 8, 10) == b"89"
    assert storage.read_range(key, 2, 3) == b"234"


def test_nothing_is_visible_before_the_commit_nor_after_an_abort(storage: Storage) -> None:
    key = f"pcm/{create_id()}"
    writer = storage.create(key)
    writer.write(b"x" * 9 * MEBIBYTE)
    with pytest.raises(ObjectMissingError):
        storage.size(key)
    writer.abort()
    writer.abort()
    with pytest.raises(ObjectMissingError), storage.local_file(key):
        pass
    assert list(storage.find_objects()) == []


def test_a_deleted_object_is_gone_and_may_be_deleted_again(storage: Storage) -> None:
    key = _store(storage, b"bytes")
    storage.delete(key)
    storage.delete(key)
    with pytest.raises(ObjectMissingError):
        storage.read_range(key, 0, 1)


def test_objects_are_found_with_their_age_by_the_storages_own_clock(storage: Storage) -> None:
    key = _store(storage, b"bytes")
    found = list(storage.find_objects())
    assert [each.key for each in found] == [key]
    assert abs(storage.read_time() - found[0].modified_at) < timedelta(seconds=30)
    assert abs(storage.read_time() - datetime.now(UTC)) < timedelta(seconds=30)


def test_remains_of_a_crash_are_found_and_can_be_deleted(storage: Storage) -> None:
    writer = storage.create(f"recordings/{create_id()}")
    writer.write(b"x" * 9 * MEBIBYTE)
    found = [each.key for each in storage.find_objects()]
    assert len(found) == 1
    storage.delete(found[0])
    assert list(storage.find_objects()) == []


def test_a_store_that_is_away_is_told_as_such(tmp_path: Path, s3_server: S3Server) -> None:
    choices = s3_server.choices | {"s3_endpoint_url": "http://127.0.0.1:1"}
    storage = build_storage(build_settings(tmp_path, **choices))
    with pytest.raises(UnavailableError) as caught:
        storage.size(f"recordings/{create_id()}")
    assert not isinstance(caught.value, ObjectMissingError)
    storage.close()


def test_wrong_credentials_are_told_without_the_secret(tmp_path: Path, s3_server: S3Server) -> None:
    choices = s3_server.choices | {"s3_secret_access_key": "wrong-secret-CANARY"}
    storage = build_storage(build_settings(tmp_path, **choices))
    with pytest.raises(UnavailableError) as caught:
        storage.read_range(f"recordings/{create_id()}", 0, 1)
    assert "CANARY" not in str(caught.value)
    storage.close()


def test_s3_without_a_bucket_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="must be set when STORAGE is s3"):
        build_settings(tmp_path, storage="s3")


def _store(storage: Storage, data: bytes) -> str:
    writer = storage.create(f"recordings/{create_id()}")
    writer.write(data)
    return writer.commit().key
