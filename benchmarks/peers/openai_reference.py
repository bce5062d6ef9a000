# The peers have no types, and most of them live in another environment.
# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false
"""Transcribe prepared audio with openai-whisper; run under the peers' interpreter.

Reads one JSON object from standard input, `{"model", "threads", "options", "audio": [paths]}`,
where every path is a raw float32 mono 16 kHz file, and prints one JSON line per file.  `device` may
be `cuda`, where it computes in float16 as it does by itself.
"""

import json
import os
import resource
import sys
import time

import numpy as np
import torch
import whisper


def main() -> None:
    """Transcribe every file in turn."""
    request = json.load(sys.stdin)
    if request["threads"]:
        torch.set_num_threads(request["threads"])
    device = request.get("device", "cpu")
    started = time.perf_counter()
    model = whisper.load_model(request["model"], device=device)
    loaded = time.perf_counter() - started
    for path in request["audio"]:
        audio = np.fromfile(path, np.float32)
        started, used = time.perf_counter(), sum(os.times()[:4])
        result = model.transcribe(audio, fp16=device == "cuda", **request["options"])
        print(
            json.dumps(
                {
                    "text": result["text"],
                    "seconds": time.perf_counter() - started,
                    "cpu_seconds": sum(os.times()[:4]) - used,
                    "load_seconds": loaded,
                    "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
                }
            ),
            flush=True,
        )


main()
