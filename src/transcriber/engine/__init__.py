"""A pure library: audio in, transcript out.  No web framework, no database, no network.

The names below load on first use, because the decoding child and the server import parts of
this package and must not pay for (or be exposed to) the model libraries.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transcriber.engine.allocator import tune_allocator
    from transcriber.engine.blas_threads import use_one_blas_thread
    from transcriber.engine.decoding.spans import SpanStream
    from transcriber.engine.errors import EngineError, MediaError, ModelError, OptionsError
    from transcriber.engine.media import MediaLimits, open_audio, probe_media
    from transcriber.engine.models import choose_compute_type, prepare_model
    from transcriber.engine.options import TranscribeOptions
    from transcriber.engine.results import (
        DetectedLanguage,
        DroppedPassage,
        Progress,
        Segment,
        Span,
        SpanResult,
        Transcript,
        Word,
    )
    from transcriber.engine.speech.planner import PlannedSpan, SpanPlanner
    from transcriber.engine.stream import TranscriptStream
    from transcriber.engine.transcriber import Transcriber

_HOMES = {
    "DetectedLanguage": "results",
    "DroppedPassage": "results",
    "EngineError": "errors",
    "MediaError": "errors",
    "MediaLimits": "media",
    "ModelError": "errors",
    "OptionsError": "errors",
    "PlannedSpan": "speech.planner",
    "Progress": "results",
    "Segment": "results",
    "Span": "results",
    "SpanPlanner": "speech.planner",
    "SpanResult": "results",
    "SpanStream": "decoding.spans",
    "TranscribeOptions": "options",
    "Transcriber": "transcriber",
    "Transcript": "results",
    "TranscriptStream": "stream",
    "Word": "results",
    "choose_compute_type": "models",
    "open_audio": "media",
    "prepare_model": "models",
    "probe_media": "media",
    "tune_allocator": "allocator",
    "use_one_blas_thread": "blas_threads",
}

__all__ = [
    "DetectedLanguage",
    "DroppedPassage",
    "EngineError",
    "MediaError",
    "MediaLimits",
    "ModelError",
    "OptionsError",
    "PlannedSpan",
    "Progress",
    "Segment",
    "Span",
    "SpanPlanner",
    "SpanResult",
    "SpanStream",
    "TranscribeOptions",
    "Transcriber",
    "Transcript",
    "TranscriptStream",
    "Word",
    "choose_compute_type",
    "open_audio",
    "prepare_model",
    "probe_media",
    "tune_allocator",
    "use_one_blas_thread",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
