"""A CTranslate2 Whisper model in memory, and how threads share it."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, RLock
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper.transcribe import WhisperModel
from numpy.typing import NDArray

from transcriber.engine.decoding.decoder import FRAMES_PER_SECOND, WINDOW_FRAMES
from transcriber.engine.errors import ModelError, OutOfMemoryError
from transcriber.engine.memory import is_out_of_memory
from transcriber.engine.speech.detector import SAMPLE_RATE

_SEED = 20_221_206
"""Any constant does; this one is the date of arXiv:2212.04356, Whisper's paper."""


_PADDING_SECONDS = 5
"""Silence after the speech whose language is told, in place of a window filled to 30 s.  Over 83
clips of read speech and the first 2, 4 and 8 s of each, it mistook as many languages as the whole
window, as surely, in two fifths to an eighth of the time; 2 s mistook one more."""


class LoadedWhisper:
    """A CTranslate2 Whisper model in memory: one copy of the weights for all its decoders.

    Safe to share between threads; as many of them as there are decoders compute side by side.

    Args:
        path: A complete CTranslate2 directory.
        device: `cpu`, `cuda` or `auto`.
        compute_type: CTranslate2's name.
        threads: CPU threads of each decoder; 0 for every core.
        decoders: How many calls compute at the same time.

    Raises:
        ModelError: the model cannot be loaded.
        OutOfMemoryError: memory ran out.
    """

    def __init__(
        self, path: Path, *, device: str, compute_type: str, threads: int, decoders: int = 1
    ) -> None:
        self._path = path
        self._arguments = {
            "device": device,
            "compute_type": compute_type,
            "intra_threads": threads,
        }
        self.decoders = decoders
        self._in_use = RLock()
        self._sampling = Lock()
        try:
            self.whisper = WhisperModel(
                str(path),
                device=device,
                compute_type=compute_type,
                cpu_threads=threads,
                num_workers=decoders,
                local_files_only=True,
            )
        except (MemoryError, RuntimeError, ValueError) as error:
            if is_out_of_memory(error):
                raise OutOfMemoryError(f"Memory ran out while {path} was loaded.") from error
            raise ModelError(f"{path} cannot be loaded by CTranslate2: {error}") from error

    @property
    def device(self) -> str:
        """Where the model runs: `cpu` or `cuda`."""
        return str(self.whisper.model.device)

    @property
    def compute_type(self) -> str:
        """The arithmetic in use, such as `int8_float32`."""
        return str(self.whisper.model.compute_type)

    @contextmanager
    def use(self) -> Generator[Any]:
        """Lend the model.  A single decoder is lent to one thread at a time."""
        if self.decoders > 1:
            yield self.whisper.model
            return
        with self._in_use:
            yield self.whisper.model

    @contextmanager
    def sample(self) -> Generator[Any]:
        """Lend a model that samples from the same random state as in a fresh process.

        CTranslate2 keeps one random generator per model thread and seeds it only when the
        thread first draws: `set_random_seed` has no effect on a thread that has drawn.  A new
        model has new threads.  A single decoder is replaced by one, its weights let go first,
        so that memory does not hold both.  Several decoders go on beside a model of one thread
        that is there for the sampling alone, one at a time.
        """
        ctranslate2.set_random_seed(_SEED)
        if self.decoders > 1:
            with self._sampling:
                yield self._build()
            return
        with self._in_use:
            self.whisper.model.unload_model()
            self.whisper.model = self._build()
            yield self.whisper.model

    def unload(self) -> None:
        """Let the weights go."""
        with self.use() as model:
            model.unload_model()

    def _build(self) -> Any:
        return ctranslate2.models.Whisper(str(self._path), **self._arguments)

    def detect_language(self, audio: NDArray[np.float32]) -> list[tuple[str, float]]:
        """Return every language with its probability, likeliest first, from at most 30 s."""
        whisper = self.whisper
        padded = np.pad(audio, (0, _PADDING_SECONDS * SAMPLE_RATE))
        frames = min(WINDOW_FRAMES, len(padded) * FRAMES_PER_SECOND // SAMPLE_RATE)
        features = whisper.feature_extractor(padded)[:, :frames]
        with self.use() as model:
            results: list[tuple[str, float]] = model.detect_language(whisper.encode(features))[0]
        # Tokens look like <|en|>.
        return [(token[2:-2], probability) for token, probability in results]
