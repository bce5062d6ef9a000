"""Times as the subtitle formats write them, and what looks like one in the text."""

import re

# U+2060 has no width and allows no line break, so the text looks as it was spoken.
WORD_JOINER = "\u2060"

_DECIMAL_MARK = re.compile(r"(?<=\d:\d)(?=[.,]\d)|(?<=\d:\d\d)(?=[.,]\d)")


def to_milliseconds(seconds: float) -> int:
    """Return whole milliseconds, never negative: no format can write a time before the start."""
    return max(0, round(seconds * 1000))


def format_timestamp(milliseconds: int, decimal_mark: str) -> str:
    """Return `HH:MM:SS,mmm` with the given decimal mark (`,` in SRT, `.` in WebVTT).

    The hours take more digits where a recording passes 99 hours.
    """
    seconds, rest = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{decimal_mark}{rest:03d}"


def break_timestamps(text: str) -> str:
    """Return text that shows the same and in which no reader finds the times of a cue.

    Some readers take any line with two times on it for the start of a cue, arrow or not.
    """
    return _DECIMAL_MARK.sub(WORD_JOINER, text)


def format_clock(milliseconds: int) -> str:
    """Return `HH:MM:SS`, as people read it, rounded down."""
    return format_timestamp(milliseconds, ".").partition(".")[0]
