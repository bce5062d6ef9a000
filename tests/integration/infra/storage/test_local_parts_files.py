"""How a disk keeps parts: files that are given up, bytes that are copied over."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from service_context import build_settings
from transcriber.infra.identifiers import create_id
from transcriber.infra.storage import Assembly, BegunPart, Part, Storage, build_storage
from transcriber.infra.storage.parts import PartsLostError

SIZE = 10


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return build_storage(build_settings(tmp_path, disk_low_water_bytes=0))


def build(file: int, handle: str = "a" * 32, key: str = f"recordings/{'b' * 32}") -> Assembly:
    return Assembly(key=key, handle=handle, file=file, size_bytes=SIZE)


def write(storage: Storage, assembly: Assembly, number: int, start: int, data: bytes) -> Part:
    writer = storage.parts.open(assembly, number, start, len(data))
    writer.write(data)
    receipt = writer.commit()
    writer.close()
    return Part(
        number=number, start=start, size_bytes=len(data), file=assembly.file, receipt=receipt
    )


def no_check() -> None:
    """Nothing ends this work early."""


def test_confirmed_parts_of_a_given_up_file_are_copied_over(storage: Storage) -> None:
    parts = [
        write(storage, build(0), 0, 0, b"aaaa"),
        write(storage, build(1), 1, 4, b"bbbb"),
        write(storage, build(2), 2, 8, b"cc"),
    ]
    # What was not confirmed in it must not come along.
    write(storage, build(0), 1, 4, b"xxxx")
    newest = build(2)
    storage.parts.assemble(newest, parts, no_check)
    assert b"".join(storage.parts.stream(newest)) == b"aaaabbbbcc"
    storage.parts.publish(newest)
    storage.parts.assemble(newest, parts, no_check)
    storage.parts.discard(newest)
    assert storage.read_range(newest.key, 0, SIZE) == b"aaaabbbbcc"
    assert [each.key for each in storage.find_objects()] == [newest.key]


def test_a_part_that_begun_in_a_given_up_file_is_copied_over(storage: Storage) -> None:
    part = write(storage, build(0), 0, 0, b"aaaa")
    with closing(storage.parts.open(build(0), 1, 4, 6)) as writer:
        writer.write(b"bbb")
        begun = BegunPart(size_bytes=3, file=0, receipt=writer.keep())
    with closing(storage.parts.open(build(1), 1, 4, 6)) as writer:
        assert b"".join(writer.resume(begun)) == b"bbb"
        writer.write(b"ccc")
        receipt = writer.commit()
    parts = [part, Part(number=1, start=4, size_bytes=6, file=1, receipt=receipt)]
    storage.parts.assemble(build(1), parts, no_check)
    assert b"".join(storage.parts.stream(build(1))) == b"aaaabbbccc"


def test_a_file_that_is_too_short_is_not_published(storage: Storage) -> None:
    write(storage, build(0), 0, 0, b"aaaa")
    with pytest.raises(PartsLostError):
        storage.parts.publish(build(0))


def test_a_part_longer_than_announced_is_refused(storage: Storage) -> None:
    writer = storage.parts.open(build(0), 0, 0, 4)
    with pytest.raises(ValueError, match="longer"):
        writer.write(b"12345")
    writer.close()


def test_the_directory_tells_its_age_by_its_newest_file(storage: Storage, tmp_path: Path) -> None:
    key = f"recordings/{create_id()}"
    write(storage, build(0, key=key), 0, 0, b"aaaa")
    found = list(storage.find_objects())
    assert [each.key for each in found] == [key.replace("recordings", "parts")]
    assert abs((found[0].modified_at - storage.read_time()).total_seconds()) < 60


def test_a_part_opens_while_another_beginning_of_the_object_is_discarded(
    storage: Storage,
) -> None:
    key, is_over = f"recordings/{create_id()}", threading.Event()
    losers = [build(0, handle=create_id(), key=key) for _ in range(4)]

    def discard() -> None:
        while not is_over.is_set():
            for loser in losers:
                storage.parts.discard(loser)

    with ThreadPoolExecutor(max_workers=2) as threads:
        discarding = threads.submit(discard)
        try:
            for _ in range(300):
                winner = build(0, handle=create_id(), key=key)
                write(storage, winner, 0, 0, b"aaaa")
                storage.parts.discard(winner)
        finally:
            is_over.set()
        discarding.result()
