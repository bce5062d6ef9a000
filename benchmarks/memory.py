"""Peak memory on a recording of hours against one of ten minutes, and a clip of 11 seconds.

Each recording runs in a fresh process through the engine's own walk: the decoding child, span
planning, and span after span as a worker decodes them, with one decoder of one thread as a worker
has.  The clip is one chunk by itself; ten minutes of speech fill the batches of several spans, so
what hours take above them is what grows with the length.  The long recording is WAV made of clips;
`--speech-share` says how much of it is speech, the rest being quiet noise, so that the figure can
be had in minutes (1 is a recording spoken from end to end).  Exits with status 1 where the long
recording's peak is more than `--allowed-mb` above that of the ten minutes.
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

CLIP_SECONDS = 11.0
SHORT_SECONDS = 600.0
STRETCH_SECONDS = 150.0
"""Speech comes in stretches longer than any span, so that spans of full length occur."""

NOISE_LEVEL = 0.002


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    arguments = _parse_arguments()
    machine = describe_machine()
    clips = read_clips(find_clips_dir(arguments.clips))
    clip = min(clips, key=lambda clip: abs(clip.duration - CLIP_SECONDS))
    spoken = [clip for clip in clips if clip.text]
    share = arguments.speech_share
    with tempfile.TemporaryDirectory() as folder:
        short, long = Path(folder) / "short.wav", Path(folder) / "long.wav"
        seconds = {
            "clip": clip.duration,
            "short": write_recording(short, _speak(spoken, SHORT_SECONDS, 1.0)),
            "long": write_recording(long, _speak(spoken, arguments.hours * 3600, share)),
        }
        paths = {"clip": clip.path, "short": short, "long": long}
        found = {name: _measure(path, arguments) for name, path in paths.items()}
    peaks = {name: run["peak_kib"] / 1024 for name, run in found.items()}
    above = peaks["long"] - peaks["short"]
    report = _write_report(seconds, share, peaks)
    print(report)
    figures = {
        "machine": machine,
        "decoders": arguments.decoders,
        "threads": arguments.threads,
        "seconds": {name: round(length, 1) for name, length in seconds.items()},
        "speech_share": share,
        "peak_mb": {name: round(peak, 1) for name, peak in peaks.items()},
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
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--decoders", type=int, default=1)
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


def _measure(path: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    request = {
        "model": "base",
        "models_dir": str(REPOSITORY / "models"),
        "cache_dir": None,
        "compute_type": "auto",
        "threads": arguments.threads,
        "decoders": arguments.decoders,
        "options": {"language": "en"},
        "audio": [str(path)],
    }
    return run_peer("transcriber_product", request, python=own_python())[0]


def _write_report(seconds: dict[str, float], share: float, peaks: dict[str, float]) -> str:
    return "\n".join(
        [
            "# Memory: a recording of hours against short ones",
            "",
            "| recording | speech | peak, MB | above ten minutes |",
            "|---|---|---|---|",
            _write_row(f"{seconds['clip']:.0f} s", 1.0, peaks["clip"], peaks["short"]),
            _write_row(f"{seconds['short'] / 60:.0f} min", 1.0, peaks["short"], peaks["short"]),
            _write_row(f"{seconds['long'] / 3600:.2f} h", share, peaks["long"], peaks["short"]),
            "",
            "Peak resident memory of the process that decodes spans, in a fresh process each.",
        ]
    )


def _write_row(length: str, share: float, peak: float, short: float) -> str:
    return f"| {length} | {share:.0%} | {peak:.0f} | {peak - short:+.0f} |"


if __name__ == "__main__":
    sys.exit(main())
