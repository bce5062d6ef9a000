"""What short recordings lose because a batch holds one recording's speech alone.

A worker of the service, one decoder of one thread, transcribes clips one after the other; then the
same clips with long silences between them as one recording, whose batches hold the chunks of some
five clips: as batches across jobs would.  The two take turns; medians of processor seconds count.
"""

import argparse
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
from numpy.typing import NDArray

from audio import SAMPLE_RATE, decode, write_recording
from clips import Clip, find_clips_dir, read_clips
from peers_process import REPOSITORY, normalise_texts, own_python, run_peer
from results_files import describe_machine, write_results

LONGEST_SECONDS = 20.0
SILENCE_SECONDS = 10.5
"""Longer than any silence within a chunk, so that none has two clips in it."""


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", help="folder with manifest.json; else CLIPS_DIR")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    machine = describe_machine()
    clips = [
        clip
        for clip in read_clips(find_clips_dir(arguments.clips))
        if clip.text and clip.language == "en" and clip.duration <= LONGEST_SECONDS
    ]
    with tempfile.TemporaryDirectory() as folder:
        joined = Path(folder) / "joined.wav"
        write_recording(joined, _join(clips))
        ways = {"one after the other": [clip.path for clip in clips], "in one recording": [joined]}
        measured: dict[str, list[dict[str, Any]]] = {name: [] for name in ways}
        for _ in range(arguments.rounds):
            for name, paths in ways.items():
                measured[name].append(_transcribe(paths))
    figures = {name: _summarise(clips, answers) for name, answers in measured.items()}
    report = _write_report(clips, figures)
    print(report)
    write_results(
        "short-recordings",
        {"machine": machine, "clips": len(clips), "rounds": arguments.rounds, "runs": figures},
        report,
    )
    return 0


def _join(clips: Sequence[Clip]) -> Iterator[NDArray[np.float32]]:
    for clip in clips:
        yield decode(clip.path)
        yield np.zeros(int(SILENCE_SECONDS * SAMPLE_RATE), np.float32)


def _transcribe(paths: Sequence[Path]) -> dict[str, Any]:
    request: dict[str, Any] = {
        "model": "base",
        "models_dir": str(REPOSITORY / "models"),
        "cache_dir": None,
        "compute_type": "auto",
        "threads": 1,
        "decoders": 1,
        "options": {"language": "en"},
        # The first one warms what is loaded on first use.
        "audio": [str(path) for path in [paths[0], *paths]],
    }
    answers = run_peer("transcriber_product", request, python=own_python())[1:]
    return {
        "cpu_seconds": sum(answer["cpu_seconds"] for answer in answers),
        "text": " ".join(answer["text"] for answer in answers),
    }


def _summarise(clips: Sequence[Clip], answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    expected, text = normalise_texts(
        [" ".join(clip.text or "" for clip in clips), answers[-1]["text"]]
    )
    seconds = [round(answer["cpu_seconds"], 2) for answer in answers]
    return {
        "cpu_seconds": seconds,
        "median_cpu_seconds": statistics.median(seconds),
        "word_error_rate": round(float(jiwer.wer(expected, text)), 5),
    }


def _write_report(clips: Sequence[Clip], figures: dict[str, dict[str, Any]]) -> str:
    first = next(iter(figures.values()))["median_cpu_seconds"]
    median = statistics.median(clip.duration for clip in clips)
    return "\n".join(
        [
            f"# {len(clips)} short recordings, {median:.0f} s each in the median, Whisper base",
            "",
            "| | processor s | share of the first's | word error rate |",
            "|---|---|---|---|",
            *(
                f"| {name} | {found['median_cpu_seconds']:.1f} "
                f"| {found['median_cpu_seconds'] / first:.2f} | {found['word_error_rate']:.2%} |"
                for name, found in figures.items()
            ),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
