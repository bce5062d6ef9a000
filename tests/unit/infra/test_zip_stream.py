import io
import random
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from transcriber.infra.zip_stream import CHUNK_BYTES, ZipStream

MOMENT = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)


def test_the_file_opens_and_has_every_entry() -> None:
    stream = ZipStream()
    data = b"".join(stream.add("ä.txt", MOMENT, [b"one ", b"two"]))
    data += b"".join(stream.add("empty.txt", MOMENT, []))
    data += b"".join(stream.finish())
    bundle = zipfile.ZipFile(io.BytesIO(data))
    assert bundle.testzip() is None
    assert [(entry.filename, entry.file_size) for entry in bundle.infolist()] == [
        ("ä.txt", 7),
        ("empty.txt", 0),
    ]
    assert bundle.read("ä.txt") == b"one two"
    assert bundle.infolist()[0].date_time == (2026, 5, 4, 3, 2, 0)


def test_a_moment_that_zip_files_cannot_hold_is_moved() -> None:
    stream = ZipStream()
    data = [*stream.add("a", datetime(1970, 1, 1, tzinfo=UTC), []), *stream.finish()]
    (entry,) = zipfile.ZipFile(io.BytesIO(b"".join(data))).infolist()
    assert entry.date_time[0] == 1980


def test_nothing_is_drawn_ahead_and_nothing_is_kept() -> None:
    drawn: list[int] = []

    def draw() -> Iterator[bytes]:
        for number in range(40):
            drawn.append(number)
            # What cannot be packed, so that each piece leaves as it came.
            yield random.Random(number).randbytes(CHUNK_BYTES)

    pieces = ZipStream().add("a", MOMENT, draw())
    assert drawn == []
    assert len(next(pieces)) < 2 * CHUNK_BYTES
    assert len(drawn) <= 2
    sizes = [len(piece) for piece in pieces]
    assert len(sizes) > 30
    assert max(sizes) < 2 * CHUNK_BYTES


def test_a_failing_part_ends_the_entry_and_is_told() -> None:
    def fail() -> Iterator[bytes]:
        yield b"half"
        raise OSError("The disk is gone.")

    stream = ZipStream()
    with pytest.raises(OSError, match="disk is gone"):
        list(stream.add("a", MOMENT, fail()))
    # The next entry can still be written: the file stays one that opens.
    data = [*stream.add("b", MOMENT, [b"whole"]), *stream.finish()]
    assert data
