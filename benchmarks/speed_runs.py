"""The settings whose speed is compared: the product, its peers, and the product less each lever."""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from peers_process import REPOSITORY, own_python, run_peer
from transcriber.engine import choose_compute_type, prepare_model

Run = Callable[[], dict[str, Any]]
BATCHES = {
    "cpu": ((8, 1), (16, 1), (8, 5)),
    "cuda": ((8, 1), (16, 1), (32, 1), (64, 1), (16, 5)),
}
"""Batch sizes and beams of faster-whisper's batched pipeline; 8 is its own default."""

ENGLISH = {"language": "en"}
REFERENCE = {**ENGLISH, "beam_size": 5}
"""faster-whisper's own default; openai-whisper's and whisper.cpp's commands have the same beams."""

COMMAND, GREEDY = {"beam_size": 5, "best_of": 5}, {"beam_size": 0, "best_of": 1}
CPP_SETTINGS = (
    ("q4_0, beam 5", "q4_0", COMMAND),
    ("q4_0, greedy", "q4_0", GREEDY),
    ("q8_0, greedy", "q8_0", GREEDY),
)
"""whisper.cpp's fastest quantisation as its command searches and greedily, and 8 bits as others."""

_CHANGES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "windows in turn, conditioned, beam 5": {
        "options": {**REFERENCE, "condition_on_previous_text": True}
    },
    "one chunk at a time": {"constants": {"BATCH_CHUNKS": 1}},
    "chunks padded to 30 s": {"constants": {"PADDING_SECONDS": 30}},
    "padding of 1 s": {"constants": {"PADDING_SECONDS": 1}},
    "no beams where the text is doubtful": {"constants": {"LEAST_CERTAIN_LOGPROB": -9}},
    "beam 2": {"options": {**ENGLISH, "beam_size": 2}},
    "beam 5": {"options": REFERENCE},
    "one decoder with all threads": {"decoders": 1},
    "one decoder of one thread": {"decoders": 1, "threads": 1},
    "short chunks sampled too": {"constants": {"LEAST_SAMPLED_SECONDS": 0}},
    "allocator not tuned": {"is_tuned": False},
    "the allocator's own arenas": {"arenas": 16},
    "NumPy on all threads": {"is_blas_quiet": False},
    "spans of about 60 s": {"span_seconds": 60},
    "words timed": {"options": {**ENGLISH, "word_timestamps": True}},
}

_CUDA_CHANGES: dict[str, dict[str, Any]] = {
    "as it is": {},
    **{f"{count} side by side": {"decoders": count} for count in (1, 2, 3, 6, 8)},
    "one chunk at a time": {"constants": {"BATCH_CHUNKS": 1}},
    "no beams where the text is doubtful": {"constants": {"LEAST_CERTAIN_LOGPROB": -9}},
    "beam 5": {"options": REFERENCE},
    "beam 5, a CPU's batches": {"options": REFERENCE, "hypotheses": 10},
    "int8_float16": {"compute_type": "int8_float16"},
    "words timed": {"options": {**ENGLISH, "word_timestamps": True}},
}


def prepare_peers(
    recordings: Sequence[Path], raw: Sequence[str], arguments: argparse.Namespace
) -> dict[str, Run]:
    """The product at its defaults, and the peers on the same weights.

    Args:
        recordings: Transcribed in turn by one process; the last counts.
        raw: The same, decoded.
        arguments: The command's.
    """
    prepared = prepare_model("base", REPOSITORY / "models")
    faster = {
        "threads": arguments.threads,
        "model_path": str(prepared.path),
        "device": arguments.device,
        "compute_type": choose_compute_type(arguments.device),
        "audio": raw,
    }
    openai = {
        "threads": arguments.threads,
        "device": arguments.device,
        "model": str(REPOSITORY / "models" / "base.pt"),
        "options": {**REFERENCE, "best_of": 5, "temperature": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]},
        "audio": raw,
    }
    runs = {
        "transcriber": _run_product(recordings, arguments),
        "faster-whisper": _run_faster({**faster, "batch_size": 0, "options": REFERENCE}),
    }
    for batch, beams in BATCHES[arguments.device]:
        options = {**ENGLISH, "beam_size": beams}
        runs[f"faster-whisper, batches of {batch}, beam {beams}"] = _run_faster(
            {**faster, "batch_size": batch, "options": options}
        )
    # Its build for GPUs needs CUDA's compiler, which the peers' environment has not.
    for name, form, search in CPP_SETTINGS if arguments.device == "cpu" else ():
        runs[f"whisper.cpp, {name}"] = _run_cpp(form, search, raw, arguments)
    if not arguments.no_openai:
        runs["openai-whisper"] = lambda: run_peer("openai_reference", openai)[-1]
    return runs


def prepare_ablations(recordings: Sequence[Path], arguments: argparse.Namespace) -> dict[str, Run]:
    """The product, and the product with one lever changed at a time."""
    changes = _CUDA_CHANGES if arguments.device == "cuda" else _CHANGES
    return {name: _run_product(recordings, arguments, **change) for name, change in changes.items()}


def _run_product(recordings: Sequence[Path], arguments: argparse.Namespace, **change: Any) -> Run:
    request = {
        "threads": arguments.threads,
        "device": arguments.device,
        "model": "base",
        "models_dir": str(REPOSITORY / "models"),
        "cache_dir": None,
        "compute_type": "auto",
        "options": ENGLISH,
        "audio": [str(recording) for recording in recordings],
        **change,
    }
    return lambda: run_peer("transcriber_product", request, python=own_python())[-1]


def _run_faster(request: dict[str, Any]) -> Run:
    return lambda: run_peer("faster_whisper_peer", request, python=own_python())[-1]


def _run_cpp(
    form: str, search: dict[str, int], raw: Sequence[str], arguments: argparse.Namespace
) -> Run:
    model = Path(raw[0]).with_name(f"base-{form}.bin")
    request = {
        "threads": arguments.threads,
        "model": str(model),
        "flash_attention": True,
        "options": {**ENGLISH, **search},
        "audio": raw,
    }

    def run() -> dict[str, Any]:
        if not model.exists():
            source = str(REPOSITORY / "models" / "base.pt")
            run_peer("ggml_model", {"checkpoint": source, "format": form, "path": str(model)})
        return run_peer("whisper_cpp", request)[0]

    return run
