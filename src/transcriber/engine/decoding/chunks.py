"""A span's chunks decoded in batches, each independent of the others, with a guard over each."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.decoding.decoder import (
    FRAMES_PER_SECOND,
    WINDOW_FRAMES,
    Attempt,
    GenerateSettings,
    Passage,
    WindowDecoder,
    WindowSplit,
)
from transcriber.engine.decoding.fallback import build_settings, is_acceptable
from transcriber.engine.decoding.repetition import is_loop
from transcriber.engine.decoding.windows import (
    WindowResult,
    decode_windows,
    encode_prompt,
    has_text,
)
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.speech.chunks import count_speech, drop_start, measure
from transcriber.engine.speech.detector import SAMPLE_RATE
from transcriber.engine.speech.regions import Region
from transcriber.engine.speech.timeline import SpeechTimeline

BATCH_CHUNKS = 10
"""As many chunks as the longest span has."""

BATCH_SECONDS = 175
"""So much sound with its padding, of which the encoder's keys and values are held: ten chunks of
the usual length, and fewer of longer ones.  What the estimate of memory was measured with is told
in docs/operations/sizing.md."""

PADDING_SECONDS = 2
"""Silence after a chunk, in place of a window filled to 30 s: with less the model more often
writes on where nothing is left to say, and more only costs."""

CAREFUL_BEAMS = 5
"""Beams, at least, for a chunk that is doubtful or tripped the guard: the reference
implementation's."""

LEAST_CERTAIN_LOGPROB = -0.35
"""A chunk whose tokens are less likely than this in the mean is doubtful: see docs/performance.md
for what other values gained and cost."""

LEAST_SAMPLED_SECONDS = 3
"""A shorter chunk is tried again without temperatures: samples of a word or two are no likelier,
and cost as much as the text of a minute."""

_MOST_TOKENS_PER_SECOND = 12.0
_MOST_TOKENS_APART = 10
"""More tokens than this for a chunk's length, and so many besides, are no speech: read English
has 4 a second with its timestamps.  A loop in a second of speech is broken off there; the model
would go on for as long as for 30 s."""

_UNHEARD_SECONDS = 0.3
"""Less speech than this after the last passage is its end; more is decoded as a further chunk."""

_LEAST_SETTLED_SECONDS = 0.5
"""A chunk that settles less than this would be decoded again almost as it is."""

_TELLING_SECONDS = 3
_CERTAIN_PROBABILITY = 0.8
"""A chunk of less than so many seconds, or of a language that is less likely than this, is in the
language of the recording: a name or a quotation makes no other one."""

_Chunk = list[Region]


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """One decoded chunk, in times of its joined speech.

    Attributes:
        regions: Where its speech lies in the span's audio.
        windows: What was written; several where the guard had it decoded again.
        rest: The speech at its end that was left out; it is decoded with the next batch.
    """

    regions: list[Region]
    windows: tuple[WindowResult, ...]
    rest: list[Region]

    @property
    def settled_samples(self) -> int:
        """How much of the chunk's speech is done."""
        return measure(self.regions) - measure(self.rest)


@dataclass(frozen=True, slots=True)
class _Span:
    """What every chunk of a span is decoded with."""

    decoder: WindowDecoder
    audio: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    options: TranscribeOptions
    prompt_tokens: list[int]


def decode_chunks(
    decoder: WindowDecoder,
    audio: NDArray[np.float32],
    chunks: list[list[Region]],
    probabilities: NDArray[np.float32],
    options: TranscribeOptions,
) -> Iterator[ChunkResult]:
    """Yield the chunks of a span as they are decoded: in batches, the longest first.

    The batches are made of the span's chunks alone and do not depend on anything else, so that
    equal input gives equal output.

    Args:
        decoder: The model.
        audio: The span's audio: float32, mono, 16 kHz.
        chunks: Regions of each chunk, in samples.
        probabilities: Of speech, for each frame of the audio.
        options: The request.
    """
    tokens = encode_prompt(decoder, options.initial_prompt)
    span = _Span(decoder, audio, probabilities, options, tokens)
    size = max(1, min(BATCH_CHUNKS, decoder.batch_hypotheses // options.beam_size))
    waiting = chunks
    while waiting:
        ordered = sorted(waiting, key=measure, reverse=True)
        rests: list[_Chunk] = []
        while ordered:
            count = min(size, _count_fitting(measure(ordered[0])))
            batch, ordered = ordered[:count], ordered[count:]
            for result in _decode_batch(span, batch):
                if result.rest:
                    rests.append(result.rest)
                yield result
        waiting = rests


def _count_fitting(longest: int) -> int:
    """How many chunks are a batch, all padded as the longest, which has so many samples."""
    return max(1, BATCH_SECONDS * SAMPLE_RATE // (longest + PADDING_SECONDS * SAMPLE_RATE))


def _decode_batch(span: _Span, chunks: list[_Chunk]) -> Iterator[ChunkResult]:
    pieces = [SpeechTimeline(chunk).join(span.audio) for chunk in chunks]
    length = max(map(len, pieces)) + PADDING_SECONDS * SAMPLE_RATE
    frames = min(WINDOW_FRAMES, length * FRAMES_PER_SECOND // SAMPLE_RATE)
    features = [
        span.decoder.extract_features(np.pad(piece, (0, length - len(piece))))[:, :frames]
        for piece in pieces
    ]
    encoded = span.decoder.encode_batch(features)
    most = _bound_tokens(max(map(len, pieces)))
    for decoder, places in _choose_decoders(span, encoded, pieces):
        own = replace(span, decoder=decoder)
        attempts = _write(own, [encoded[place] for place in places], most + 1)
        for place, attempt in zip(places, attempts, strict=True):
            chunk, piece = chunks[place], pieces[place]
            found = _judge(own, chunk, piece, encoded[place], attempt)
            yield found or _decode_whole(own, chunk, piece)


def _choose_decoders(
    span: _Span, encoded: list[Any], pieces: list[NDArray[np.float32]]
) -> list[tuple[WindowDecoder, list[int]]]:
    """Pair decoders with the chunks, by their places, that are in their language."""
    everything = list(range(len(pieces)))
    if not span.options.language_may_change:
        return [(span.decoder, everything)]
    others: dict[str, list[int]] = {}
    for place, (language, probability) in enumerate(span.decoder.tell_languages(encoded)):
        is_long = len(pieces[place]) >= _TELLING_SECONDS * SAMPLE_RATE
        if is_long and probability >= _CERTAIN_PROBABILITY and language != span.options.language:
            others.setdefault(language, []).append(place)
    moved = {place for places in others.values() for place in places}
    rest = [place for place in everything if place not in moved]
    chosen = [(span.decoder, rest)] if rest else []
    return chosen + [(span.decoder.speaking(each), places) for each, places in others.items()]


def _write(span: _Span, encoded: list[Any], most_tokens: int) -> list[Attempt]:
    """Write every chunk's text, and what is unlikely again with beams; the likelier text stays."""
    settings = replace(build_settings(span.options, 0.0), most_tokens=most_tokens)
    attempts = _generate(span, encoded, settings)
    if span.options.beam_size >= CAREFUL_BEAMS:
        return attempts
    doubtful = [
        place
        for place, attempt in enumerate(attempts)
        if attempt.avg_logprob < LEAST_CERTAIN_LOGPROB
    ]
    size = max(1, span.decoder.batch_hypotheses // CAREFUL_BEAMS)
    for start in range(0, len(doubtful), size):
        places = doubtful[start : start + size]
        careful = replace(settings, beam_size=CAREFUL_BEAMS)
        again = _generate(span, [encoded[place] for place in places], careful)
        for place, attempt in zip(places, again, strict=True):
            attempts[place] = max(attempts[place], attempt, key=lambda each: each.avg_logprob)
    return attempts


def _generate(span: _Span, encoded: list[Any], settings: GenerateSettings) -> list[Attempt]:
    return span.decoder.generate_batch(encoded, span.prompt_tokens, span.options.hotwords, settings)


def _judge(
    span: _Span, chunk: _Chunk, piece: NDArray[np.float32], encoded: Any, attempt: Attempt
) -> ChunkResult | None:
    """Return what a chunk's text settles; None where the guard does not let it pass."""
    if not _is_plausible(attempt, len(piece), span.options):
        return None
    frames = int(len(piece) / SAMPLE_RATE * FRAMES_PER_SECOND)
    split = span.decoder.split(attempt, 0, frames)
    settled = _find_end(split, frames)
    rest = drop_start(chunk, round(settled * SAMPLE_RATE))
    if count_speech(rest, span.probabilities) < _UNHEARD_SECONDS:
        rest = []
    if rest and settled < _LEAST_SETTLED_SECONDS:
        return None
    passages = split.passages
    if span.options.times_words and passages:
        passages = span.decoder.time_words(encoded, passages, 0, frames, 0.0)
    kept = tuple(passage for passage in passages if has_text(passage))
    return ChunkResult(chunk, (WindowResult(kept, (), attempt, settled),), rest)


def _is_plausible(attempt: Attempt, samples: int, options: TranscribeOptions) -> bool:
    return (
        is_acceptable(attempt, options)
        and len(attempt.tokens) <= _bound_tokens(samples)
        and not is_loop(attempt.text)
    )


def _bound_tokens(samples: int) -> int:
    """Return how many tokens so much sound may have."""
    return int(samples / SAMPLE_RATE * _MOST_TOKENS_PER_SECOND) + _MOST_TOKENS_APART


def _find_end(split: WindowSplit, frames: int) -> float:
    """Return the time up to which the text covers its chunk; 0 where nothing tells."""
    spoken: list[Passage] = [passage for passage in split.passages if has_text(passage)]
    if not spoken:
        return 0.0
    if split.ends_whole:
        return spoken[-1].end
    # A single passage that was never closed may have broken off anywhere.
    is_open = split.settled_frames >= frames and len(split.passages) == 1
    return 0.0 if is_open else split.settled_frames / FRAMES_PER_SECOND


def _decode_whole(span: _Span, chunk: _Chunk, piece: NDArray[np.float32]) -> ChunkResult:
    """Decode a chunk again in windows of 30 s, with beams, temperatures and judgement."""
    beams = max(span.options.beam_size, CAREFUL_BEAMS)
    options = replace(span.options, beam_size=beams)
    if len(piece) < LEAST_SAMPLED_SECONDS * SAMPLE_RATE:
        options = replace(options, temperature=options.temperature[:1])
    return ChunkResult(chunk, tuple(decode_windows(span.decoder, piece, options)), [])
