"""From a window's passages to segments: in the recording's time, in order, inside the span."""

from transcriber.engine.decoding.decoder import Attempt, Passage
from transcriber.engine.results import Segment, Span, Word
from transcriber.engine.speech.timeline import SpeechTimeline


class SegmentPlacer:
    """Places passages of a span's joined speech; each begins no earlier than the last ended."""

    def __init__(
        self, span: Span, timeline: SpeechTimeline, previous_end: float | None = None
    ) -> None:
        self._span = span
        self._timeline = timeline
        self._previous_end = span.start if previous_end is None else previous_end

    def place_times(self, start: float, end: float) -> tuple[float, float]:
        """Return the recording's times of a passage, inside the span, to the millisecond."""
        start, end = self._timeline.restore(start, end)
        low, high = self._span.start, self._span.end
        start = min(max(self._span.start + start, low), high)
        end = min(max(self._span.start + end, start), high)
        return round(start, 3), round(end, 3)

    def place(self, passage: Passage, attempt: Attempt) -> Segment:
        """Return the segment of a passage."""
        start, end = self.place_times(passage.start, passage.end)
        start = max(start, self._previous_end)
        end = max(start, end)
        self._previous_end = end
        return Segment(
            start=start,
            end=end,
            text=passage.text.strip(),
            avg_logprob=round(attempt.avg_logprob, 4),
            no_speech_prob=round(attempt.no_speech_prob, 4),
            compression_ratio=round(attempt.compression_ratio, 4),
            temperature=attempt.temperature,
            words=self._place_words(passage.words, start, end),
        )

    def _place_words(self, words: tuple[Word, ...], low: float, high: float) -> tuple[Word, ...]:
        placed: list[Word] = []
        for word in words:
            start, end = self.place_times(word.start, word.end)
            start = min(max(start, low), high)
            end = min(max(end, start), high)
            low = end
            placed.append(Word(start, end, word.word, round(word.probability, 4)))
        return tuple(placed)
