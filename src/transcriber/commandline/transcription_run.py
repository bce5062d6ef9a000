"""One recording after another through a loaded model; a bad one does not stop the others."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from transcriber.commandline.display import show_duration, show_name
from transcriber.commandline.exit_codes import ExitCode
from transcriber.commandline.failures import CommandError, describe_os_error
from transcriber.commandline.interrupts import raise_interrupts
from transcriber.commandline.pace import Pace
from transcriber.engine.errors import EngineError, ModelError, OptionsError

if TYPE_CHECKING:
    from transcriber.commandline.engine_port import Engine, LoadEngine, ModelChoice
    from transcriber.commandline.outputs import Output
    from transcriber.commandline.reporter import Reporter
    from transcriber.engine.options import TranscribeOptions
    from transcriber.engine.results import Transcript


class TranscriptionRun:
    """The work of one command.

    Attributes:
        delivered: Recordings whose transcripts were written in this run.
        failed: Recordings that gave none.
    """

    def __init__(
        self, output: "Output", reporter: "Reporter", *, skip_delivered: bool = False
    ) -> None:
        self._output = output
        self._reporter = reporter
        self._skip_delivered = skip_delivered
        self.delivered = 0
        self.failed = 0

    def transcribe_all(
        self,
        paths: Sequence[Path],
        load_engine: "LoadEngine",
        choice: "ModelChoice",
        options: "TranscribeOptions",
    ) -> None:
        """Transcribe recordings in order and deliver each as soon as it is whole.

        The model is loaded only when there is something to transcribe.

        Raises:
            OptionsError: the model cannot honour the options, for this or any other recording.
            ModelError: the model is missing or turned out to be unusable.
            CommandError: the user interrupted; what was delivered stays.
        """
        selected = [path for path in paths if self._is_wanted(path)]
        if not selected:
            return
        try:
            self._reporter.begin(f"Loading {show_name(Path(choice.model))}")
            with raise_interrupts():
                engine = load_engine(choice)
            for number, path in enumerate(selected, start=1):
                place = f"[{number}/{len(selected)}] " if len(selected) > 1 else ""
                self._reporter.begin(f"{place}{show_name(path)}")
                self._transcribe(path, engine, options)
        except KeyboardInterrupt:
            raise CommandError(
                f"Interrupted; {self.delivered} of {len(paths)} recordings were transcribed.",
                ExitCode.INTERRUPTED,
            ) from None
        finally:
            self._reporter.end()

    def _is_wanted(self, path: Path) -> bool:
        # Asked before a model is loaded, so that a mistyped name is known at once.
        fault = _find_fault(path) or self._output.find_obstacle(path)
        if fault is not None:
            self._fail(path, fault)
            return False
        if self._skip_delivered and self._output.is_delivered(path):
            self._reporter.note(f"{show_name(path)}: its transcript is there already.")
            return False
        return True

    def _transcribe(self, path: Path, engine: "Engine", options: "TranscribeOptions") -> None:
        pace = Pace()
        try:
            with raise_interrupts():
                stream = engine.transcribe(path, options, on_progress=self._reporter.advance)
                transcript = stream.result()
        except (OptionsError, ModelError):
            # These would meet every other recording too.
            raise
        except EngineError as error:
            self._fail(path, str(error))
            return
        except OSError as error:
            self._fail(path, describe_os_error(error))
            return
        try:
            place = self._output.deliver(path, transcript)
        except BrokenPipeError:
            raise
        except OSError as error:
            reason = error.strerror or error
            self._fail(path, f"its transcript cannot be written: {reason}.")
            return
        except EngineError as error:
            self._fail(path, str(error))
            return
        self.delivered += 1
        if stream.speakers_problem is not None:
            self._reporter.warn(
                f"{show_name(path)}: speakers could not be told apart: {stream.speakers_problem}"
            )
        summary = _summarize(transcript, pace.elapsed_seconds)
        self._reporter.note(f"{show_name(path)}: {summary}{place}")

    def _fail(self, path: Path, sentence: str) -> None:
        self.failed += 1
        self._reporter.warn(f"{show_name(path)}: {sentence}")


def _find_fault(path: Path) -> str | None:
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "there is no such file."
    except OSError as error:
        return f"it cannot be opened: {error.strerror}."
    if stat.S_ISDIR(mode):
        return "this is a directory, not a recording."
    if not os.access(path, os.R_OK):
        return "you may not read this file."
    return None


def _summarize(transcript: "Transcript", elapsed: float) -> str:
    parts = [f"{show_duration(transcript.duration)} of audio in {show_duration(elapsed)}"]
    if transcript.duration:
        parts.append(f"real-time factor {elapsed / transcript.duration:.2f}")
    if transcript.language.probability:
        parts.append(f"language {transcript.language.language}")
    if found := {each.speaker for each in transcript.segments if each.speaker is not None}:
        parts.append("1 speaker" if len(found) == 1 else f"{len(found)} speakers")
    if transcript.dropped:
        parts.append(f"{len(transcript.dropped)} doubtful passages left out")
    return ", ".join(parts)
