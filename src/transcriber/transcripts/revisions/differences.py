"""What lies between two revisions: passages of time, and in each the words that differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from transcriber.engine.results import Segment
from transcriber.transcripts.editing.words import match_atoms, split_atoms

PieceKind = Literal["equal", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text that both have, or one of them."""

    kind: PieceKind
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of time in which the segments differ; one of the sides may be empty."""

    before: tuple[Segment, ...]
    after: tuple[Segment, ...]

    @property
    def start(self) -> float:
        """Where its first segment begins."""
        return min(each.start for each in (*self.before, *self.after))

    @property
    def end(self) -> float:
        """Where its last segment ends."""
        return max(each.end for each in (*self.before, *self.after))


def find_passages(before: Sequence[Segment], after: Sequence[Segment]) -> list[Passage]:
    """Group segments that only one of two revisions has by the time they share.

    Args:
        before: What the earlier has and the other has not, in order.
        after: What the later has and the other has not, in order.
    """
    passages: list[Passage] = []
    old: list[Segment] = []
    new: list[Segment] = []
    end = 0.0
    for segment, is_new in _merge(before, after):
        # A segment without length belongs to what begins where it stands.
        if (old or new) and segment.start >= end and segment.start > _last_start(old, new):
            passages.append(Passage(tuple(old), tuple(new)))
            old, new = [], []
        end = max(end, segment.end) if old or new else segment.end
        (new if is_new else old).append(segment)
    if old or new:
        passages.append(Passage(tuple(old), tuple(new)))
    # Content that was restored stands in other rows and is no difference.
    return [each for each in passages if each.before != each.after]


def compare_texts(passage: Passage) -> list[Piece]:
    """The words of a passage: those that stay, those that go, those that come."""
    old, new = (
        split_atoms(" ".join(each.text for each in side))
        for side in (passage.before, passage.after)
    )
    matched = match_atoms(old, new)
    pieces: list[Piece] = []
    done_old = done_new = 0
    for place, origin in [*sorted(matched.items()), (len(new), len(old))]:
        _append(pieces, "removed", old[done_old:origin])
        _append(pieces, "added", new[done_new:place])
        _append(pieces, "equal", new[place : place + 1])
        done_old, done_new = origin + 1, place + 1
    return pieces


def _append(pieces: list[Piece], kind: PieceKind, atoms: Sequence[str]) -> None:
    text = "".join(atoms)
    if not text:
        return
    if pieces and pieces[-1].kind == kind:
        text = pieces.pop().text + text
    pieces.append(Piece(kind, text))


def _merge(before: Sequence[Segment], after: Sequence[Segment]) -> Iterator[tuple[Segment, bool]]:
    both = [(segment, False) for segment in before] + [(segment, True) for segment in after]
    return iter(sorted(both, key=lambda each: each[0].start))


def _last_start(old: Sequence[Segment], new: Sequence[Segment]) -> float:
    return max(side[-1].start for side in (old, new) if side)
