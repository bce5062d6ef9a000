"""Whose the voices of a recording are: voices that sound alike are one speaker's."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.optimize import linear_sum_assignment

from transcriber.engine.speakers.voices import Voice

SAME_SPEAKER_DISTANCE = 0.2
"""Groups of voices whose mean cosine distance is below this are one speaker's.

Chosen on conversations built from read speech of 1 to 6 people and on excerpts of meetings, see
docs/performance.md; single voices of one person are 0.1 to 0.4 apart, of two people 0.35 to 0.7.
"""

_SURE_SECONDS = 1.2
"""Shorter voices do not decide who there is; they are given to whom they sound like."""

_SPEAKER_SHARE = 0.01
_SPEAKER_SECONDS = (2.0, 10.0)
"""Who is heard for less than this share of all that is heard, within these bounds, is no speaker
of the recording: voices that were heard badly would each be one."""

_GIVEN_SHARE = 0.03
"""Where the number of speakers is given, each has at least this share, if a grouping gives that:
else a cough would be one of the two speakers, and both people the other."""

_EXTRA_GROUPS = 4
_AT_ONCE = 1_000
"""Distances grow with the square: longer recordings are grouped in pieces of this many first."""

Points = NDArray[np.float32]
Labels = NDArray[np.int64]
Seconds = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Heard:
    """Voices, or groups of them: what they sound like, and for how long."""

    points: Points
    seconds: Seconds

    def pick(self, chosen: NDArray[Any] | slice) -> "_Heard":
        return _Heard(self.points[chosen], self.seconds[chosen])


def group_voices(
    spans: Sequence[Sequence[Voice]], count: int | None = None
) -> list[list[int | None]]:
    """Give each voice of each span its speaker, numbered from 0 as they first speak.

    Args:
        spans: The voices of the recording's spans, in order.
        count: How many speakers there are, from 1; None to find out.

    Returns:
        A number for each voice, or None where nobody can say, in the shape of `spans`.
    """
    places = [
        (span, place)
        for span, voices in enumerate(spans)
        for place, voice in enumerate(voices)
        if voice.print is not None
    ]
    speakers: list[list[int | None]] = [[None] * len(voices) for voices in spans]
    if not places:
        return speakers
    heard = _collect([spans[span][place] for span, place in places])
    windows = [(span, spans[span][place].window) for span, place in places]
    for index, speaker in _assign(heard.points @ _find_speakers(heard, count).T, windows):
        span, place = places[index]
        speakers[span][place] = speaker
    return _number(spans, speakers)


def _collect(voices: Sequence[Voice]) -> _Heard:
    points = [each.print for each in voices if each.print is not None]
    return _Heard(np.stack(points), np.array([each.seconds for each in voices]))


def _find_speakers(heard: _Heard, count: int | None) -> Points:
    """What each speaker sounds like: (speakers, dimensions)."""
    is_sure = heard.seconds >= _SURE_SECONDS
    sure = heard.pick(is_sure) if is_sure.any() else heard
    while len(sure.points) > _AT_ONCE:
        sure = _shorten(sure)
    labels = _group(sure, count)
    seconds = _add_up(labels, sure.seconds)
    largest = np.argsort(-seconds, kind="stable")
    if count is not None:
        kept = largest[:count]
    else:
        least = np.clip(_SPEAKER_SHARE * seconds.sum(), *_SPEAKER_SECONDS)
        kept = [each for each in largest if seconds[each] >= least] or largest[:1]
    means = _average(sure, labels)
    return means[np.sort(np.asarray(kept))]


def _shorten(heard: _Heard) -> _Heard:
    """Replace the voices of each piece of the recording by their groups."""
    points: list[Points] = []
    seconds: list[Seconds] = []
    for first in range(0, len(heard.points), _AT_ONCE):
        piece = heard.pick(slice(first, first + _AT_ONCE))
        labels = _group(piece, None)
        points.append(_average(piece, labels))
        seconds.append(_add_up(labels, piece.seconds))
    joined = np.concatenate(points)
    if len(joined) > len(heard.points) / 2:
        # Hardly anybody sounds like anybody: the longest stand for all.
        return heard.pick(np.sort(np.argsort(-heard.seconds, kind="stable")[:_AT_ONCE]))
    return _Heard(joined, np.concatenate(seconds))


def _group(heard: _Heard, count: int | None) -> Labels:
    """Number the groups of voices from 0."""
    if len(heard.points) == 1:
        return np.zeros(1, np.int64)
    distances = np.maximum(0.0, 1.0 - heard.points @ heard.points.T).astype(np.float64)
    tree = linkage(distances[np.triu_indices(len(distances), 1)], "average")
    if count is None:
        return _to_labels(fcluster(tree, SAME_SPEAKER_DISTANCE, "distance"))
    return _cut(tree, heard.seconds, count)


def _cut(tree: NDArray[np.float64], seconds: Seconds, count: int) -> Labels:
    """The coarsest grouping in which `count` groups have a share each.

    Where there is none the likeness of the voices decides, as if no number were given, and the
    longest groups are kept.
    """
    found = _to_labels(fcluster(tree, SAME_SPEAKER_DISTANCE, "distance"))
    for groups in range(count, min(len(seconds), count + _EXTRA_GROUPS) + 1):
        labels = _to_labels(fcluster(tree, groups, "maxclust"))
        shares = np.sort(_add_up(labels, seconds))[::-1]
        if len(shares) >= count and shares[count - 1] >= _GIVEN_SHARE * seconds.sum():
            return labels
    return found if found.max() < count else _to_labels(fcluster(tree, count, "maxclust"))


def _to_labels(clusters: NDArray[np.int32]) -> Labels:
    return clusters.astype(np.int64) - 1


def _add_up(labels: Labels, seconds: Seconds) -> Seconds:
    """The time of each group."""
    return np.bincount(labels, seconds).astype(np.float64)


def _average(heard: _Heard, labels: Labels) -> Points:
    """The mean voice of each group, weighted by the time heard, of length 1."""
    means = np.zeros((labels.max() + 1, heard.points.shape[1]), np.float32)
    np.add.at(means, labels, heard.points * heard.seconds[:, None].astype(np.float32))
    return means / np.linalg.norm(means, axis=1, keepdims=True)


def _assign(
    likeness: NDArray[np.float32], windows: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Pairs of a voice and its speaker; in one window no two voices get the same one.

    Args:
        likeness: (voices, speakers).
        windows: Which window of which span each voice was heard in.
    """
    members: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for index, window in enumerate(windows):
        members[window].append(index)
    pairs: list[tuple[int, int]] = []
    for indexes in members.values():
        rows, columns = linear_sum_assignment(likeness[indexes], maximize=True)
        pairs.extend((indexes[row], int(column)) for row, column in zip(rows, columns, strict=True))
    return pairs


def _number(
    spans: Sequence[Sequence[Voice]], speakers: list[list[int | None]]
) -> list[list[int | None]]:
    """Number the speakers as they first speak."""
    first: dict[int, float] = {}
    for voices, found in zip(spans, speakers, strict=True):
        for voice, speaker in zip(voices, found, strict=True):
            if speaker is not None and voice.runs:
                first[speaker] = min(first.get(speaker, np.inf), voice.runs[0][0])
    order = {speaker: place for place, speaker in enumerate(sorted(first, key=lambda s: first[s]))}
    return [[None if each is None else order[each] for each in found] for found in speakers]
