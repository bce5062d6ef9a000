"""When words begin and end, beside faster-whisper and against a forced aligner.

All use the same weights and are told that it is English, and are otherwise as they come with words
timed.  Only words count that are recognised; their times are compared with the aligner's, which are
themselves some tens of milliseconds off, so the first and the last word of each clip are also
compared with the borders of its sound.  Each figure has the interval that 95 % of draws from the
clips give.
"""

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from aligned_speech import (
    AlignedSpeech,
    Recording,
    TimedWord,
    align_clips,
    choose_clips,
    write_clips,
    write_joined,
)
from audio import write_raw
from clips import find_clips_dir, read_clips
from peers_process import REPOSITORY, normalise_texts, own_python, run_peer
from results_files import describe_machine, write_results
from timestamps_report import Figures, describe_times, write_report
from transcriber.engine import choose_compute_type, prepare_model
from word_times import NEAR_MS, ClipTimes, compare, compare_clip, count_backwards

OPTIONS = {"language": "en", "word_timestamps": True}
BATCH = 8
"""faster-whisper's own default for its batched pipeline."""

ALIGNER = "the aligner"
PRODUCT = "transcriber"
Answers = list[dict[str, Any]]


def main() -> int:
    """Measure, print, keep the figures; the status is 1 where the product is not within bounds."""
    arguments = _parse_arguments()
    machine = describe_machine()
    clips = read_clips(find_clips_dir(arguments.clips))
    chosen = choose_clips(
        [clip for clip in clips if clip.text and clip.language == "en"], arguments.clips_per_folder
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _tell("aligning")
        speech = align_clips(chosen, folder)
        kinds = {
            "single clips": write_clips(speech.clips, folder),
            "joined with pauses": [write_joined(speech.clips, folder)],
        }
        recordings = [recording for group in kinds.values() for recording in group]
        found = _transcribe_all(recordings, folder)
    figures = _measure(speech, kinds, found)
    report = write_report(speech, figures)
    print(report)
    if not arguments.no_save:
        kept = {
            "machine": machine,
            "clips": len(speech.clips),
            "left_out_with_unknown_words": speech.with_unknown_words,
            "left_out_not_fitting": speech.not_fitting,
            **figures,
        }
        write_results("timestamps", kept, report)
    return int(any(map(_is_beyond, (figures[kind][PRODUCT] for kind in kinds))))


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", help="folder with manifest.json; else CLIPS_DIR")
    parser.add_argument("--clips-per-folder", type=int, default=30, help="at most, spread over it")
    parser.add_argument("--no-save", action="store_true", help="leave results/ as it is")
    return parser.parse_args()


def _transcribe_all(recordings: Sequence[Recording], folder: Path) -> dict[str, Answers]:
    paths = [recording.path for recording in recordings]
    product: dict[str, Any] = {
        "model": "base",
        "models_dir": str(REPOSITORY / "models"),
        "cache_dir": None,
        "compute_type": "auto",
        "threads": 0,
        "options": OPTIONS,
        "audio": [str(path) for path in paths],
    }
    faster: dict[str, Any] = {
        "model_path": str(prepare_model("base", REPOSITORY / "models").path),
        "compute_type": choose_compute_type("cpu"),
        "threads": 0,
        "options": OPTIONS,
        "audio": write_raw(paths, folder),
    }
    runs: dict[str, tuple[str, dict[str, Any]]] = {
        PRODUCT: ("transcriber_product", product),
        "faster-whisper": ("faster_whisper_peer", faster),
        f"faster-whisper, batches of {BATCH}": (
            "faster_whisper_peer",
            {**faster, "batch_size": BATCH},
        ),
    }
    answers: dict[str, Answers] = {}
    for name, (peer, request) in runs.items():
        _tell(name)
        answers[name] = run_peer(peer, request, python=own_python())
    return answers


def _measure(
    speech: AlignedSpeech, kinds: Mapping[str, list[Recording]], found: Mapping[str, Answers]
) -> dict[str, dict[str, Figures]]:
    """Return the figures by kind of recording and program; the aligner's own with the first."""
    keys = _normalise_words(speech, found)
    _tell("comparing")
    figures: dict[str, dict[str, Figures]] = {}
    first = 0
    for kind, recordings in kinds.items():
        own = slice(first, first + len(recordings))
        first = own.stop
        figures[kind] = {
            name: _measure_program(recordings, answers[own], keys)
            for name, answers in found.items()
        }
    truth = [compare_clip(clip, 0.0, dict(enumerate(clip.words))) for clip in speech.clips]
    figures[ALIGNER] = {ALIGNER: describe_times(truth)}
    return figures


def _normalise_words(speech: AlignedSpeech, found: Mapping[str, Answers]) -> dict[str, str]:
    """Map each word's text, as written, to its normalised form; empty for what is no word."""
    texts = {word.text for clip in speech.clips for word in clip.words}
    for answers in found.values():
        texts |= {word[2] for answer in answers for word in answer["words"]}
    ordered = sorted(texts)
    return dict(zip(ordered, normalise_texts(ordered), strict=True))


def _measure_program(
    recordings: Sequence[Recording], answers: Answers, keys: Mapping[str, str]
) -> Figures:
    times: list[ClipTimes] = []
    for recording, answer in zip(recordings, answers, strict=True):
        times += compare(recording, [TimedWord(*word) for word in answer["words"]], keys)
    return {
        **describe_times(times),
        "words_backwards": sum(count_backwards(answer["words"]) for answer in answers),
        "segments_backwards": sum(count_backwards(answer["segments"]) for answer in answers),
    }


def _is_beyond(product: Figures) -> bool:
    medians = [product[border]["median_off_ms"][0] for border in ("starts", "ends")]
    backwards = product["words_backwards"] + product["segments_backwards"]
    return bool(np.max(medians) > NEAR_MS) or backwards > 0


def _tell(step: str) -> None:
    print(f"{step} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
