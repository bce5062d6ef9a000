"""What each operation does to a draft."""

from collections.abc import Iterable
from dataclasses import replace

from transcriber.engine.results import Segment
from transcriber.transcripts.editing import schemas
from transcriber.transcripts.editing.cutting import clamp_words, cut_segment, join_segments
from transcriber.transcripts.editing.draft import Draft
from transcriber.transcripts.editing.text import MAX_TEXT_LENGTH
from transcriber.transcripts.editing.words import align_words
from transcriber.transcripts.errors import EditError

# Nobody's decoder judged it: what it says is as sure as it can be.
WRITTEN_LOGPROB = 0.0
WRITTEN_RATIO = 1.0


def apply_operations(
    draft: Draft, operations: Iterable[schemas.Operation], duration: float
) -> None:
    """Do all operations in their order.

    Args:
        draft: Changed in place, and of no use after a refusal.
        operations: As sent.
        duration: Of the recording, in seconds.

    Raises:
        EditError: naming the operation that cannot be done.
    """
    for number, operation in enumerate(operations):
        _apply(draft, operation, number, duration)
    draft.check_order()


def rewrite_text(segment: Segment, text: str) -> Segment:
    """The segment with another text; the times of words that stay are kept."""
    if text == segment.text:
        return segment
    words = align_words(segment.words, text, segment.start, segment.end)
    return replace(segment, text=text, words=words)


def _apply(draft: Draft, operation: schemas.Operation, number: int, duration: float) -> None:
    if isinstance(operation, schemas.Insert):
        _insert(draft, operation, number, duration)
        return
    place = draft.find(operation.segment, number)
    segment = draft.get(place)
    match operation:
        case schemas.SetText():
            draft.set(place, rewrite_text(segment, operation.text))
        case schemas.SetSpeaker():
            draft.set(place, replace(segment, speaker=operation.speaker))
        case schemas.SetTimes():
            draft.set(place, _move(segment, operation, number, duration), number)
        case schemas.Split():
            _split(draft, place, operation, number)
        case schemas.Merge():
            _merge(draft, place, operation, number)
        case schemas.Delete():
            draft.remove(place)


def _move(segment: Segment, operation: schemas.SetTimes, number: int, duration: float) -> Segment:
    start = segment.start if operation.start is None else round(operation.start, 3)
    end = segment.end if operation.end is None else round(operation.end, 3)
    _check_times(start, end, max(duration, segment.end), number)
    return replace(segment, start=start, end=end, words=clamp_words(segment.words, start, end))


def _insert(draft: Draft, operation: schemas.Insert, number: int, duration: float) -> None:
    start, end = round(operation.start, 3), round(operation.end, 3)
    _check_times(start, end, duration, number)
    content = Segment(
        start=start,
        end=end,
        text=operation.text,
        avg_logprob=WRITTEN_LOGPROB,
        no_speech_prob=0.0,
        compression_ratio=WRITTEN_RATIO,
        temperature=0.0,
        speaker=operation.speaker,
    )
    place = sum(1 for line in draft.lines if line.start <= start)
    draft.insert(place, content, number)


def _split(draft: Draft, place: int, operation: schemas.Split, number: int) -> None:
    at = None if operation.at is None else round(operation.at, 3)
    try:
        first, second = cut_segment(draft.get(place), operation.character, at)
    except ValueError as error:
        raise EditError(str(error), code="bad_split", operation=number) from error
    draft.set(place, first)
    draft.insert(place + 1, second, number)


def _merge(draft: Draft, place: int, operation: schemas.Merge, number: int) -> None:
    if draft.find(operation.following, number) != place + 1:
        raise EditError(
            f"Segment {operation.following} does not follow segment {operation.segment}.",
            code="not_neighbours",
            operation=number,
        )
    joined = join_segments(draft.get(place), draft.get(place + 1))
    if len(joined.text) > MAX_TEXT_LENGTH:
        raise EditError(
            f"The text would be longer than {MAX_TEXT_LENGTH} characters.",
            code="text_too_long",
            operation=number,
        )
    draft.remove(place + 1)
    draft.set(place, joined)


def _check_times(start: float, end: float, latest: float, number: int) -> None:
    if not start <= end <= latest:
        raise EditError(
            f"A segment must begin before it ends, and end within the {latest:g} s of the "
            f"recording: {start:g} to {end:g} s is not acceptable.",
            code="bad_times",
            operation=number,
        )
