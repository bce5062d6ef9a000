"""Spans transcribed side by side in threads, given back in their order."""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event
from typing import Generic, TypeVar

from transcriber.engine.errors import EngineError
from transcriber.engine.speech.planner import PlannedSpan

Result = TypeVar("Result")
TranscribeSpan = Callable[[PlannedSpan, Callable[[float], None]], Result]
"""Transcribes a span; tells the recording's time that it reached."""


class _StoppedError(Exception):
    """Nobody wants the span any more."""


class _Crew(Generic[Result]):
    """The spans that are worked on, in their order, and what is heard of them."""

    def __init__(
        self,
        pool: ThreadPoolExecutor,
        transcribe: TranscribeSpan[Result],
        report: Callable[[float], None],
    ) -> None:
        self._pool = pool
        self._transcribe = transcribe
        self._report = report
        self._is_stopped = Event()
        # A span and the time it reached; None where one ended.
        self._news: SimpleQueue[tuple[int, float] | None] = SimpleQueue()
        self._waiting: deque[tuple[PlannedSpan, Future[Result]]] = deque()
        self._reached: dict[int, float] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def take(self, planned: PlannedSpan) -> None:
        """Have a thread transcribe a span."""
        future = self._pool.submit(self._work, planned)
        # Wakes whoever waits for news, however the span ended.
        future.add_done_callback(lambda _: self._news.put(None))
        self._waiting.append((planned, future))

    def finish_first(self) -> Result:
        """Wait for the first span, telling meanwhile what all of them reach."""
        first, future = self._waiting[0]
        while not (future.done() and self._news.empty()):
            heard = self._news.get()
            if heard is None:
                continue
            index, seconds = heard
            self._reached[index] = seconds
            done = sum(self._reached.get(each.span.index, 0.0) for each, _ in self._waiting)
            self._report(first.span.start + done)
        self._waiting.popleft()
        return future.result()

    def stop(self) -> None:
        """Let what is worked on end at its next batch or window, and begin nothing else."""
        self._is_stopped.set()
        for _, future in self._waiting:
            future.cancel()

    def _work(self, planned: PlannedSpan) -> Result:
        def tell(time: float) -> None:
            if self._is_stopped.is_set():
                raise _StoppedError
            self._news.put((planned.span.index, max(0.0, time - planned.span.start)))

        return self._transcribe(planned, tell)


def transcribe_side_by_side(
    spans: Iterator[PlannedSpan],
    transcribe: TranscribeSpan[Result],
    count: int,
    report: Callable[[float], None],
) -> Generator[Result]:
    """Yield the results of spans in their order, `count` of them being worked on at a time.

    One further span is planned ahead, so at most `count` + 1 are in memory.  Closing the generator
    stops the work at the next batch or window.

    Args:
        spans: Drawn in the caller's thread, as far as needed.
        transcribe: Called in threads.
        count: How many threads.
        report: Called in the caller's thread with the recording's time up to which all is done,
            and what is done behind that added to it.

    Raises:
        EngineError: what planning or transcribing raised, once the spans before it were given.
    """
    with ThreadPoolExecutor(count, thread_name_prefix="span") as pool:
        crew = _Crew(pool, transcribe, report)
        try:
            broken: list[EngineError] = []
            for planned in _draw(spans, broken):
                crew.take(planned)
                if len(crew) > count:
                    yield crew.finish_first()
            while len(crew):
                yield crew.finish_first()
            if broken:
                raise broken[0]
        finally:
            crew.stop()


def _draw(spans: Iterator[PlannedSpan], broken: list[EngineError]) -> Iterator[PlannedSpan]:
    try:
        yield from spans
    except EngineError as error:
        # The spans before the place where a recording breaks off are good.
        broken.append(error)
