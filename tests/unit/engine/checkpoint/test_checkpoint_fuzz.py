"""Whatever is done to a checkpoint's bytes, reading it succeeds or raises ModelError."""

import random
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from checkpoint_builder import build_checkpoint
from transcriber.engine.checkpoint import Checkpoint
from transcriber.engine.checkpoint.archive import Archive
from transcriber.engine.checkpoint.pickle_reader import read_pickle
from transcriber.engine.checkpoint.reader import _read
from transcriber.engine.errors import ModelError

WHOLE = build_checkpoint()
PICKLE = Archive(memoryview(WHOLE)).view("archive/data.pkl").tobytes()
PICKLE_START = WHOLE.index(PICKLE)
DIRECTORY_START = WHOLE.index(b"PK\x01\x02")
# Where structure lies; a change inside a tensor's data only changes its checksum.
STRUCTURE = [
    *range(PICKLE_START - 64, PICKLE_START + len(PICKLE) + 64),
    *range(DIRECTORY_START, len(WHOLE)),
]


def _read_or_refuse(content: bytes) -> None:
    with suppress(ModelError):
        assert isinstance(_read(memoryview(content)), Checkpoint)


def test_ten_thousand_mutants_of_the_pickle() -> None:
    generator = random.Random(20221206)
    for _ in range(10_000):
        mutant = bytearray(PICKLE[:600])
        for _ in range(generator.choice((1, 1, 2, 8))):
            mutant[generator.randrange(len(mutant))] = generator.randrange(256)
        with suppress(ModelError):
            read_pickle(memoryview(bytes(mutant)))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STRUCTURE), st.integers(0, 255)), max_size=6))
def test_changed_bytes(changes: list[tuple[int, int]]) -> None:
    mutant = bytearray(WHOLE)
    for at, value in changes:
        mutant[at] = value

    _read_or_refuse(bytes(mutant))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(STRUCTURE), st.binary(max_size=40), st.integers(0, 40))
def test_inserted_and_deleted_bytes(at: int, inserted: bytes, deleted: int) -> None:
    _read_or_refuse(WHOLE[:at] + inserted + WHOLE[at + deleted :])


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_as_a_pickle(data: bytes) -> None:
    with suppress(ModelError):
        read_pickle(memoryview(data))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_as_an_archive(data: bytes) -> None:
    _read_or_refuse(b"PK\x03\x04" + data)
