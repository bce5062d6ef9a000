from itertools import chain
from typing import get_args

import ctranslate2
import pytest

from transcriber.engine.compute_types import (
    PREFERENCES,
    check_threads,
    choose_compute_type,
    choose_device,
)
from transcriber.engine.errors import ModelError
from transcriber.engine.gpu import can_multiply
from transcriber.engine.options import ComputeType


def has_gpu() -> bool:
    return ctranslate2.get_cuda_device_count() > 0 and can_multiply()


def test_the_cpu_computes_in_eight_bits_where_it_can() -> None:
    chosen = choose_compute_type("cpu")

    assert chosen in ctranslate2.get_supported_compute_types("cpu")
    assert chosen.startswith("int8")


def test_auto_takes_a_gpu_where_there_is_one() -> None:
    expected = "cuda" if has_gpu() else "cpu"

    assert choose_device() == choose_device("auto") == expected
    assert choose_compute_type() == choose_compute_type(expected)


def test_a_named_device_is_kept_where_it_is_there() -> None:
    assert choose_device("cpu") == "cpu"
    if has_gpu():
        assert choose_device("cuda") == "cuda"
    else:
        with pytest.raises(ModelError, match="no GPU can be used here") as caught:
            choose_device("cuda")
        assert caught.value.code == "device_unusable"


def test_a_named_compute_type_is_kept() -> None:
    assert choose_compute_type("cpu", "float32") == "float32"


def test_refuses_what_ctranslate2_would_not_survive() -> None:
    for refuse, expected in (
        (lambda: choose_device("gpu"), "device must be one of auto, cpu, cuda, not 'gpu'."),
        (lambda: choose_compute_type("cpu", "int3"), "compute_type must be one of auto, default, "),
        (lambda: check_threads(-1), "threads must be between 0 and 1024, not -1."),
        (lambda: check_threads(100_000), "threads must be between 0 and 1024, not 100000."),
    ):
        with pytest.raises(ModelError) as caught:
            refuse()
        assert str(caught.value).startswith(expected)
        assert caught.value.code == "device_unusable"


def test_every_preferred_compute_type_is_one_that_may_be_named() -> None:
    assert set(chain(*PREFERENCES.values())) <= set(get_args(ComputeType))
