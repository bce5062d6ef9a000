"""What every storage promises of objects that grow out of parts."""

from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from s3_server import S3Server, run_s3_server
from service_context import build_settings
from transcriber.infra.identifiers import create_id
from transcriber.infra.storage import Assembly, BegunPart, Part, Storage, build_storage
from transcriber.infra.storage.errors import ObjectMissingError
from transcriber.infra.storage.parts import PartBusyError, PartsLostError
from upload_client import make_bytes

PART_BYTES = 5 * 1024**2
TAIL_BYTES = 1_000
SIZE = 2 * PART_BYTES + TAIL_BYTES
DATA = make_bytes(SIZE)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[S3Server]:
    with run_s3_server(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture(params=["local", "s3"])
def storage(request: pytest.FixtureRequest, server: S3Server, tmp_path: Path) -> Generator[Storage]:
    choices = server.choices if request.param == "s3" else {}
    server.empty()
    built = build_storage(build_settings(tmp_path, disk_low_water_bytes=0, **choices))
    yield built
    built.close()


def begin(storage: Storage, *, file: int = 0) -> Assembly:
    key = f"recordings/{create_id()}"
    handle = storage.parts.begin(key)
    return Assembly(key=key, handle=handle, file=file, size_bytes=SIZE)


def write(storage: Storage, assembly: Assembly, number: int, data: bytes = DATA) -> Part:
    start = number * PART_BYTES
    piece = data[start : start + PART_BYTES]
    with closing(storage.parts.open(assembly, number, start, len(piece))) as writer:
        for cut in range(0, len(piece), 1_000_000):
            writer.write(piece[cut : cut + 1_000_000])
        receipt = writer.commit()
    return Part(
        number=number, start=start, size_bytes=len(piece), file=assembly.file, receipt=receipt
    )


def no_check() -> None:
    """Nothing ends this work early."""


def read_whole(storage: Storage, assembly: Assembly, parts: list[Part]) -> bytes:
    storage.parts.assemble(assembly, parts, no_check)
    return b"".join(storage.parts.stream(assembly))


def list_keys(storage: Storage) -> list[str]:
    return [each.key for each in storage.find_objects()]


def test_parts_in_any_order_become_one_object(storage: Storage) -> None:
    assembly = begin(storage)
    parts = [write(storage, assembly, number) for number in (2, 0, 1)]
    parts.sort(key=lambda part: part.number)
    with pytest.raises(ObjectMissingError):
        storage.size(assembly.key)
    for _ in range(2):
        # Whoever takes over begins from the start.
        assert read_whole(storage, assembly, parts) == DATA
    for _ in range(2):
        storage.parts.publish(assembly)
    assert b"".join(storage.parts.stream(assembly)) == DATA
    storage.parts.discard(assembly)
    storage.parts.discard(assembly)
    assert storage.read_range(assembly.key, 0, SIZE) == DATA
    assert list_keys(storage) == [assembly.key]


def test_a_part_that_was_not_committed_counts_for_nothing(storage: Storage) -> None:
    assembly = begin(storage)
    with closing(storage.parts.open(assembly, 0, 0, PART_BYTES)) as writer:
        writer.write(b"x" * 4_096)
    parts = [write(storage, assembly, number) for number in range(3)]
    storage.parts.assemble(assembly, parts, no_check)
    assert b"".join(storage.parts.stream(assembly)) == DATA


def test_one_writes_a_part_at_a_time_and_others_write_others(storage: Storage) -> None:
    assembly = begin(storage)
    with closing(storage.parts.open(assembly, 0, 0, PART_BYTES)):
        with pytest.raises(PartBusyError):
            storage.parts.open(assembly, 0, 0, PART_BYTES)
        write(storage, assembly, 1)
    write(storage, assembly, 0)


def test_unfinished_parts_are_found_and_can_be_deleted(storage: Storage) -> None:
    assembly = begin(storage)
    write(storage, assembly, 0)
    found = list_keys(storage)
    assert len(found) == 1
    storage.delete(found[0])
    assert list_keys(storage) == []
    storage.parts.discard(assembly)


def test_one_beginning_is_discarded_without_the_other(storage: Storage) -> None:
    first = begin(storage)
    second = Assembly(key=first.key, handle=storage.parts.begin(first.key), file=0, size_bytes=SIZE)
    write(storage, first, 0)
    parts = [write(storage, second, number) for number in range(3)]
    storage.parts.discard(first)
    storage.parts.assemble(second, parts, no_check)
    storage.parts.publish(second)
    storage.parts.discard(second)
    assert storage.read_range(second.key, 0, SIZE) == DATA
    assert list_keys(storage) == [second.key]


def test_lost_bytes_are_told(storage: Storage) -> None:
    assembly = begin(storage)
    parts = [write(storage, assembly, number) for number in range(3)]
    for key in list_keys(storage):
        storage.delete(key)
    with pytest.raises(PartsLostError):
        read_whole(storage, assembly, parts)


def test_a_key_that_a_person_chose_is_refused(storage: Storage) -> None:
    with pytest.raises(ValueError, match="not a storage key"):
        storage.parts.begin("../../x")


def keep(storage: Storage, assembly: Assembly, end: int, begun: BegunPart | None) -> BegunPart:
    """Go on with the first part up to `end`, and keep it."""
    with closing(storage.parts.open(assembly, 0, 0, PART_BYTES)) as writer:
        known = b"".join(writer.resume(begun)) if begun else b""
        assert known == DATA[: len(known)]
        writer.write(DATA[len(known) : end])
        assert writer.size_bytes == end
        receipt = writer.keep()
    return BegunPart(size_bytes=end, file=assembly.file, receipt=receipt)


def test_a_part_that_has_begun_goes_on_behind_what_was_kept(storage: Storage) -> None:
    assembly, begun = begin(storage), None
    for end in (1, 1_000_000, 3_500_000):
        old, begun = begun, keep(storage, assembly, end, begun)
        if old is not None:
            storage.parts.forget(old.receipt)
    assert begun is not None
    with closing(storage.parts.open(assembly, 0, 0, PART_BYTES)) as writer:
        for _ in writer.resume(begun):
            pass
        writer.write(DATA[begun.size_bytes : PART_BYTES])
        receipt = writer.commit()
    for _ in range(2):
        storage.parts.forget(begun.receipt)
    first = Part(number=0, start=0, size_bytes=PART_BYTES, file=0, receipt=receipt)
    parts = [first, *(write(storage, assembly, number) for number in (1, 2))]
    assert read_whole(storage, assembly, parts) == DATA
    storage.parts.publish(assembly)
    storage.parts.discard(assembly)
    assert list_keys(storage) == [assembly.key]


def test_what_was_kept_and_is_gone_is_told(storage: Storage) -> None:
    assembly = begin(storage)
    begun = keep(storage, assembly, 1_000, None)
    storage.parts.forget(begun.receipt)
    storage.parts.discard(assembly)
    again = assembly if storage.parts.keeps_parts else begin(storage)
    with (
        closing(storage.parts.open(again, 0, 0, PART_BYTES)) as writer,
        pytest.raises(PartsLostError),
    ):
        list(writer.resume(begun))
