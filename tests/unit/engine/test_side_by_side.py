from collections.abc import Callable, Iterator
from threading import Barrier, Event, current_thread

import numpy as np
import pytest

from transcriber.engine.errors import MediaError
from transcriber.engine.results import Span, SpanResult
from transcriber.engine.side_by_side import transcribe_side_by_side
from transcriber.engine.speech.planner import PlannedSpan

Tell = Callable[[float], None]


def plan(count: int, drawn: list[int] | None = None) -> Iterator[PlannedSpan]:
    """Spans of ten seconds."""
    for index in range(count):
        if drawn is not None:
            drawn.append(index)
        yield PlannedSpan(Span(index, 10.0 * index, 10.0 * index + 10), np.zeros(0, np.float32))


def finish(planned: PlannedSpan) -> SpanResult:
    return SpanResult(planned.span, (), ())


def ignore(seconds: float) -> None:
    del seconds


def test_spans_are_worked_on_side_by_side_and_come_in_their_order() -> None:
    met = Barrier(2, timeout=30)
    second_is_done = Event()

    def transcribe(planned: PlannedSpan, tell: Tell) -> SpanResult:
        if planned.span.index < 2:
            met.wait()
        if planned.span.index == 0:
            assert second_is_done.wait(timeout=30)
        elif planned.span.index == 1:
            second_is_done.set()
        return finish(planned)

    results = transcribe_side_by_side(plan(5), transcribe, 2, ignore)
    assert [result.span.index for result in results] == [0, 1, 2, 3, 4]


def test_no_more_than_one_span_is_planned_ahead() -> None:
    drawn: list[int] = []
    results = transcribe_side_by_side(plan(9, drawn), lambda p, tell: finish(p), 2, ignore)
    next(results)
    assert drawn == [0, 1, 2]
    results.close()


def test_progress_is_told_in_the_callers_thread_and_never_runs_backwards() -> None:
    told: list[float] = []
    threads: set[str] = set()

    def report(seconds: float) -> None:
        told.append(seconds)
        threads.add(current_thread().name)

    def transcribe(planned: PlannedSpan, tell: Tell) -> SpanResult:
        for share in (5, 10):
            tell(planned.span.start + share)
        return finish(planned)

    list(transcribe_side_by_side(plan(6), transcribe, 2, report))
    assert told == sorted(told)
    assert told[-1] == 60
    assert threads == {current_thread().name}


def test_closing_stops_what_is_worked_on_and_begins_nothing_else() -> None:
    begun: list[int] = []
    stopped: list[int] = []
    is_closing = Event()

    def transcribe(planned: PlannedSpan, tell: Tell) -> SpanResult:
        begun.append(planned.span.index)
        if planned.span.index > 0:
            assert is_closing.wait(timeout=30)
            try:
                while True:
                    tell(planned.span.start)
            finally:
                stopped.append(planned.span.index)
        return finish(planned)

    results = transcribe_side_by_side(plan(9), transcribe, 2, lambda seconds: is_closing.set())
    next(results)
    is_closing.set()
    results.close()
    assert sorted(stopped) == [index for index in sorted(begun) if index > 0]
    assert max(begun) <= 2


def test_an_error_comes_after_the_spans_before_it() -> None:
    def transcribe(planned: PlannedSpan, tell: Tell) -> SpanResult:
        if planned.span.index == 2:
            raise ZeroDivisionError
        return finish(planned)

    results = transcribe_side_by_side(plan(9), transcribe, 2, ignore)
    assert [next(results).span.index for _ in range(2)] == [0, 1]
    with pytest.raises(ZeroDivisionError):
        next(results)


def test_a_recording_that_breaks_off_gives_its_good_spans_first() -> None:
    def break_off() -> Iterator[PlannedSpan]:
        yield from plan(2)
        raise MediaError("The recording breaks off.", code="truncated")

    results = transcribe_side_by_side(break_off(), lambda p, tell: finish(p), 3, ignore)
    assert [next(results).span.index for _ in range(2)] == [0, 1]
    with pytest.raises(MediaError, match="breaks off"):
        next(results)
