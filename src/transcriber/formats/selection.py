"""What a file shows of a transcript: asked for by the caller, settled by each format."""

from dataclasses import dataclass, field, replace

from transcriber.formats.subtitle_options import SubtitleOptions

PARTS = ("speakers", "words", "confidence", "timestamps")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportOptions:
    """What the caller asked for; None leaves a part to the format.

    Attributes:
        speakers: Who says each segment, where that is known.
        words: Single words with their times, where they were timed.
        confidence: How sure the engine was.
        timestamps: When each segment is said.
        subtitle: Limits for srt and vtt; the other formats ignore them.
    """

    speakers: bool | None = None
    words: bool | None = None
    confidence: bool | None = None
    timestamps: bool | None = None
    subtitle: SubtitleOptions = field(default_factory=SubtitleOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The same after a format has settled it: every part is shown or it is not."""

    speakers: bool = False
    words: bool = False
    confidence: bool = False
    timestamps: bool = False
    subtitle: SubtitleOptions = field(default_factory=SubtitleOptions)

    def change(self, options: ExportOptions) -> "Selection":
        """Return this selection with everything that was asked for."""
        asked = {part: getattr(options, part) for part in PARTS}
        given = {part: value for part, value in asked.items() if value is not None}
        return replace(self, subtitle=options.subtitle, **given)
