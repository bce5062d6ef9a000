"""How subtitles are cut and timed; applied when a transcript is exported, never stored in it."""

from dataclasses import dataclass

from transcriber.engine.errors import OptionsError

# A line shorter than this cannot hold a long word; one longer than this is no subtitle.
LINE_LENGTH_LIMITS = (10, 500)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleOptions:
    """Limits on each subtitle cue.

    The defaults are Netflix's: "Timed Text Style Guide: General Requirements" gives two lines,
    5/6 s to 7 s and a gap of two frames (here at 24 frames per second); "English Template Timed
    Text Style Guide" gives 42 characters per line and 17 characters per second.

    Attributes:
        max_line_length: Columns per line, 10 to 500; a wide East Asian character takes two.
        max_line_count: Lines per cue, 1 to 10.
        max_characters_per_second: Reading speed in columns; a cue that is faster stays on screen
            longer where the silence after it allows.  Text is never left out.
        min_cue_seconds: No cue is shorter; cues spoken faster than this delay the next one.
        max_cue_seconds: No cue is longer; longer speech is split.
        min_gap_seconds: Empty time between two cues.
    """

    max_line_length: int = 42
    max_line_count: int = 2
    max_characters_per_second: float = 17.0
    min_cue_seconds: float = 0.833
    max_cue_seconds: float = 7.0
    min_gap_seconds: float = 0.083

    def __post_init__(self) -> None:
        """Refuse limits that no cue could keep.

        Raises:
            OptionsError: naming the option and its value.
        """
        _check_range("max_line_length", self.max_line_length, *LINE_LENGTH_LIMITS)
        _check_range("max_line_count", self.max_line_count, 1, 10)
        _check_range("max_characters_per_second", self.max_characters_per_second, 1, 1000)
        _check_range("min_cue_seconds", self.min_cue_seconds, 0.001, 10)
        _check_range("max_cue_seconds", self.max_cue_seconds, self.min_cue_seconds, 3600)
        _check_range("min_gap_seconds", self.min_gap_seconds, 0, 5)


def _check_range(name: str, value: float, low: float, high: float) -> None:
    # The comparison is written so that NaN fails it.
    if not low <= value <= high:
        raise OptionsError(f"{name} must be between {low} and {high}, not {value}.")
