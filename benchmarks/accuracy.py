"""What the product hears wrongly, beside the peers on the same recordings.

All use the same weights, each as it comes, without settings.  Errors are counted after Whisper's
normalisers, and each rate has the interval that 95 % of draws from the recordings give, or from
the passages of which a single recording is joined.
Where nobody speaks, every word is made up.  Deletions at borders are words missing among the first
and last three of a passage; a word's time is compared with the sound that begins its passage.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import jiwer
import numpy as np

from audio import write_raw
from clips import find_clips_dir, read_clips
from diarization import measure_speakers
from intervals import find_interval
from peers_process import REPOSITORY, normalise_texts, own_python, run_peer
from prompts import read_prompts
from results_files import describe_machine, write_results
from suites import Item, Suite, build_suites
from transcriber.engine import choose_compute_type, prepare_model

BORDER_WORDS = 3
NEAR_SECONDS = 2.0
Answers = list[dict[str, Any]]
Passage = tuple[int, int]
"""How many words a passage has, and how many errors were made in it."""
Peer = Callable[[Sequence[Item], Path], Answers]


@dataclass(frozen=True, slots=True)
class Heard:
    """What one program made of one recording."""

    passages: tuple[Passage, ...]
    deletions: int
    border_deletions: int
    written: int
    silence_seconds: float
    late_ms: tuple[float, ...]

    @property
    def words(self) -> int:
        """How many words are said."""
        return sum(words for words, _ in self.passages)

    @property
    def errors(self) -> int:
        """How many of them are wrong or left out, and how many are written besides."""
        return sum(errors for _, errors in self.passages)


def main() -> int:
    """Measure, print, keep the figures; the status is 1 where the product is surely worse."""
    arguments = _parse_arguments()
    folder = find_clips_dir(arguments.clips)
    clips = [clip for clip in read_clips(folder) if clip.text and clip.language == "en"]
    peers: dict[str, Peer] = {"transcriber": _run_product, "faster-whisper": _run_faster}
    with tempfile.TemporaryDirectory() as temporary:
        suites = build_suites(
            clips,
            read_prompts(),
            Path(temporary),
            per_suite=arguments.per_suite,
            minutes=arguments.minutes,
        )
        names = ", ".join(suite.name for suite in suites)
        wanted = arguments.only or [suite.name for suite in suites]
        if unknown := sorted(set(wanted) - {suite.name for suite in suites}):
            raise SystemExit(f"No suite is named {unknown[0]!r}. There are: {names}.")
        suites = [suite for suite in suites if suite.name in wanted]
        found = {suite.name: _compare(suite, peers) for suite in suites}
    report = _write_report(suites, found)
    if arguments.only:
        print(report)
        return 0
    speakers, speaker_figures = measure_speakers(folder)
    report += "\n\n" + speakers.replace("# ", "## ", 1)
    print(report)
    if not arguments.no_save:
        figures = {
            "machine": describe_machine(),
            "suites": {
                suite: {name: _describe(heard) for name, heard in by_peer.items()}
                for suite, by_peer in found.items()
            },
            "speakers": speaker_figures,
        }
        write_results("accuracy", figures, report)
    clean = found["read speech"]
    return int(_rate_errors(clean["transcriber"]) > _rate_errors(clean["faster-whisper"]))


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", help="folder with manifest.json; else CLIPS_DIR")
    parser.add_argument("--per-suite", type=int, default=20, help="clips made harder in each way")
    parser.add_argument("--minutes", type=float, default=60.0, help="length of the long recording")
    parser.add_argument("--no-save", action="store_true", help="leave results/ as it is")
    parser.add_argument(
        "--only", action="append", metavar="SUITE", help="measure some suites and keep no results"
    )
    return parser.parse_args()


def _run_product(items: Sequence[Item], _: Path) -> Answers:
    request: dict[str, Any] = {
        "model": "base",
        "models_dir": str(REPOSITORY / "models"),
        "cache_dir": None,
        "compute_type": "auto",
        "threads": 0,
        "options": {"word_timestamps": True},
        "audio": [str(item.path) for item in items],
    }
    return run_peer("transcriber_product", request, python=own_python())


def _run_faster(items: Sequence[Item], folder: Path) -> Answers:
    request: dict[str, Any] = {
        "model_path": str(prepare_model("base", REPOSITORY / "models").path),
        "compute_type": choose_compute_type("cpu"),
        "threads": 0,
        "options": {"word_timestamps": True},
        "audio": write_raw([item.path for item in items], folder),
    }
    return run_peer("faster_whisper_peer", request, python=own_python())


def _compare(suite: Suite, peers: Mapping[str, Peer]) -> dict[str, list[Heard]]:
    """Measure one suite, and tell what was found: a run that is stopped later has told this."""
    heard = {name: _measure(suite, peer) for name, peer in peers.items()}
    rows, silent = _write_rows(suite, heard)
    print(*rows, *silent, sep="\n", file=sys.stderr, flush=True)
    return heard


def _measure(suite: Suite, peer: Peer) -> list[Heard]:
    print(f"{suite.name} …", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        answers = peer(suite.items, Path(folder))
    is_english = all(item.is_english for item in suite.items)
    texts = normalise_texts([answer["text"] for answer in answers], is_english=is_english)
    said = [text for item in suite.items for text in item.texts]
    passages = iter(normalise_texts(said, is_english=is_english))
    return [
        _score(item, list(islice(passages, len(item.texts))), text, answer["words"])
        for item, text, answer in zip(suite.items, texts, answers, strict=True)
    ]


def _score(
    item: Item, passages: Sequence[str], text: str, words: Sequence[tuple[float, float, str]]
) -> Heard:
    written = len(text.split())
    if not passages:
        return Heard((), 0, 0, written, item.silence_seconds, ())
    counted = jiwer.process_words(" ".join(passages), text)
    return Heard(
        passages=tuple(_share_errors(counted, passages)),
        deletions=counted.deletions,
        border_deletions=_count_at_borders(counted, passages),
        written=counted.insertions if item.silence_seconds else 0,
        silence_seconds=item.silence_seconds,
        late_ms=_compare_times(item, words),
    )


def _share_errors(counted: jiwer.WordOutput, passages: Sequence[str]) -> list[Passage]:
    """Give each passage its errors; what is written between two belongs to the later one."""
    sizes = [len(passage.split()) for passage in passages]
    ends = np.cumsum(sizes)
    errors = [0] * len(sizes)
    for chunk in counted.alignments[0]:
        if chunk.type == "equal":
            continue
        # An insertion has no words of the reference, but a place among them.
        written = chunk.hyp_end_idx - chunk.hyp_start_idx if chunk.type == "insert" else 1
        for index in range(chunk.ref_start_idx, max(chunk.ref_end_idx, chunk.ref_start_idx + 1)):
            place = int(np.searchsorted(ends, index, side="right"))
            errors[min(place, len(errors) - 1)] += written
    return list(zip(sizes, errors, strict=True))


def _count_at_borders(counted: jiwer.WordOutput, passages: Sequence[str]) -> int:
    borders: set[int] = set()
    place = 0
    for passage in passages:
        size = len(passage.split())
        edge = min(BORDER_WORDS, size)
        borders.update(range(place, place + edge), range(place + size - edge, place + size))
        place += size
    return sum(
        index in borders
        for chunk in counted.alignments[0]
        if chunk.type == "delete"
        for index in range(chunk.ref_start_idx, chunk.ref_end_idx)
    )


def _compare_times(item: Item, words: Sequence[tuple[float, float, str]]) -> tuple[float, ...]:
    """How many milliseconds after each passage's first sound its nearest word begins."""
    starts = np.array([start for start, _, _ in words])
    late: list[float] = []
    for onset in item.onsets:
        if len(starts):
            nearest = float(starts[np.argmin(np.abs(starts - onset))])
            if abs(nearest - onset) <= NEAR_SECONDS:
                late.append(1_000 * (nearest - onset))
    return tuple(late)


def _rate_errors(heard: Sequence[Heard]) -> float:
    return _rate([(each.words, each.errors) for each in heard])


def _rate(passages: Sequence[Passage]) -> float:
    return sum(errors for _, errors in passages) / max(1, sum(words for words, _ in passages))


def _write_report(suites: Sequence[Suite], found: dict[str, dict[str, list[Heard]]]) -> str:
    written = [_write_rows(suite, found[suite.name]) for suite in suites]
    return "\n".join(
        [
            "# Accuracy: Whisper base, everybody as it comes",
            "",
            "| recordings | | word error rate (95 %) | deletions | at borders | times off by |",
            "|---|---|---|---|---|---|",
            *(row for rows, _ in written for row in rows),
            "",
            "| where nobody speaks | | words made up | in an hour |",
            "|---|---|---|---|",
            *(row for _, silent in written for row in silent),
        ]
    )


def _write_rows(suite: Suite, by_peer: Mapping[str, list[Heard]]) -> tuple[list[str], list[str]]:
    """Return the rows of a suite's errors, and of what was made up where nobody speaks in it."""
    minutes = sum(item.seconds for item in suite.items) / 60
    rows: list[str] = []
    silent: list[str] = []
    for name, heard in by_peer.items():
        if any(each.words for each in heard):
            rows.append(f"| {suite.name}, {minutes:.1f} min | {name} {_write_rates(heard)}")
        if hours := sum(each.silence_seconds for each in heard) / 3_600:
            made_up = sum(each.written for each in heard)
            silent.append(f"| {suite.name} | {name} | {made_up} | {made_up / hours:.0f} |")
    return rows, silent


def _write_rates(heard: Sequence[Heard]) -> str:
    words = sum(each.words for each in heard)
    rate = f"{_rate_errors(heard):.2%}"
    recordings = [(each.words, each.errors) for each in heard]
    drawn = recordings if len(recordings) > 1 else heard[0].passages
    # One passage drawn again and again would tell an interval of no width.
    if len(drawn) > 1:
        low, high = find_interval(drawn, _rate)
        rate += f" ({low:.2%} to {high:.2%})"
    late = [value for each in heard for value in each.late_ms]
    times = f"{np.median(np.abs(late)):.0f} ms" if late else ""
    deletions = sum(each.deletions for each in heard) / words
    borders = sum(each.border_deletions for each in heard)
    return f"| {rate} | {deletions:.2%} | {borders} | {times} |"


def _describe(heard: Sequence[Heard]) -> dict[str, Any]:
    late = [value for each in heard for value in each.late_ms]
    return {
        "recordings": len(heard),
        "words": sum(each.words for each in heard),
        "errors": sum(each.errors for each in heard),
        "word_error_rate": round(_rate_errors(heard), 5),
        "deletions": sum(each.deletions for each in heard),
        "border_deletions": sum(each.border_deletions for each in heard),
        "made_up_words": sum(each.written for each in heard),
        "silence_seconds": round(sum(each.silence_seconds for each in heard), 1),
        "median_late_ms": round(float(np.median(np.abs(late))), 1) if late else None,
    }


if __name__ == "__main__":
    sys.exit(main())
