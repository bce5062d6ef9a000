# The peers have no types, and most of them live in another environment.
# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false
"""Transcribe prepared audio with whisper.cpp; run under the peers' interpreter.

Reads one JSON object from standard input, `{"model", "threads", "flash_attention", "options",
"audio": [paths]}`, where the model is a ggml file and every path is a raw float32 mono 16 kHz file,
and prints one JSON line per file.  A `beam_size` of 0 in the options is greedy search.
"""

import json
import os
import resource
import sys
import time

import numpy as np
from pywhispercpp.model import Model

GREEDY, BEAMS = 0, 1


def main() -> None:
    """Transcribe every file in turn."""
    request = json.load(sys.stdin)
    options = dict(request["options"])
    beams, best_of = options.pop("beam_size"), options.pop("best_of")
    started = time.perf_counter()
    model = Model(
        request["model"],
        params_sampling_strategy=BEAMS if beams else GREEDY,
        redirect_whispercpp_logs_to=None,
        context_params={"use_gpu": False, "flash_attn": request["flash_attention"]},
        n_threads=request["threads"],
        greedy={"best_of": best_of},
        beam_search={"beam_size": beams, "patience": -1.0},
        print_progress=False,
        print_timestamps=False,
        **options,
    )
    loaded = time.perf_counter() - started
    for path in request["audio"]:
        audio = np.fromfile(path, np.float32)
        started, used = time.perf_counter(), sum(os.times()[:4])
        segments = model.transcribe(audio)
        answer = {
            "text": " ".join(segment.text for segment in segments),
            "build": model.system_info(),
            "seconds": time.perf_counter() - started,
            "cpu_seconds": sum(os.times()[:4]) - used,
            "load_seconds": loaded,
            "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        }
        print(json.dumps(answer), flush=True)


main()
