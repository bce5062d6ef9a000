import errno
import hashlib
import os
from pathlib import Path

import pytest

from file_limits import limit_file_size
from transcriber.infra.errors import StorageFullError, UnavailableError
from transcriber.infra.identifiers import create_id
from transcriber.infra.settings import GIBIBYTE
from transcriber.infra.storage import LocalStorage
from transcriber.infra.storage.errors import ObjectMissingError, translate_os_error


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "objects", low_water_bytes=0)


def put(storage: LocalStorage, data: bytes, kind: str = "recordings") -> str:
    writer = storage.create(f"{kind}/{create_id()}")
    writer.write(data)
    return writer.commit().key


def test_what_was_written_in_pieces_is_read_back_in_ranges(storage: LocalStorage) -> None:
    writer = storage.create(f"recordings/{create_id()}")
    for piece in (b"abc", b"", b"defgh"):
        writer.write(piece)
    stored = writer.commit()
    assert stored.sha256 == hashlib.sha256(b"abcdefgh").hexdigest()
    assert (stored.size_bytes, storage.size(stored.key)) == (8, 8)
    assert storage.read_range(stored.key, 2, 3) == b"cde"
    assert storage.read_range(stored.key, 6, 100) == b"gh"
    with storage.local_file(stored.key) as path:
        assert path.read_bytes() == b"abcdefgh"


def test_nothing_is_visible_before_the_commit_nor_after_an_abort(storage: LocalStorage) -> None:
    key = f"recordings/{create_id()}"
    writer = storage.create(key)
    writer.write(b"half")
    with pytest.raises(ObjectMissingError):
        storage.size(key)
    writer.abort()
    writer.abort()
    assert list(storage.find_objects()) == []


def test_an_abort_after_the_commit_keeps_the_object(storage: LocalStorage) -> None:
    writer = storage.create(f"pcm/{create_id()}")
    writer.write(b"kept")
    key = writer.commit().key
    writer.abort()
    assert storage.read_range(key, 0, 4) == b"kept"


@pytest.mark.parametrize(
    "key", ["../x", "recordings/../../x", "/etc/passwd", "recordings/talk.mp3", "", "a/" + "g" * 32]
)
def test_no_name_becomes_a_key(storage: LocalStorage, key: str) -> None:
    for use in (storage.create, storage.delete, storage.size):
        with pytest.raises(ValueError, match="not a storage key"):
            use(key)


def test_a_deleted_object_is_gone_and_may_be_deleted_again(storage: LocalStorage) -> None:
    key = put(storage, b"x")
    storage.delete(key)
    storage.delete(key)
    for read in (storage.size, lambda key: storage.read_range(key, 0, 1)):
        with pytest.raises(ObjectMissingError):
            read(key)
    with pytest.raises(ObjectMissingError), storage.local_file(key):
        pytest.fail("A missing object was opened.")


def test_remains_of_a_crash_are_found_and_can_be_deleted(storage: LocalStorage) -> None:
    kept = put(storage, b"x")
    storage.create(f"recordings/{create_id()}").write(b"left behind")
    found = {each.key for each in storage.find_objects()}
    (unfinished,) = found - {kept}
    assert unfinished.startswith("unfinished/")
    storage.delete(unfinished)
    assert {each.key for each in storage.find_objects()} == {kept}


def test_a_file_the_system_cuts_short_is_a_full_storage_and_leaves_nothing(
    storage: LocalStorage,
) -> None:
    with limit_file_size(1000):
        writer = storage.create(f"recordings/{create_id()}")
        writer.write(b"x" * 600)
        with pytest.raises(StorageFullError):
            writer.write(b"x" * 600)
    assert list(storage.find_objects()) == []


def test_new_objects_are_refused_below_the_low_water_mark(tmp_path: Path) -> None:
    storage = LocalStorage(tmp_path, low_water_bytes=2 * GIBIBYTE)
    storage.check_space(0)
    with pytest.raises(StorageFullError) as caught:
        storage.check_space(2**62)
    assert caught.value.status == 507


def test_a_place_that_cannot_be_written_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    storage = LocalStorage(tmp_path / "file" / "objects", low_water_bytes=0)
    with pytest.raises(UnavailableError) as caught:
        storage.create(f"recordings/{create_id()}")
    assert caught.value.status == 503
    assert "Retry-After" in caught.value.headers


@pytest.mark.parametrize(
    ("number", "status"),
    [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EIO, 503), (errno.EROFS, 503)],
)
def test_each_system_error_has_its_status(number: int, status: int) -> None:
    refusal = translate_os_error(OSError(number, os.strerror(number)), "store it")
    assert refusal.status == status
    assert refusal.detail.startswith("Could not store it: ")
