"""An engine for the command line's tests that needs no weights: files name their own outcome."""

from collections.abc import Callable, Iterator
from pathlib import Path

from sample_transcripts import build_text
from transcriber.commandline.engine_port import ModelChoice
from transcriber.engine.errors import MediaError, ModelError, OptionsError
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import Progress, Segment, Transcript


class FakeStream:
    def __init__(
        self, path: Path, options: TranscribeOptions, on_progress: Callable[[Progress], None]
    ) -> None:
        self._path = path
        self._on_progress = on_progress
        is_told = options.speakers is not None
        self.speakers_problem = "A network is missing." if is_told else None

    def __iter__(self) -> Iterator[Segment]:
        yield from self.result().segments

    def result(self) -> Transcript:
        content = self._path.read_text()
        if content == "interrupt":
            raise KeyboardInterrupt
        if content == "fault":
            raise ZeroDivisionError("division by zero")
        if content == "broken":
            raise MediaError("This is no recording.")
        self._on_progress(Progress(1.0, None))
        self._on_progress(Progress(3.0, 6.0))
        return build_text(content, "The end.")


class FakeEngine:
    """Transcribes a text file to its own content; some contents stand for failures."""

    def __init__(self) -> None:
        self.choices: list[ModelChoice] = []
        self.options: list[TranscribeOptions] = []

    def load(self, choice: ModelChoice) -> "FakeEngine":
        self.choices.append(choice)
        if choice.model == "absent":
            raise ModelError("The model absent is not staged.", code="model_missing")
        return self

    def transcribe(
        self,
        path: Path,
        options: TranscribeOptions,
        *,
        on_progress: Callable[[Progress], None],
    ) -> FakeStream:
        if options.language == "tlh":
            raise OptionsError("The model base does not know the language 'tlh'.")
        self.options.append(options)
        return FakeStream(path, options, on_progress)
