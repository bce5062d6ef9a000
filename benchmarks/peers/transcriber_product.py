"""Transcribe files with the product, the way the command line does; run by its interpreter.

Reads one JSON object from standard input, `{"model", "models_dir", "cache_dir", "compute_type",
"threads", "options", "audio": [paths]}`, and prints one JSON line per file.
"""

import json
import resource
import sys
import time

from transcriber.engine import TranscribeOptions, Transcriber, tune_allocator


def main() -> None:
    """Transcribe every file in turn."""
    request = json.load(sys.stdin)
    tune_allocator()
    started = time.perf_counter()
    engine = Transcriber.load(
        request["model"],
        models_dir=request["models_dir"],
        cache_dir=request["cache_dir"],
        compute_type=request["compute_type"],
        threads=request["threads"],
    )
    loaded = time.perf_counter() - started
    options = dict(request["options"])
    if "temperature" in options:
        options["temperature"] = tuple(options["temperature"])
    for path in request["audio"]:
        started = time.perf_counter()
        transcript = engine.transcribe(path, TranscribeOptions(**options)).result()
        answer = {
            "text": " ".join(segment.text for segment in transcript.segments),
            "words": [
                [word.start, word.end, word.word]
                for segment in transcript.segments
                for word in segment.words
            ],
            "language": transcript.language.language,
            "dropped": [[passage.reason, passage.text] for passage in transcript.dropped],
            "compute_type": engine.compute_type,
            "seconds": time.perf_counter() - started,
            "load_seconds": loaded,
            "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        }
        print(json.dumps(answer), flush=True)


main()
