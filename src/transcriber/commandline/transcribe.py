"""`transcriber transcribe`: recordings in, transcripts out, with no server."""

import sys
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

import typer

from transcriber.commandline import transcribe_arguments as arguments
from transcriber.commandline.engine_port import LoadEngine, ModelChoice
from transcriber.commandline.exit_codes import ExitCode
from transcriber.commandline.model_locations import DEFAULT_MODELS_DIR, CacheDir, ModelsDir
from transcriber.commandline.outputs import choose_output
from transcriber.commandline.reporter import open_reporter
from transcriber.commandline.transcription_run import TranscriptionRun
from transcriber.engine.options import Speakers, TranscribeOptions
from transcriber.formats import SubtitleOptions

_DEFAULTS = TranscribeOptions()
_SUBTITLE = SubtitleOptions()

_Options = TypeVar("_Options", TranscribeOptions, SubtitleOptions, ModelChoice)


def add_transcribe(cli: typer.Typer, load_engine: LoadEngine) -> None:
    """Add the command to the application.

    Args:
        cli: The application.
        load_engine: Loads a model; tests give one that needs no weights.
    """

    def transcribe(
        files: arguments.Files,
        *,
        model: arguments.Model = "base",
        models_dir: ModelsDir = DEFAULT_MODELS_DIR,
        model_cache_dir: CacheDir = None,
        language: arguments.Language = None,
        task: arguments.Task = _DEFAULTS.task,
        format_names: arguments.Formats = None,
        output_dir: arguments.OutputDir = None,
        keep_existing: arguments.KeepExisting = False,
        quiet: arguments.Quiet = False,
        word_timestamps: arguments.WordTimestamps = _DEFAULTS.word_timestamps,
        speakers: arguments.SpeakerCount = None,
        beam_size: arguments.BeamSize = _DEFAULTS.beam_size,
        initial_prompt: arguments.InitialPrompt = None,
        hotwords: arguments.Hotwords = None,
        condition_on_previous_text: arguments.ConditionOnPreviousText = (
            _DEFAULTS.condition_on_previous_text
        ),
        vad_filter: arguments.VadFilter = _DEFAULTS.vad_filter,
        device: arguments.Device = "auto",
        compute_type: arguments.ComputeType = "auto",
        threads: arguments.Threads = 0,
        max_line_length: arguments.MaxLineLength = _SUBTITLE.max_line_length,
        max_line_count: arguments.MaxLineCount = _SUBTITLE.max_line_count,
        max_characters_per_second: arguments.ReadingSpeed = _SUBTITLE.max_characters_per_second,
        min_cue_seconds: arguments.MinCueSeconds = _SUBTITLE.min_cue_seconds,
        max_cue_seconds: arguments.MaxCueSeconds = _SUBTITLE.max_cue_seconds,
        min_gap_seconds: arguments.MinGapSeconds = _SUBTITLE.min_gap_seconds,
    ) -> None:
        """Transcribe recordings on this machine.

        One recording in one format goes to standard output; with several recordings, several
        formats or --output-dir each transcript becomes a file, beside its recording or in that
        directory.
        """
        # The arguments bear the names of the options' fields, so that each is named once only.
        given = locals() | {"speakers": _read_speakers(speakers)}
        paths = list(dict.fromkeys(files))
        subtitle = _pick(SubtitleOptions, given)
        output = choose_output(paths, format_names or ["txt"], subtitle, output_dir)
        with open_reporter(sys.stderr, is_quiet=quiet) as reporter:
            run = TranscriptionRun(output, reporter, skip_delivered=keep_existing)
            run.transcribe_all(
                paths, load_engine, _pick(ModelChoice, given), _pick(TranscribeOptions, given)
            )
        if run.failed:
            raise typer.Exit(ExitCode.INPUT_FAILED)

    cli.command()(transcribe)


def _read_speakers(text: str | None) -> Speakers | None:
    if text is None or text == "auto":
        return text
    if not text.isascii() or not text.isdigit():
        raise typer.BadParameter(
            f"it must be auto or a number, not {text!r}.", param_hint="--speakers"
        )
    return int(text)


def _pick(kind: type[_Options], given: Mapping[str, Any]) -> _Options:
    return kind(**{each.name: given[each.name] for each in fields(kind) if each.name in given})
