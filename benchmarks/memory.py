"""Peak memory on a recording of hours against an 11-second one.

Each recording runs in a fresh process through the engine's own walk: the decoding child, span
planning, and span after span as a worker decodes them.  The long recording is WAV made of clips;
`--speech-share` says how much of it is speech, the rest being quiet noise, so that the figure can
be had in minutes (1 is a recording spoken from end to end).  Exits with status 1 where the long
recording's peak is more than `--allowed-mb` above the short one's.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio import SAMPLE_RATE, decode, write_recording
from clips import Clip, find_clips_dir, read_clips
from peers_process import REPOSITORY, own_python, run_peer
from results_files import describe_machine, write_results

SHORT_SECONDS = 11.0
STRETCH_SECONDS = 150.0
"""Speech comes in stretches longer than any span, so that spans of full length occur."""

NOISE_LEVEL = 0.002


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    arguments = _parse_arguments()
    machine = describe_machine()
    clips = read_clips(find_clips_dir(arguments.clips))
    short = min(clips, key=lambda clip: abs(clip.duration - SHORT_SECONDS))
    spoken = [clip for clip in clips if clip.text]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.wav"
        total = arguments.hours * 3600
        seconds = write_recording(path, _speak(spoken, total, arguments.speech_share))
        found = {
            "short": _measure(short.path, arguments.threads),
            "long": _measure(path, arguments.threads),
        }
    above = (found["long"]["peak_kib"] - found["short"]["peak_kib"]) / 1024
    report = _write_report(short, seconds, arguments.speech_share, found, above)
    print(report)
    figures = {
        "machine": machine,
        "short_seconds": short.duration,
        "long_seconds": round(seconds, 1),
        "speech_share": arguments.speech_share,
        "peak_mb": {name: round(run["peak_kib"] / 1024, 1) for name, run in found.items()},
        "above_mb": round(above, 1),
        "processing_seconds": {name: round(run["seconds"], 1) for name, run in found.items()},
        "words": {name: len(run["text"].split()) for name, run in found.items()},
    }
    write_results("memory", figures, report)
    return int(above > arguments.allowed_mb)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", help="folder with manifest.json; else CLIPS_DIR")
    parser.add_argument("--hours", type=float, default=3.0)
    parser.add_argument("--speech-share", type=float, default=0.15)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--allowed-mb", type=float, default=200.0)
    return parser.parse_args()


def _speak(clips: list[Clip], seconds: float, share: float) -> Iterator[NDArray[np.float32]]:
    """Yield stretches of speech and of noise, in the share asked for, until it is enough."""
    random = np.random.default_rng(1)
    position = 0
    given = 0.0
    while given < seconds:
        stretch = 0.0
        while stretch < STRETCH_SECONDS:
            clip = clips[position % len(clips)]
            position += 1
            stretch += clip.duration
            yield decode(clip.path)
        quiet = stretch * (1 / share - 1)
        given += stretch + quiet
        while quiet > 0:
            piece = min(quiet, 60.0)
            quiet -= piece
            noise = random.standard_normal(int(piece * SAMPLE_RATE)) * NOISE_LEVEL
            yield noise.astype(np.float32)


def _measure(path: Path, threads: int) -> dict[str, Any]:
    request = {
        "model": "base",
        "models_dir": str(REPOSITORY / "models"),
        "cache_dir": None,
        "compute_type": "auto",
        "threads": threads,
        "options": {"language": "en"},
        "audio": [str(path)],
    }
    return run_peer("transcriber_product", request, python=own_python())[0]


def _write_report(
    short: Clip, seconds: float, share: float, found: dict[str, dict[str, Any]], above: float
) -> str:
    short_mb, long_mb = (found[name]["peak_kib"] / 1024 for name in ("short", "long"))
    return "\n".join(
        [
            "# Memory: a recording of hours against a short one",
            "",
            f"| {short.duration:.0f} s | {seconds / 3600:.2f} h, {share:.0%} of it speech | more |",
            "|---|---|---|",
            f"| {short_mb:.0f} MB | {long_mb:.0f} MB | {above:.0f} MB |",
            "",
            "Peak resident memory of the process that decodes spans, in a fresh process each.",
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
