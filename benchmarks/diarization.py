"""Diarization error rate of the product on conversations whose speakers are known.

Three suites: excerpts of meetings with their RTTM (the clips' `diar` folder), conversations of 1 to
6 people built from read speech, and long ones with noise.  Overlaps count and there is no collar,
which is the strictest way to score; the built conversations' references hold the readers' own
pauses, which therefore count as missed.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audio import SAMPLE_RATE, decode
from clips import find_clips_dir
from conversations import Conversation, build_conversations, build_long_conversations
from diarization_errors import DiarizationErrors, Turn, count_errors
from intervals import find_interval
from results_files import describe_machine, write_results
from rttm import read_rttm
from transcriber.engine.results import Span
from transcriber.engine.speakers.grouping import group_voices
from transcriber.engine.speakers.hearing import hear_voices
from transcriber.engine.speakers.turns import find_turns
from transcriber.engine.speakers.voices import Voice

SPAN_SECONDS = 90
"""About what the product's planner cuts."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was made of one conversation."""

    errors: DiarizationErrors
    speakers: int
    expected: int


@dataclass(frozen=True, slots=True)
class Suite:
    """Conversations that are scored together."""

    name: str
    conversations: Sequence[Conversation]
    gives_count: bool = False


def main() -> int:
    """Measure, print, keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", help="folder with manifest.json; else CLIPS_DIR")
    report, figures = measure_speakers(find_clips_dir(parser.parse_args().clips))
    print(report)
    write_results("diarization", {"machine": describe_machine(), "suites": figures}, report)
    return 0


def measure_speakers(clips: Path) -> tuple[str, dict[str, Any]]:
    """Run every suite; returns the report and its figures."""
    meetings = _read_meetings(clips / "diar")
    built = build_conversations(clips)
    long = build_long_conversations(clips)
    suites = [
        Suite("meetings, 30 s each", meetings),
        Suite("1 to 6 people in turn", built),
        Suite("1 to 6 people, number given", built, gives_count=True),
        Suite("20 and 60 minutes, noisy", long),
        Suite("20 and 60 minutes, noisy, number given", long, gives_count=True),
    ]
    heard: dict[int, list[tuple[Span, tuple[Voice, ...]]]] = {}
    rows: list[str] = []
    figures: dict[str, Any] = {}
    for suite in suites:
        told = [_tell(each, heard, gives_count=suite.gives_count) for each in suite.conversations]
        rows.append(_write_row(suite.name, told))
        figures[suite.name] = _describe(told)
    heading = (
        "| | diarization error rate (95 %) | missed | false alarm | confused | right number |\n"
        "|---|---|---|---|---|---|"
    )
    return "\n".join(["# Speakers told apart", "", heading, *rows]), figures


def _read_meetings(folder: Path) -> list[Conversation]:
    turns = {**read_rttm(folder / "debug.train.rttm"), **read_rttm(folder / "sample.rttm")}
    return [Conversation(decode(path), turns[path.stem]) for path in sorted(folder.glob("*.wav"))]


def _tell(
    conversation: Conversation,
    heard: dict[int, list[tuple[Span, tuple[Voice, ...]]]],
    *,
    gives_count: bool,
) -> Told:
    if id(conversation) not in heard:
        heard[id(conversation)] = _hear(conversation.audio)
    spans = heard[id(conversation)]
    expected = len({turn.speaker for turn in conversation.turns})
    numbers = group_voices([voices for _, voices in spans], expected if gives_count else None)
    found = [
        Turn(turn.start, turn.end, str(turn.speaker))
        for (span, voices), speakers in zip(spans, numbers, strict=True)
        for turn in find_turns(span, voices, speakers)
    ]
    errors = count_errors(conversation.turns, found)
    return Told(errors, len({turn.speaker for turn in found}), expected)


def _hear(audio: NDArray[np.float32]) -> list[tuple[Span, tuple[Voice, ...]]]:
    heard: list[tuple[Span, tuple[Voice, ...]]] = []
    size = SPAN_SECONDS * SAMPLE_RATE
    for index, first in enumerate(range(0, len(audio), size)):
        piece = audio[first : first + size]
        start = first / SAMPLE_RATE
        span = Span(index, start, start + len(piece) / SAMPLE_RATE)
        heard.append((span, hear_voices(piece, span)))
    return heard


def _rate(told: Sequence[Told], count: Callable[[DiarizationErrors], float]) -> float:
    return sum(count(each.errors) for each in told) / sum(each.errors.spoken for each in told)


def _write_row(name: str, told: Sequence[Told]) -> str:
    low, high = find_interval(told, lambda drawn: _rate(drawn, lambda errors: errors.total))
    right = sum(each.speakers == each.expected for each in told)
    return (
        f"| {name} | {_rate(told, lambda errors: errors.total):.1%} ({low:.1%} to {high:.1%}) "
        f"| {_rate(told, lambda errors: errors.missed):.1%} "
        f"| {_rate(told, lambda errors: errors.false_alarm):.1%} "
        f"| {_rate(told, lambda errors: errors.confused):.1%} | {right} of {len(told)} |"
    )


def _describe(told: Sequence[Told]) -> dict[str, Any]:
    return {
        "conversations": len(told),
        "error_rate": round(_rate(told, lambda errors: errors.total), 4),
        "missed": round(_rate(told, lambda errors: errors.missed), 4),
        "false_alarm": round(_rate(told, lambda errors: errors.false_alarm), 4),
        "confused": round(_rate(told, lambda errors: errors.confused), 4),
        "speakers_found": [each.speakers for each in told],
        "speakers_there": [each.expected for each in told],
    }


if __name__ == "__main__":
    sys.exit(main())
