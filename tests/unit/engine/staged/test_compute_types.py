import ctranslate2
import pytest

from transcriber.engine.compute_types import choose_compute_type, choose_device


def test_the_cpu_computes_in_eight_bits_where_it_can() -> None:
    chosen = choose_compute_type("cpu")

    assert chosen in ctranslate2.get_supported_compute_types("cpu")
    assert chosen.startswith("int8")


def test_auto_takes_a_gpu_where_there_is_one() -> None:
    expected = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"

    assert choose_device() == choose_device("auto") == expected
    assert choose_compute_type() == choose_compute_type(expected)


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_a_named_device_is_kept(device: str) -> None:
    assert choose_device(device) == device
