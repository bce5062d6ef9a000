"""The voices of a span, as its worker hears them and its row keeps them until the job ends."""

import base64
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import structlog

from transcriber.engine.errors import EngineError
from transcriber.engine.results import Span
from transcriber.engine.speakers.voices import Voice
from transcriber.infra.context import Context
from transcriber.jobs.claims import LeaseLostError
from transcriber.jobs.engines import Audio, SpeechEngine
from transcriber.jobs.heartbeat import CancelRequestedError, DrainRequestedError
from transcriber.jobs.models import StoredVoices
from transcriber.jobs.stages import time_stage

UNEXPECTED = "The worker met an unexpected error; its log has the details."
_log = structlog.stdlib.get_logger(__name__)


def hear_claimed(
    context: Context,
    engine: SpeechEngine,
    audio: Audio,
    span: Span,
    check: Callable[[], None],
) -> StoredVoices:
    """Hear a span's voices; where that fails the span's text stands, and the row says why.

    Args:
        context: The process's parts.
        engine: What hears them.
        audio: The span's audio.
        span: Its place in the recording.
        check: Called every few seconds of audio; what it raises to stop the slice passes.
    """
    try:
        with time_stage(context.meter, context.tracer, "hear_voices"):
            return {"voices": write_voices(engine.hear_voices(audio, span, check))}
    except (LeaseLostError, CancelRequestedError, DrainRequestedError):
        raise
    except EngineError as error:
        _log.warning("voices_not_heard", code=error.code, reason=str(error))
        return {"problem": str(error)}
    except Exception as error:  # noqa: BLE001 -- the text must not be lost for want of its speakers
        _log.error("voices_not_heard", exc_info=error)
        return {"problem": UNEXPECTED}


def write_voices(voices: Sequence[Voice]) -> list[dict[str, Any]]:
    """Voices as JSON members; voiceprints with half the precision, in half the room."""
    return [
        {
            "window": voice.window,
            "runs": [list(run) for run in voice.runs],
            "print": None
            if voice.print is None
            else base64.b64encode(voice.print.astype("<f2").tobytes()).decode(),
        }
        for voice in voices
    ]


def read_voices(stored: StoredVoices | None) -> list[Voice] | None:
    """The inverse of `write_voices`; None where the row has no voices."""
    if stored is None or "voices" not in stored:
        return None
    return [
        Voice(
            window=int(each["window"]),
            runs=tuple((float(start), float(end)) for start, end in each["runs"]),
            print=None
            if each["print"] is None
            else np.frombuffer(base64.b64decode(each["print"]), "<f2").astype(np.float32),
        )
        for each in stored["voices"]
    ]
