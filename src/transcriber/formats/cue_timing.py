"""The times of cues: long enough to read, apart from each other, in order."""

from collections.abc import Iterable, Iterator, Sequence

from transcriber.formats.pieces import Piece, join_pieces
from transcriber.formats.plain_text import measure_columns
from transcriber.formats.subtitle_options import SubtitleOptions

SettledCue = tuple[int, int, Sequence[Piece]]


def settle_times(
    drafts: Iterable[Sequence[Piece]], options: SubtitleOptions
) -> Iterator[SettledCue]:
    """Give each draft its start and end in milliseconds, looking one draft ahead.

    A cue starts when it is spoken, or when the cue before has ended and the gap has passed.  It
    stays until it is spoken and can be read, but not past the next cue's start less the gap, nor
    longer than the longest cue.  The shortest duration wins over all of these: speech cut finer
    than that delays the cues after it, which catch up at the next pause.
    """
    gap_ms = round(options.min_gap_seconds * 1000)
    free_from = 0
    for pieces, following in _pair_with_next(drafts):
        start = max(pieces[0].start_ms, free_from)
        end = max(pieces[-1].end_ms, start + _measure_reading_ms(pieces, options))
        end = min(end, start + round(options.max_cue_seconds * 1000))
        if following is not None:
            end = min(end, following[0].start_ms - gap_ms)
        end = max(end, start + round(options.min_cue_seconds * 1000))
        yield start, end, pieces
        free_from = end + gap_ms


def _measure_reading_ms(pieces: Sequence[Piece], options: SubtitleOptions) -> int:
    return round(measure_columns(join_pieces(pieces)) * 1000 / options.max_characters_per_second)


def _pair_with_next(
    drafts: Iterable[Sequence[Piece]],
) -> Iterator[tuple[Sequence[Piece], Sequence[Piece] | None]]:
    current: Sequence[Piece] | None = None
    for following in drafts:
        if current is not None:
            yield current, following
        current = following
    if current is not None:
        yield current, None
