"""Choose how CTranslate2 computes on this machine."""

import os
from typing import get_args

import ctranslate2

from transcriber.engine.errors import ModelError
from transcriber.engine.gpu import can_multiply
from transcriber.engine.options import MAX_THREADS, ComputeType, Device

# Fastest first.  On CPUs 8-bit weights halve the time of float32; on GPUs float16 runs on the
# tensor cores without the cost of quantising activations.
PREFERENCES = {
    "cpu": ("int8_float32", "int8", "float32"),
    "cuda": ("float16", "int8_float16", "bfloat16", "int8_float32", "float32"),
}


def choose_device(device: str = "auto") -> str:
    """Settle `auto`: a GPU if CTranslate2 sees one, else the CPU.

    Args:
        device: `auto`, `cpu` or `cuda`.

    Returns:
        `cpu` or `cuda`.

    Raises:
        ModelError: `device_unusable`, there is no such device here.
    """
    _refuse_other("device", device, get_args(Device))
    if device == "cpu":
        return device
    # One without its library would fail at the first matrix, long after a job was begun.
    has_gpu = ctranslate2.get_cuda_device_count() > 0 and can_multiply()
    if device == "cuda" and not has_gpu:
        raise ModelError(
            "The device cuda was asked for, but no GPU can be used here; run 'transcriber doctor'.",
            code="device_unusable",
        )
    return "cuda" if has_gpu else "cpu"


def choose_compute_type(device: str = "auto", compute_type: str = "auto") -> str:
    """Settle `auto`: the fastest compute type that the device supports.

    Args:
        device: `auto`, `cpu` or `cuda`.
        compute_type: `auto` or one of CTranslate2's, which is taken as it is.

    Returns:
        A CTranslate2 compute type such as `int8_float32`.

    Raises:
        ModelError: `device_unusable`, there is no such device or compute type here.
    """
    device = choose_device(device)
    _refuse_other("compute_type", compute_type, get_args(ComputeType))
    if compute_type != "auto":
        return compute_type
    supported = ctranslate2.get_supported_compute_types(device)
    return next((kind for kind in PREFERENCES[device] if kind in supported), "default")


def list_smaller_choices(device: str, compute_type: str) -> list[tuple[str, str]]:
    """The ways to compute that take less memory than the given one, the nearest first.

    On a GPU the quantised type comes first, then the CPU, which has memory of its own.

    Args:
        device: `cpu` or `cuda`.
        compute_type: The one in use, as CTranslate2 names it.

    Returns:
        Pairs of device and compute type; empty where nothing smaller is left.
    """
    quantised = {"cpu": "int8_float32", "cuda": "int8_float16"}
    choices: list[tuple[str, str]] = []
    supported = ctranslate2.get_supported_compute_types(device)
    if not compute_type.startswith("int8") and quantised[device] in supported:
        choices.append((device, quantised[device]))
    if device == "cuda":
        choices.append(("cpu", choose_compute_type("cpu")))
    return choices


def check_threads(threads: int) -> None:
    """Refuse a number of CPU threads that no machine can start.

    Raises:
        ModelError: `device_unusable`.
    """
    if not 0 <= threads <= MAX_THREADS:
        raise ModelError(
            f"threads must be between 0 and {MAX_THREADS}, not {threads}.", code="device_unusable"
        )


def count_cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0))


def share_threads(device: str, threads: int, decoders: int | None) -> tuple[int, int]:
    """Share CPU threads between decoders.

    Args:
        device: `cpu` or `cuda`.
        threads: In all; 0 for every core.
        decoders: How many; None for one of each thread on a CPU, and one on a GPU.

    Returns:
        The threads of each decoder, at least one, and the number of decoders.
    """
    total = threads or count_cores()
    if decoders is None:
        decoders = total if device == "cpu" else 1
    return max(1, total // decoders), decoders


def _refuse_other(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ModelError(
            f"{name} must be one of {', '.join(known)}, not {value!r}.", code="device_unusable"
        )
