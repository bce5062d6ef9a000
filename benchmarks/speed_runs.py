"""The settings whose speed is compared: the product, its peers, and the product less each lever."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from peers_process import REPOSITORY, own_python, run_peer
from transcriber.engine import choose_compute_type, prepare_model

Run = Callable[[], dict[str, Any]]
BATCHES = ((8, 1), (16, 1), (8, 5))
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


def prepare_peers(recording: Path, raw: str, arguments: argparse.Namespace) -> dict[str, Run]:
    """The product at its defaults, and the peers on the same weights."""
    prepared = prepare_model("base", REPOSITORY / "models")
    faster = {
        "threads": arguments.threads,
        "model_path": str(prepared.path),
        "compute_type": choose_compute_type("cpu"),
        "audio": [raw],
    }
    openai = {
        "threads": arguments.threads,
        "model": str(REPOSITORY / "models" / "base.pt"),
        "options": {**REFERENCE, "best_of": 5, "temperature": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]},
        "audio": [raw],
    }
    runs = {
        "transcriber": _run_product(recording, arguments),
        "faster-whisper": _run_faster({**faster, "batch_size": 0, "options": REFERENCE}),
    }
    for batch, beams in BATCHES:
        options = {**ENGLISH, "beam_size": beams}
        runs[f"faster-whisper, batches of {batch}, beam {beams}"] = _run_faster(
            {**faster, "batch_size": batch, "options": options}
        )
    for name, form, search in CPP_SETTINGS:
        runs[f"whisper.cpp, {name}"] = _run_cpp(form, search, raw, arguments)
    if not arguments.no_openai:
        runs["openai-whisper"] = lambda: run_peer("openai_reference", openai)[0]
    return runs


def prepare_ablations(recording: Path, arguments: argparse.Namespace) -> dict[str, Run]:
    """The product, and the product with one lever changed at a time."""
    changes: dict[str, dict[str, Any]] = {
        "as it is": {},
        "windows in turn, conditioned, beam 5": {
            "options": {**REFERENCE, "condition_on_previous_text": True}
        },
        "one chunk at a time": {"constants": {"BATCH_CHUNKS": 1}},
        "chunks padded to 30 s": {"constants": {"PADDING_SECONDS": 30}},
        "padding of 1 s": {"constants": {"PADDING_SECONDS": 1}},
        "beam 2": {"options": {**ENGLISH, "beam_size": 2}},
        "beam 5": {"options": REFERENCE},
        "one decoder with all threads": {"decoders": 1},
        "one decoder of one thread": {"decoders": 1, "threads": 1},
        "allocator not tuned": {"is_tuned": False},
        "NumPy on all threads": {"is_blas_quiet": False},
        "spans of about 60 s": {"span_seconds": 60},
        "words timed": {"options": {**ENGLISH, "word_timestamps": True}},
    }
    return {name: _run_product(recording, arguments, **change) for name, change in changes.items()}


def _run_product(recording: Path, arguments: argparse.Namespace, **change: Any) -> Run:
    request = {
        "threads": arguments.threads,
        "model": "base",
        "models_dir": str(REPOSITORY / "models"),
        "cache_dir": None,
        "compute_type": "auto",
        "options": ENGLISH,
        "audio": [str(recording)],
        **change,
    }
    return lambda: run_peer("transcriber_product", request, python=own_python())[0]


def _run_faster(request: dict[str, Any]) -> Run:
    return lambda: run_peer("faster_whisper_peer", request, python=own_python())[0]


def _run_cpp(form: str, search: dict[str, int], raw: str, arguments: argparse.Namespace) -> Run:
    model = Path(raw).with_name(f"base-{form}.bin")
    request = {
        "threads": arguments.threads,
        "model": str(model),
        "flash_attention": True,
        "options": {**ENGLISH, **search},
        "audio": [raw],
    }

    def run() -> dict[str, Any]:
        if not model.exists():
            source = str(REPOSITORY / "models" / "base.pt")
            run_peer("ggml_model", {"checkpoint": source, "format": form, "path": str(model)})
        return run_peer("whisper_cpp", request)[0]

    return run
