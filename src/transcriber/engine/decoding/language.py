"""Which language is spoken, and which requests a checkpoint can honour."""

from collections import Counter
from collections.abc import Iterable, Sequence

from transcriber.engine.errors import OptionsError
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DetectedLanguage

CONFIDENT_PROBABILITY = 0.5
"""A first window at or above this settles the language (faster-whisper's threshold)."""

MAXIMUM_WINDOWS = 3
"""Otherwise as many windows of 30 s vote."""


def check_request(options: TranscribeOptions, *, model: str, languages: Sequence[str]) -> None:
    """Refuse what the checkpoint cannot do.

    Args:
        options: The request.
        model: The staged model's name, for the message.
        languages: The codes the checkpoint knows; only `en` for an English-only one.

    Raises:
        OptionsError: an unknown language, naming the known ones, or a translation asked of an
            English-only checkpoint.
    """
    if options.task == "translate" and len(languages) == 1:
        raise OptionsError(
            f"task translate needs a multilingual model; {model} knows only {languages[0]}."
        )
    if options.language is not None and options.language not in languages:
        raise OptionsError(
            f"language {options.language!r} is not one that {model} knows: "
            f"{', '.join(sorted(languages))}."
        )


def vote_language(windows: Iterable[Sequence[tuple[str, float]]]) -> DetectedLanguage:
    """Settle the language from the probabilities of one window after the other.

    The first window decides alone when it is confident; else the windows' probabilities are
    averaged, so that a jingle or a greeting in another language does not decide.

    Args:
        windows: For each window, (language, probability) of every language; drawn lazily.
    """
    total: Counter[str] = Counter()
    count = 0
    for probabilities in windows:
        count += 1
        for language, probability in probabilities:
            total[language] += probability  # pyright: ignore[reportArgumentType] -- Counter adds floats, its stub says int.
        language, score = total.most_common(1)[0]
        if score / count >= CONFIDENT_PROBABILITY or count == MAXIMUM_WINDOWS:
            break
    language, score = total.most_common(1)[0]
    return DetectedLanguage(language, round(min(score / count, 1.0), 4))
