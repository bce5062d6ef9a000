"""Word error rate of the product beside the reference implementation's, on the same clips.

Both run the same weights with the same settings (beam 5, best of 5, the usual temperatures,
thresholds and language detection) over the same files; errors are counted after Whisper's
English normaliser.  Exits with status 1 where the product is worse.
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jiwer

from audio import write_raw
from clips import Clip, find_clips_dir, read_clips
from peers_process import REPOSITORY, normalise_texts, own_python, run_peer
from results_files import describe_machine, write_results

SETTINGS = {
    "beam_size": 5,
    "best_of": 5,
    "temperature": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
    "compression_ratio_threshold": 2.4,
    "no_speech_threshold": 0.6,
    "condition_on_previous_text": True,
}


@dataclass(frozen=True, slots=True)
class Errors:
    """Word errors over many clips."""

    words: int
    substitutions: int
    deletions: int
    insertions: int

    @property
    def count(self) -> int:
        """All errors."""
        return self.substitutions + self.deletions + self.insertions

    @property
    def word_error_rate(self) -> float:
        """Errors per reference word."""
        return self.count / self.words


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    arguments = _parse_arguments()
    clips = [
        clip
        for clip in read_clips(find_clips_dir(arguments.clips))
        if clip.text and clip.language == "en" and clip.path.suffix in arguments.suffix
    ]
    texts = {"transcriber": _run_product(clips, arguments), "openai-whisper": _run_peer(clips)}
    expected = normalise_texts([clip.text or "" for clip in clips])
    errors = {name: _count(expected, normalise_texts(found)) for name, found in texts.items()}
    report = _write_report(clips, errors)
    print(report)
    figures = {
        "machine": describe_machine(),
        "clips": len(clips),
        "seconds": round(sum(clip.duration for clip in clips), 1),
        "settings": SETTINGS,
        "compute_type": arguments.compute_type,
        "errors": {name: _describe(found) for name, found in errors.items()},
    }
    if not arguments.no_save:
        write_results("accuracy", figures, report)
    return int(errors["transcriber"].count > errors["openai-whisper"].count)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", help="folder with manifest.json; else CLIPS_DIR")
    parser.add_argument("--suffix", nargs="+", default=[".flac"], help="which files to use")
    parser.add_argument("--compute-type", default="auto")
    parser.add_argument("--cache-dir", help="where conversions are kept")
    parser.add_argument("--no-save", action="store_true", help="leave results/ as it is")
    return parser.parse_args()


def _run_product(clips: list[Clip], arguments: argparse.Namespace) -> list[str]:
    request: dict[str, Any] = {
        "model": "base",
        "models_dir": str(REPOSITORY / "models"),
        "cache_dir": arguments.cache_dir,
        "compute_type": arguments.compute_type,
        "threads": 0,
        # The product's defaults are the reference's: nothing is set, so that drift would show.
        "options": {},
        "audio": [str(clip.path) for clip in clips],
    }
    answers = run_peer("transcriber_product", request, python=own_python())
    return [answer["text"] for answer in answers]


def _run_peer(clips: list[Clip]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        request: dict[str, Any] = {
            "model": str(REPOSITORY / "models" / "base.pt"),
            "threads": 0,
            "options": SETTINGS,
            "audio": write_raw([clip.path for clip in clips], Path(folder)),
        }
        return [answer["text"] for answer in run_peer("openai_reference", request)]


def _count(expected: list[str], found: list[str]) -> Errors:
    counted = jiwer.process_words(expected, found)
    words = counted.hits + counted.substitutions + counted.deletions
    return Errors(words, counted.substitutions, counted.deletions, counted.insertions)


def _describe(errors: Errors) -> dict[str, Any]:
    return {
        "words": errors.words,
        "substitutions": errors.substitutions,
        "deletions": errors.deletions,
        "insertions": errors.insertions,
        "word_error_rate": round(errors.word_error_rate, 5),
    }


def _write_report(clips: list[Clip], errors: dict[str, Errors]) -> str:
    minutes = sum(clip.duration for clip in clips) / 60
    rows = [
        f"| {name} | {found.word_error_rate:.2%} | {found.count} | {found.substitutions} "
        f"| {found.deletions} | {found.insertions} | {found.words} |"
        for name, found in errors.items()
    ]
    return "\n".join(
        [
            f"# Accuracy: Whisper base, {len(clips)} English clips, {minutes:.1f} minutes",
            "",
            "Same weights, same settings, same files; Whisper's English normaliser.",
            "",
            "| | word error rate | errors | substitutions | deletions | insertions | words |",
            "|---|---|---|---|---|---|---|",
            *rows,
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
