# The peers have no types, and most of them live in another environment.
# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false
"""Transcribe prepared audio with faster-whisper as it comes; run by the product's interpreter.

Reads one JSON object from standard input, `{"model_path", "compute_type", "threads", "batch_size",
"options", "audio": [paths]}`, where every path is a raw float32 mono 16 kHz file, and prints one
JSON line per file.  A batch size of 0 is the sequential walk; `device` may be `cuda`.
"""

import json
import os
import resource
import sys
import time

import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel

from transcriber.engine.gpu import read_free_bytes


def main() -> None:
    """Transcribe every file in turn."""
    request = json.load(sys.stdin)
    device = request.get("device", "cpu")
    free = read_free_bytes() if device == "cuda" else None
    started = time.perf_counter()
    model = WhisperModel(
        request["model_path"],
        device=device,
        compute_type=request["compute_type"],
        cpu_threads=request["threads"],
    )
    options = request["options"]
    transcribe = model.transcribe
    if request.get("batch_size", 0):
        transcribe = BatchedInferencePipeline(model).transcribe
        options = {**options, "batch_size": request["batch_size"]}
    loaded = time.perf_counter() - started
    for path in request["audio"]:
        audio = np.fromfile(path, np.float32)
        started, used = time.perf_counter(), sum(os.times()[:4])
        found, _ = transcribe(audio, **options)
        segments = list(found)
        answer = {
            "text": " ".join(segment.text.strip() for segment in segments),
            "segments": [[segment.start, segment.end] for segment in segments],
            "words": [
                [word.start, word.end, word.word]
                for segment in segments
                for word in segment.words or ()
            ],
            "seconds": time.perf_counter() - started,
            "cpu_seconds": sum(os.times()[:4]) - used,
            "load_seconds": loaded,
            "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        }
        left = None if free is None else read_free_bytes()
        if free is not None and left is not None:
            answer["gpu_bytes"] = free - left
        print(json.dumps(answer), flush=True)


main()
