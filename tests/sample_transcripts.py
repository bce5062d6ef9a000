"""Transcripts for tests of formats and of the command line, built by hand and by Hypothesis."""

from hypothesis import strategies as st

from transcriber.engine.results import (
    DetectedLanguage,
    DroppedPassage,
    Segment,
    Transcript,
    Word,
)


def build_segment(start: float, end: float, text: str, words: tuple[Word, ...] = ()) -> Segment:
    return Segment(
        start=start,
        end=end,
        text=text,
        avg_logprob=-0.25,
        no_speech_prob=0.01,
        compression_ratio=1.4,
        temperature=0.0,
        words=words,
    )


def build_transcript(*segments: Segment, dropped: tuple[DroppedPassage, ...] = ()) -> Transcript:
    return Transcript(
        language=DetectedLanguage("en", 0.98),
        duration=max((segment.end for segment in segments), default=0.0),
        segments=segments,
        dropped=dropped,
        model="base",
        task="transcribe",
    )


def build_text(*texts: str) -> Transcript:
    """One segment of three seconds per text."""
    return build_transcript(
        *(build_segment(3.0 * i, 3.0 * i + 3.0, text) for i, text in enumerate(texts))
    )


seconds = st.floats(min_value=0, max_value=100_000, allow_nan=False)
# Everything, the awkward made frequent: markup, separators, marks without width, wide characters.
texts = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            [
                "-->", "--->", "\n\n", "\r\n", "\u2028", "\x85", "\x0b", "<i>", "</i", "<c.x>",
                "<script>alert(1)</script>", "< b >", "{\\an8}", "&amp;", "&", "\ud800", "\x00",
                "\x1b[31m", "1", "00:00:01,000 --> 00:00:02,000", "00:01.000 00:02.000", "\ufeff",
                "WEBVTT", "NOTE", "\t", "e\u0301",
                "東京都は、", "「日本」", "한국어", "word", "end.",
                "a-very-long-hyphenated-word-that-does-not-fit-on-any-line-of-text",
            ]
        ),
    ),
    max_size=30,
).map(" ".join)  # fmt: skip
segments = st.lists(
    st.builds(lambda start, length, text: build_segment(start, start + length, text),
              seconds, st.floats(min_value=0, max_value=60), texts),
    max_size=8,
)  # fmt: skip


@st.composite
def timed_segments(draw: st.DrawFn) -> list[Segment]:
    """Segments in order whose words carry times, as the engine gives them."""
    clock, result = 0.0, []
    for _ in range(draw(st.integers(1, 4))):
        words = []
        clock += draw(st.floats(0, 5))
        for text in draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=60)):
            begin = clock + draw(st.sampled_from([0.0, 0.0, 0.1, 1.5]))
            clock = begin + draw(st.sampled_from([0.0, 0.1, 0.3, 0.6]))
            words.append(Word(begin, clock, text, 0.9))
        spoken = "".join(word.word for word in words).strip()
        result.append(build_segment(words[0].start, words[-1].end, spoken, tuple(words)))
    return result


WORDS = [" a", " the", " people", " house,", " end.", "-driven", " Gesetzgebung", "東", "京", "。"]
