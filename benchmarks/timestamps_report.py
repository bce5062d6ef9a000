"""The figures about the times of words, and the report that is made of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from aligned_speech import AlignedSpeech
from audio import SAMPLE_RATE
from word_times import ClipTimes, Milliseconds, describe, median_off, ninth_off, share_near

Figures = dict[str, Any]
_BORDERS = ("starts", "ends", "first", "last")
_NOTE = (
    "Left out: {unknown} clips with words that the aligner cannot pronounce, {not_fitting} that it "
    "could not align. Off by: the median and the 90th percentile without sign; late by: the median "
    "with it, against the aligner."
)
_HEADING = (
    "| | | starts off by, ms (95 %) | 90 % within | late by | within 100 ms "
    "| ends off by, ms (95 %) | 90 % within | late by | within 100 ms "
    "| words matched | backwards: words, segments |"
)
_BORDERS_HEADING = (
    "| | | first word's start off by, ms (95 %) | late by "
    "| last word's end off by, ms (95 %) | late by |"
)


def describe_times(clips: Sequence[ClipTimes]) -> Figures:
    """Return the figures of one program over clips; each of three is with its interval."""
    words = sum(clip.words for clip in clips)
    matched = sum(len(clip.starts) for clip in clips)
    figures: Figures = {"words": words, "matched": round(matched / words, 4)}
    for border in _BORDERS:
        figures[border] = _describe_border(clips, border)
    return figures


def _describe_border(clips: Sequence[ClipTimes], border: str) -> Figures:
    def pick(clip: ClipTimes) -> Milliseconds:
        return getattr(clip, border)

    late = np.concatenate([pick(clip) for clip in clips])
    return {
        "compared": len(late),
        "median_late_ms": round(float(np.median(late)), 1),
        "median_off_ms": _round(describe(clips, pick, median_off), 1),
        "ninth_off_ms": _round(describe(clips, pick, ninth_off), 1),
        "within_100_ms": _round(describe(clips, pick, share_near), 4),
    }


def _round(values: tuple[float, ...], digits: int) -> list[float]:
    return [round(value, digits) for value in values]


def write_report(speech: AlignedSpeech, figures: Mapping[str, Mapping[str, Figures]]) -> str:
    """Return the report in Markdown."""
    measured = {kind: by_name for kind, by_name in figures.items() if len(by_name) > 1}
    rows = [
        f"| {kind} | {name} | {_write_times(each['starts'])} | {_write_times(each['ends'])} "
        f"| {each['matched']:.1%} | {each['words_backwards']}, {each['segments_backwards']} |"
        for kind, by_name in measured.items()
        for name, each in by_name.items()
    ]
    borders = [
        f"| {'' if kind == name else kind} | {name} | {_write_border(each['first'])} "
        f"| {_write_border(each['last'])} |"
        for kind, by_name in figures.items()
        for name, each in by_name.items()
    ]
    seconds = sum(len(clip.audio) for clip in speech.clips) / SAMPLE_RATE
    return "\n".join(
        [
            f"# When words begin and end: {len(speech.clips)} clips, {seconds / 60:.1f} minutes",
            "",
            _NOTE.format(unknown=speech.with_unknown_words, not_fitting=speech.not_fitting),
            "",
            _HEADING,
            "|---|---|---|---|---|---|---|---|---|---|---|---|",
            *rows,
            "",
            "Each clip's first and last word against the first and last sound of the clip:",
            "",
            _BORDERS_HEADING,
            "|---|---|---|---|---|---|",
            *borders,
        ]
    )


def _write_times(border: Figures) -> str:
    ninth = "{:.0f} ({:.0f} to {:.0f})".format(*border["ninth_off_ms"])
    near = "{:.1%} ({:.1%} to {:.1%})".format(*border["within_100_ms"])
    return f"{_write_off(border)} | {ninth} | {border['median_late_ms']:+.0f} | {near}"


def _write_border(border: Figures) -> str:
    return f"{_write_off(border)} | {border['median_late_ms']:+.0f}"


def _write_off(border: Figures) -> str:
    return "{:.0f} ({:.0f} to {:.0f})".format(*border["median_off_ms"])
