"""Temperature fallback: try a window again, ever less certain, until it passes."""

from contextlib import ExitStack
from typing import Any

from transcriber.engine.decoding.decoder import Attempt, GenerateSettings, WindowDecoder
from transcriber.engine.options import TranscribeOptions


def generate_with_fallback(
    decoder: WindowDecoder, encoded: Any, previous_tokens: list[int], options: TranscribeOptions
) -> Attempt:
    """Return the first attempt that passes, else the likeliest that does not repeat itself.

    The order of temperatures and the tests are the reference implementation's
    (`decode_with_fallback` of openai-whisper, arXiv:2212.04356 section 4.5); among attempts
    that all fail, faster-whisper's choice by likelihood is kept.
    """
    failed: list[Attempt] = []
    with ExitStack() as stack:
        is_seeded = False
        for temperature in options.temperature:
            if temperature > 0 and not is_seeded:
                # Samples must not depend on what was sampled for earlier windows or spans.
                stack.enter_context(decoder.sampling())
                is_seeded = True
            settings = build_settings(options, temperature)
            attempt = decoder.generate(encoded, previous_tokens, options.hotwords, settings)
            if is_acceptable(attempt, options) or is_silent(attempt, options):
                return attempt
            failed.append(attempt)
    calm = [attempt for attempt in failed if not is_repetitive(attempt, options)]
    return max(calm or failed, key=lambda attempt: attempt.avg_logprob)


def build_settings(options: TranscribeOptions, temperature: float) -> GenerateSettings:
    """Return the settings that the options ask for at one temperature."""
    return GenerateSettings(
        temperature=temperature,
        beam_size=options.beam_size,
        best_of=options.best_of,
        patience=options.patience,
    )


def is_repetitive(attempt: Attempt, options: TranscribeOptions) -> bool:
    """Say whether the text compresses too well to be speech."""
    return attempt.compression_ratio > options.compression_ratio_threshold


def is_doubtful(attempt: Attempt, options: TranscribeOptions) -> bool:
    """Say whether the model itself found the text unlikely."""
    return attempt.avg_logprob < options.avg_logprob_threshold


def is_silent(attempt: Attempt, options: TranscribeOptions) -> bool:
    """Say whether the window holds no speech: probably silent, and its text unlikely."""
    return attempt.no_speech_prob > options.no_speech_threshold and is_doubtful(attempt, options)


def is_acceptable(attempt: Attempt, options: TranscribeOptions) -> bool:
    """Say whether no further attempt is needed."""
    return not is_repetitive(attempt, options) and not is_doubtful(attempt, options)
