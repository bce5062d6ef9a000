from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from fake_speech import SampleDetector, record
from transcriber.engine.speech.planner import PlannedSpan, SpanPlanner
from transcriber.engine.speech.precision import keep_16_bits


def plan(
    audio: NDArray[np.float32], *, vad_filter: bool = True, block: int = 16_000
) -> list[PlannedSpan]:
    planner = SpanPlanner(vad_filter=vad_filter, detector=SampleDetector)
    planned: list[PlannedSpan] = []
    for start in range(0, len(audio), block):
        planned.extend(planner.feed(audio[start : start + block]))
    planned.extend(planner.finish())
    assert planner.received_seconds == pytest.approx(len(audio) / 16_000, abs=0.001)
    return planned


def times(planned: list[PlannedSpan]) -> list[tuple[float, float]]:
    return [(p.span.start, p.span.end) for p in planned]


def test_a_recording_up_to_the_maximum_is_one_span() -> None:
    planned = plan(record((0.9, 70), (0, 10), (0.9, 64)))
    assert times(planned) == [(0, 144)]
    assert len(planned[0].audio) == 144 * 16_000


def test_silence_around_speech_belongs_to_no_span() -> None:
    (planned,) = plan(record((0, 5), (0.9, 10), (0, 5)))
    assert planned.span.start == pytest.approx(4.0, abs=0.05)
    assert planned.span.end == pytest.approx(16.0, abs=0.05)
    assert len(planned.audio) == round((planned.span.end - planned.span.start) * 16_000)


@pytest.mark.parametrize("audio", [record((0, 400)), record((0.4, 30)), np.zeros(0, np.float32)])
def test_without_speech_there_is_no_span(audio: NDArray[np.float32]) -> None:
    assert plan(audio) == []


def test_the_cut_falls_into_the_long_pause_near_the_target() -> None:
    audio = record((0.9, 40), (0, 0.4), (0.9, 22), (0, 1.5), (0.9, 40), (0, 0.4), (0.9, 60))
    first, second = times(plan(audio))
    assert 62.4 < first[1] < 63.9
    assert first[1] <= second[0] < 63.9
    assert second[1] == pytest.approx(164.3, abs=0.001)


def test_a_long_silence_is_left_out_between_spans() -> None:
    first, second = times(plan(record((0.9, 70), (0, 300), (0.9, 30))))
    assert first == (0, pytest.approx(71, abs=0.05))
    assert second == (pytest.approx(369, abs=0.05), pytest.approx(400, abs=0.001))


def test_speech_without_a_pause_is_cut_where_it_is_least() -> None:
    audio = record((0.9, 90), (0.6, 0.5), (0.9, 60))
    first, second = times(plan(audio))
    assert first[1] == second[0]
    assert 90 < first[1] < 90.5


def test_no_span_exceeds_the_maximum_and_indexes_count_up() -> None:
    planned = plan(record((0.9, 1000)))
    assert [p.span.index for p in planned] == list(range(len(planned)))
    assert all(p.span.end - p.span.start <= 145 for p in planned)
    assert sum(len(p.audio) for p in planned) == 1000 * 16_000


def test_without_the_filter_the_spans_cover_everything() -> None:
    audio = record((0, 30), (0.9, 60), (0, 90), (0.9, 33.3), (0, 200))
    planned = plan(audio, vad_filter=False)
    assert np.array_equal(np.concatenate([p.audio for p in planned]), keep_16_bits(audio))
    pairs = times(planned)
    assert pairs[0][0] == 0
    assert all(left[1] == right[0] for left, right in pairwise(pairs))
    assert pairs[-1][1] == pytest.approx(413.3, abs=0.001)


@pytest.mark.parametrize("block", [3_333, 48_000, 10_000_000])
@pytest.mark.parametrize("vad_filter", [True, False])
def test_the_plan_does_not_depend_on_the_blocks(block: int, vad_filter: bool) -> None:  # noqa: FBT001 -- pytest passes parameters by name.
    audio = record((0, 9), (0.9, 80), (0, 1), (0.9, 70), (0, 150), (0.4, 3), (0.9, 200), (0, 3))
    expected = plan(audio, vad_filter=vad_filter)
    found = plan(audio, vad_filter=vad_filter, block=block)
    assert [p.span for p in found] == [p.span for p in expected]
    assert all(np.array_equal(f.audio, e.audio) for f, e in zip(found, expected, strict=True))


def test_the_planner_holds_no_more_than_one_span() -> None:
    planner = SpanPlanner(detector=SampleDetector)
    most = 0
    for _ in range(900):
        planner.feed(record((0.9, 1)))
        most = max(most, len(planner._audio))
    assert most <= 146 * 16_000


def test_a_span_equals_what_is_read_from_stored_samples() -> None:
    audio = record((0, 2), (0.87654321, 65), (0, 3), (0.9, 80.00021))
    stored = np.rint(audio * 32_767).astype("<i2")
    for planned in plan(audio):
        first, last = round(planned.span.start * 16_000), round(planned.span.end * 16_000)
        read = stored[first:last].astype(np.float32) / np.float32(32_767)
        assert np.array_equal(planned.audio, read)
