"""What is believed: windows that fail every attempt are tried differently or refused."""

from typing import Any

from transcriber.engine.decoding.decoder import Attempt, GenerateSettings, WindowDecoder
from transcriber.engine.decoding.fallback import is_doubtful, is_repetitive, is_silent
from transcriber.engine.decoding.repetition import is_loop
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DropReason

DISBELIEF_MARGIN = 0.5
"""Text this much under `avg_logprob_threshold` after every attempt is dropped.  Between the two
it is kept, as the reference implementation does: hard speech is often right there."""

_RETRY_REPETITION_PENALTY = 1.1
_RETRY_NGRAM_SIZE = 5


def diagnose(attempt: Attempt, options: TranscribeOptions) -> DropReason | None:
    """Name what is wrong with a window's text after the temperature fallback, if anything."""
    if is_silent(attempt, options):
        return "silence"
    if is_repetitive(attempt, options) or is_loop(attempt.text):
        return "repetition"
    if is_doubtful(attempt, options):
        return "low_confidence"
    return None


def retry_differently(decoder: WindowDecoder, encoded: Any, options: TranscribeOptions) -> Attempt:
    """Decode a window again without anything that feeds loops.

    No text before it, no prompt and no hotwords; beam search, with a penalty on repeated
    tokens and no five tokens allowed twice in a row.
    """
    settings = GenerateSettings(
        temperature=0.0,
        beam_size=max(options.beam_size, 2),
        best_of=options.best_of,
        patience=options.patience,
        repetition_penalty=_RETRY_REPETITION_PENALTY,
        no_repeat_ngram_size=_RETRY_NGRAM_SIZE,
    )
    return decoder.generate(encoded, [], None, settings)


def decide(
    decoder: WindowDecoder, encoded: Any, attempt: Attempt, options: TranscribeOptions
) -> tuple[Attempt, DropReason | None]:
    """Return the attempt to use for a window and, where it is refused as a whole, why.

    A repetition that survives the retry is not refused here: its passages are judged one by
    one, since loops often follow good text.
    """
    reason = diagnose(attempt, options)
    if reason is None or reason == "silence":
        return attempt, reason
    retried = retry_differently(decoder, encoded, options)
    retried_reason = diagnose(retried, options)
    if retried_reason is None:
        return retried, None
    better = _prefer(attempt, reason, retried, retried_reason)
    final = diagnose(better, options)
    if final == "silence":
        return better, final
    floor = options.avg_logprob_threshold - DISBELIEF_MARGIN
    return better, "low_confidence" if better.avg_logprob < floor else None


def _prefer(
    first: Attempt, first_reason: DropReason, second: Attempt, second_reason: DropReason
) -> Attempt:
    """Return the attempt that does not loop, else the likelier."""
    if (first_reason == "repetition") != (second_reason == "repetition"):
        return second if first_reason == "repetition" else first
    return max(first, second, key=lambda attempt: attempt.avg_logprob)
