"""From the voices of a recording's spans to segments that have speakers."""

from collections.abc import Sequence

from transcriber.engine.options import Speakers
from transcriber.engine.results import Segment
from transcriber.engine.speakers.attribution import attribute_segments
from transcriber.engine.speakers.grouping import group_voices
from transcriber.engine.speakers.turns import find_turns
from transcriber.engine.speakers.voices import HeardSpan


def attribute_recording(spans: Sequence[HeardSpan], speakers: Speakers) -> list[list[Segment]]:
    """Give the segments of all spans their speakers; where several share one, it is parted.

    Args:
        spans: All spans of the recording, in order.
        speakers: How many people speak, or `auto`.

    Returns:
        The segments of each span.
    """
    count = None if speakers == "auto" else speakers
    numbers = group_voices([each.voices for each in spans], count)
    return [
        attribute_segments(each.segments, find_turns(each.span, each.voices, found))
        for each, found in zip(spans, numbers, strict=True)
    ]
