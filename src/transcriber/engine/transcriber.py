"""The engine's front door: a loaded model that turns recordings, or spans of them, into text."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.compute_types import (
    check_threads,
    choose_compute_type,
    choose_device,
    share_threads,
)
from transcriber.engine.decoding.frugal import FrugalDecoder, OnFewer
from transcriber.engine.decoding.language import (
    MAXIMUM_WINDOWS,
    check_request,
    vote_language,
)
from transcriber.engine.decoding.loaded import LoadedWhisper
from transcriber.engine.decoding.spans import SpanStream
from transcriber.engine.decoding.whisper import WhisperDecoder
from transcriber.engine.errors import OptionsError
from transcriber.engine.gpu import count_decoders, read_free_bytes
from transcriber.engine.media import MediaLimits, open_audio
from transcriber.engine.memory import name_memory_errors
from transcriber.engine.models import prepare_model
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DetectedLanguage, Progress, Span
from transcriber.engine.speakers.voices import Voice
from transcriber.engine.speech.detector import SAMPLE_RATE
from transcriber.engine.speech.regions import find_speech
from transcriber.engine.speech.timeline import SpeechTimeline
from transcriber.engine.staged_models import WEIGHTS_FILE
from transcriber.engine.stream import TranscriptStream

_WINDOW_SAMPLES = 30 * SAMPLE_RATE


class Transcriber:
    """A loaded checkpoint.  Build it with `Transcriber.load`.

    Attributes:
        model: The staged model's name.
        languages: The language codes it knows; only `en` for an English-only checkpoint.
    """

    def __init__(self, loaded: LoadedWhisper, *, model: str, languages: tuple[str, ...]) -> None:
        self._loaded = loaded
        self.model = model
        self.languages = languages

    @classmethod
    def load(
        cls,
        name: str,
        *,
        models_dir: str | Path = "models",
        cache_dir: str | Path | None = None,
        device: str = "auto",
        compute_type: str = "auto",
        threads: int = 0,
        decoders: int | None = None,
    ) -> "Transcriber":
        """Load a staged model, converting it first where that was not done yet.

        Args:
            name: The model's name in `models_dir`, such as `base`.
            models_dir: Where checkpoints are staged.
            cache_dir: Where conversions are kept; None for the user's own place.
            device: `cpu`, `cuda`, or `auto` for a GPU where there is one.
            compute_type: CTranslate2's name, or `auto` for the fastest on the device.
            threads: CPU threads in all; 0 for every core this process may use.
            decoders: Spans that `transcribe` works on at a time, which share the threads: several
                of one thread are faster than one of several.  None for one of each thread on a
                CPU, and on a GPU for as many as its free memory has room for, at most four.

        Raises:
            ModelError: the model is missing, damaged or not loadable; the message names it.  Or the
                machine cannot compute as it was told to (`device_unusable`).
            OutOfMemoryError: the machine has too little memory at present.
        """
        check_threads(threads)
        chosen = choose_compute_type(device, compute_type)
        prepared = prepare_model(name, Path(models_dir), Path(cache_dir) if cache_dir else None)
        device = choose_device(device)
        if decoders is None and device == "cuda":
            stored = (prepared.path / WEIGHTS_FILE).stat().st_size
            decoders = count_decoders(read_free_bytes(), stored, chosen)
        threads, decoders = share_threads(device, threads, decoders)
        loaded = LoadedWhisper(
            prepared.path,
            device=device,
            compute_type=chosen,
            threads=threads,
            decoders=decoders,
        )
        return cls(loaded, model=prepared.name, languages=tuple(prepared.languages))

    def unload(self) -> None:
        """Let the weights go; nothing can be transcribed afterwards."""
        self._loaded.unload()

    @property
    def device(self) -> str:
        """Where the model runs: `cpu` or `cuda`."""
        return self._loaded.device

    @property
    def compute_type(self) -> str:
        """The arithmetic in use, such as `int8_float32`."""
        return self._loaded.compute_type

    @property
    def decoders(self) -> int:
        """How many spans are transcribed at the same time."""
        return self._loaded.decoders

    def check_options(self, options: TranscribeOptions) -> None:
        """Refuse early what this checkpoint cannot honour.

        Raises:
            OptionsError: an unknown language, or a translation by an English-only checkpoint.
        """
        check_request(options, model=self.model, languages=self.languages)

    def transcribe(
        self,
        path: str | Path,
        options: TranscribeOptions | None = None,
        *,
        on_progress: Callable[[Progress], None] | None = None,
        limits: MediaLimits | None = None,
    ) -> TranscriptStream:
        """Transcribe a recording lazily: draw segments from the stream that is returned.

        Args:
            path: A media file.
            options: The request; the defaults detect the language.
            on_progress: Called after every window with how far the work is.
            limits: What a recording may cost; None for the defaults.

        Raises:
            OptionsError: the checkpoint cannot honour the options.
            MediaError: while the stream is drawn, where the recording cannot be decoded.
        """
        options = options or TranscribeOptions()
        self.check_options(options)
        return TranscriptStream(self, lambda: open_audio(path, limits), options, on_progress)

    def detect_language(self, audio: NDArray[np.float32]) -> DetectedLanguage:
        """Tell which language is spoken in a piece of audio (float32, mono, 16 kHz).

        Only its speech is heard, up to three windows of 30 s where the first is not certain.
        Audio without speech gives English with probability 0.
        """
        if len(self.languages) == 1:
            return DetectedLanguage(self.languages[0], 1.0)
        regions = find_speech(audio)
        if not regions:
            return DetectedLanguage("en", 0.0)
        speech = SpeechTimeline(regions).join(audio)[: MAXIMUM_WINDOWS * _WINDOW_SAMPLES]
        with name_memory_errors():
            return vote_language(
                self._loaded.detect_language(speech[start : start + _WINDOW_SAMPLES])
                for start in range(0, len(speech), _WINDOW_SAMPLES)
            )

    def resolve_language(
        self, options: TranscribeOptions, audio: NDArray[np.float32]
    ) -> tuple[TranscribeOptions, DetectedLanguage]:
        """Return options that name a language, detected from `audio` where they named none."""
        if options.language is not None:
            return options, DetectedLanguage(options.language, 1.0)
        detected = self.detect_language(audio)
        may_change = len(self.languages) > 1
        settled = replace(options, language=detected.language, language_may_change=may_change)
        return settled, detected

    def transcribe_span(
        self,
        audio: NDArray[np.float32],
        span: Span,
        options: TranscribeOptions,
        *,
        on_progress: Callable[[float], None] | None = None,
        on_fewer: OnFewer | None = None,
    ) -> SpanStream:
        """Transcribe one span lazily; equal input gives equal output on every worker.

        Where memory runs out it goes on with fewer hypotheses, and only then the output differs.

        Args:
            audio: The span's audio: float32, mono, 16 kHz.
            span: Its place in the recording; segments have the recording's times.
            options: The request, its language resolved.
            on_progress: Called after every window with the recording's time that is done.
            on_fewer: Called with the number of hypotheses that did not fit, and the next one.

        Raises:
            OptionsError: the options name no language, or one the checkpoint does not know.
            OutOfMemoryError: while the stream is drawn, where one hypothesis does not fit either.
        """
        self.check_options(options)
        if options.language is None:
            raise OptionsError("language must be resolved before a span is transcribed.")
        decoder = WhisperDecoder(self._loaded, language=options.language, task=options.task)
        return SpanStream(FrugalDecoder(decoder, on_fewer), audio, span, options, on_progress)

    def hear_voices(
        self,
        audio: NDArray[np.float32],
        span: Span,
        check: Callable[[], None] | None = None,
    ) -> tuple[Voice, ...]:
        """Tell apart the voices of a span; `attribute_recording` makes speakers of a recording's.

        Args:
            audio: The span's audio: float32, mono, 16 kHz.
            span: Its place in the recording.
            check: Called every few seconds of audio; it may raise to stop.

        Raises:
            SpeakersError: this installation lacks what tells them apart.
            OutOfMemoryError: the machine has too little memory at present.
        """
        # Loaded on first use: most recordings never ask who speaks.
        from transcriber.engine.speakers.hearing import hear_voices  # noqa: PLC0415

        return hear_voices(audio, span, check)
