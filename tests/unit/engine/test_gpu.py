import ctypes
import ctypes.util

import pytest

from transcriber.engine.gpu import (
    MOST_DECODERS,
    can_multiply,
    count_decoders,
    read_free_bytes,
)

GIBIBYTE = 1 << 30
BASE, LARGE = GIBIBYTE // 7, 3 * GIBIBYTE


def test_without_a_driver_nobody_says_what_is_free() -> None:
    assert read_free_bytes("libnosuchdriver.so.1") is None


def test_matrices_are_multiplied_where_their_library_is_there() -> None:
    name = ctypes.util.find_library("c")
    assert name is not None
    assert can_multiply(name)
    assert not can_multiply("libnosuchlibrary.so.12")


def test_a_library_that_lacks_the_calls_says_nothing_either() -> None:
    name = ctypes.util.find_library("c")
    assert name is not None
    assert read_free_bytes(name) is None


@pytest.mark.parametrize(
    ("free", "stored", "compute_type", "decoders"),
    [
        (80 * GIBIBYTE, BASE, "float16", MOST_DECODERS),
        (80 * GIBIBYTE, LARGE, "float16", MOST_DECODERS),
        # Twice the weights and three decoders' own.
        (17 * GIBIBYTE, LARGE, "float16", 3),
        (14 * GIBIBYTE, LARGE, "int8_float16", 3),
        (12 * GIBIBYTE, LARGE, "float16", 1),
        # Too little for one; it is tried all the same.
        (4 * GIBIBYTE, LARGE, "float16", 1),
        (0, LARGE, "float16", 1),
    ],
)
def test_decoders_work_side_by_side_where_there_is_room(
    free: int, stored: int, compute_type: str, decoders: int
) -> None:
    assert count_decoders(free, stored, compute_type) == decoders


def test_one_decoder_works_where_nobody_says_what_is_free() -> None:
    assert count_decoders(None, BASE, "float16") == 1
