"""What the commands ask of the engine, so that tests can give them another one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from transcriber.engine.options import TranscribeOptions
    from transcriber.engine.results import Progress, Segment, Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """Which model to load, from where, and how to run it.

    Attributes:
        model: The staged model's name.
        models_dir: Where models are staged.
        model_cache_dir: Where converted checkpoints are kept; None for the user's own place.
        device: `auto`, `cpu` or `cuda`.
        compute_type: `auto` or one of CTranslate2's types.
        threads: CPU threads; 0 uses every core.
    """

    model: str
    models_dir: Path
    model_cache_dir: Path | None
    device: str
    compute_type: str
    threads: int


class SegmentStream(Protocol):
    """Segments as they are ready, then the whole result."""

    @property
    def speakers_problem(self) -> str | None:
        """Why speakers that were asked for are missing, once all is drawn."""
        ...

    def __iter__(self) -> Iterator["Segment"]:
        """Yield the segments that were not drawn yet."""
        ...

    def result(self) -> "Transcript":
        """Draw what is left and return the whole."""
        ...


class Engine(Protocol):
    """A loaded model."""

    def transcribe(
        self,
        path: Path,
        options: "TranscribeOptions",
        *,
        on_progress: "Callable[[Progress], None]",
    ) -> SegmentStream:
        """Transcribe one recording lazily."""
        ...


LoadEngine = Callable[[ModelChoice], Engine]
