"""The engine's options as a job stores them: plain JSON, frozen at submission."""

from dataclasses import asdict
from typing import Any

from transcriber.engine.options import TranscribeOptions


def write_options(options: TranscribeOptions) -> dict[str, Any]:
    """Options as JSON members.

    Speakers are only there where they were asked for: workers of a version before know none.
    Whether the language may change follows from whether one was given.
    """
    values = {**asdict(options), "temperature": list(options.temperature)}
    del values["language_may_change"]
    if options.speakers is None:
        del values["speakers"]
    return values


def settle_options(stored: dict[str, Any], language: str) -> TranscribeOptions:
    """Options with the language that the plan gave or detected."""
    may_change = stored["language"] is None
    return read_options({**stored, "language": language, "language_may_change": may_change})


def read_options(stored: dict[str, Any]) -> TranscribeOptions:
    """The inverse of `write_options`.

    Raises:
        OptionsError: when a stored value is one the engine no longer honours.
    """
    values: dict[str, Any] = {**stored, "temperature": tuple(stored["temperature"])}
    return TranscribeOptions(**values)
