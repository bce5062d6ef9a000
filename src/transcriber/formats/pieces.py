"""A segment as timed pieces of text, the smallest parts that a subtitle never divides."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from transcriber.engine.results import Segment
from transcriber.formats.line_breaks import can_break_between, chop_text, split_at_breaks
from transcriber.formats.plain_text import clean_text, measure_columns
from transcriber.formats.speakers import name_speaker
from transcriber.formats.timestamps import to_milliseconds


@dataclass(frozen=True, slots=True)
class Piece:
    """Unbreakable text with its times in milliseconds; `is_spaced` says a space comes before."""

    text: str
    start_ms: int
    end_ms: int
    is_spaced: bool
    speaker: str = ""


def split_segment(segment: Segment, max_columns: int) -> list[Piece]:
    """Split a segment into pieces of at most `max_columns` columns.

    Word times are used where they spell the segment's text; otherwise (no words, or the text was
    edited since) the segment's time is shared out in proportion to the width of the text.
    """
    if do_words_spell_text(segment):
        parts = [
            piece for word in segment.words for piece in _spread(word.word, word.start, word.end)
        ]
    else:
        parts = list(_spread(segment.text, segment.start, segment.end))
    chunks = [chunk for piece in _glue(parts) for chunk in _chop(piece, max_columns)]
    if name := name_speaker(segment):
        return [replace(chunk, speaker=name) for chunk in chunks]
    return chunks


def do_words_spell_text(segment: Segment) -> bool:
    """Whether the words were timed and are still what the text says."""
    if not segment.words:
        return False
    spoken = clean_text("".join(word.word for word in segment.words))
    return spoken.replace(" ", "") == clean_text(segment.text).replace(" ", "")


def join_pieces(pieces: Iterable[Piece]) -> str:
    """Return the text of the pieces, with the spaces that belong between them."""
    return "".join(" " + piece.text if piece.is_spaced else piece.text for piece in pieces).strip()


def _spread(text: str, start: float, end: float) -> Iterator[Piece]:
    is_spaced = text[:1].isspace()
    parts: list[tuple[str, bool]] = []
    for word in clean_text(text).split(" "):
        for part in split_at_breaks(word) if word else ():
            parts.append((part, is_spaced))
            is_spaced = False
        is_spaced = True
    yield from _share_time(parts, to_milliseconds(start), to_milliseconds(end))


def _share_time(parts: list[tuple[str, bool]], start_ms: int, end_ms: int) -> Iterator[Piece]:
    # A part of no width still takes time to say, so it counts as one column.
    totals = list(accumulate(max(1, measure_columns(text)) for text, _ in parts))
    begin = start_ms
    for (text, is_spaced), total in zip(parts, totals, strict=True):
        finish = start_ms + max(0, end_ms - start_ms) * total // totals[-1]
        yield Piece(text, begin, finish, is_spaced)
        begin = finish


def _glue(parts: Iterable[Piece]) -> list[Piece]:
    # The decoder's words may be parts of one written word (" self", "-driving").
    glued: list[Piece] = []
    for part in parts:
        last = glued[-1] if glued else None
        if last and not part.is_spaced and not can_break_between(last.text[-1], part.text[0]):
            glued[-1] = replace(last, text=last.text + part.text, end_ms=part.end_ms)
        else:
            glued.append(part)
    return glued


def _chop(piece: Piece, max_columns: int) -> Iterator[Piece]:
    if measure_columns(piece.text) <= max_columns:
        yield piece
        return
    texts = chop_text(piece.text, max_columns)
    spaced = [piece.is_spaced] + [False] * (len(texts) - 1)
    yield from _share_time(list(zip(texts, spaced, strict=True)), piece.start_ms, piece.end_ms)
