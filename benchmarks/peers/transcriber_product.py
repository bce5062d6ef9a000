"""Transcribe files with the product, the way the command line does; run by its interpreter.

Reads one JSON object from standard input, `{"model", "models_dir", "cache_dir", "compute_type",
"threads", "options", "audio": [paths]}`, and prints one JSON line per file.  It may have a `device`
(`cpu`), and for measuring what each lever is worth `decoders`, `hypotheses` (of a GPU's batch),
`is_tuned` (the allocator; true), `arenas` (of it; one), `is_blas_quiet` (NumPy on one thread;
true), `span_seconds`, and `constants` of `transcriber.engine.decoding.chunks`.
"""

import ctypes
import json
import os
import resource
import sys
import time
from typing import Any

from transcriber.engine import (
    TranscribeOptions,
    Transcriber,
    tune_allocator,
    use_one_blas_thread,
)
from transcriber.engine.decoding import chunks
from transcriber.engine.decoding.whisper import BATCH_HYPOTHESES
from transcriber.engine.gpu import read_free_bytes
from transcriber.engine.speech import cutting
from transcriber.engine.speech.detector import FRAME_SAMPLES, SAMPLE_RATE

_M_ARENA_MAX = -8
"""Of glibc's `mallopt`: 8 arenas a core are its own choice."""


def set_levers(request: dict[str, Any]) -> None:
    """Do what an entry point does before a model is loaded, less what the request leaves out."""
    if request.get("is_tuned", True):
        tune_allocator()
    if "arenas" in request:
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, request["arenas"])
    if request.get("is_blas_quiet", True):
        use_one_blas_thread()
    for name, value in request.get("constants", {}).items():
        setattr(chunks, name, value)
    if "hypotheses" in request:
        BATCH_HYPOTHESES["cuda"] = request["hypotheses"]
    if "span_seconds" in request:
        cutting.TARGET_FRAMES = int(request["span_seconds"] * SAMPLE_RATE) // FRAME_SAMPLES


def main() -> None:
    """Transcribe every file in turn."""
    request = json.load(sys.stdin)
    set_levers(request)
    free = read_free_bytes() if request.get("device") == "cuda" else None
    started = time.perf_counter()
    engine = Transcriber.load(
        request["model"],
        models_dir=request["models_dir"],
        cache_dir=request["cache_dir"],
        device=request.get("device", "cpu"),
        compute_type=request["compute_type"],
        threads=request["threads"],
        decoders=request.get("decoders"),
    )
    loaded = time.perf_counter() - started
    options = dict(request["options"])
    if "temperature" in options:
        options["temperature"] = tuple(options["temperature"])
    for path in request["audio"]:
        started, used = time.perf_counter(), sum(os.times()[:4])
        stream = engine.transcribe(path, TranscribeOptions(**options))
        next(iter(stream), None)
        first = time.perf_counter() - started
        transcript = stream.result()
        answer = {
            "first_seconds": first,
            "text": " ".join(segment.text for segment in transcript.segments),
            "segments": [[segment.start, segment.end] for segment in transcript.segments],
            "words": [
                [word.start, word.end, word.word]
                for segment in transcript.segments
                for word in segment.words
            ],
            "language": transcript.language.language,
            "dropped": [[passage.reason, passage.text] for passage in transcript.dropped],
            "compute_type": engine.compute_type,
            "seconds": time.perf_counter() - started,
            "cpu_seconds": sum(os.times()[:4]) - used,
            "load_seconds": loaded,
            "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            "decoders": engine.decoders,
        }
        left = None if free is None else read_free_bytes()
        if free is not None and left is not None:
            # What was taken once is kept for the next batch, so this is the most.
            answer["gpu_bytes"] = free - left
        print(json.dumps(answer), flush=True)


main()
