"""How every command fails: one sentence on stderr, a documented exit code, no stack trace."""

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from transcriber.commandline.display import show_text
from transcriber.commandline.exit_codes import ExitCode
from transcriber.engine.errors import EngineError, ModelError, OptionsError


class CommandError(Exception):
    """A command cannot go on; the message is one sentence for the reader."""

    def __init__(self, message: str, exit_code: ExitCode) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class SpeakingGroup(TyperGroup):
    """The root command, which turns whatever a command raises into a sentence and a code."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; when whoever read our output left, as `head` does, leave silently."""
        try:
            result = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
        except BrokenPipeError:
            _leave_broken_pipe()
        return result

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run the command line and leave the process; Typer and its test runner call this.

        Raises:
            SystemExit: always, with one of the `ExitCode` values.
        """
        if sys.stderr is None:
            # Whoever closed it wants no messages, which is no reason to do no work.
            sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - to the end.
        # Typer would print several lines and choose the code itself; with this it leaves both.
        extra["standalone_mode"] = False
        try:
            code = super().main(*args, **extra)
        except Exception as error:
            if os.environ.get("TRANSCRIBER_DEBUG"):
                raise
            sentence, code = describe_failure(error)
            typer.echo(show_text(sentence), err=True)
        sys.exit(code if isinstance(code, int) else ExitCode.OK)


def describe_failure(error: Exception) -> tuple[str, int]:
    """Return the sentence and the exit code for anything a command may raise."""
    match error:
        case CommandError():
            return str(error), error.exit_code
        case OptionsError():
            return str(error), ExitCode.USAGE
        case ModelError():
            is_machine = error.code == "device_unusable"
            return str(error), ExitCode.ENVIRONMENT if is_machine else ExitCode.MODEL
        case EngineError() | OSError():
            is_system = isinstance(error, OSError)
            return describe_os_error(error) if is_system else str(error), ExitCode.ENVIRONMENT
        case typer.TyperException():
            return f"{error.format_message().rstrip('.')}; see --help.", error.exit_code
        case _:
            fault = f"{type(error).__name__}: {error}".rstrip(".")
            return (
                f"This is a fault in transcriber ({fault}); set TRANSCRIBER_DEBUG=1 to see where.",
                ExitCode.ENVIRONMENT,
            )


def describe_os_error(error: OSError) -> str:
    """Return one sentence, with the file it is about where the system names one."""
    reason = f"{error.strerror or error}".rstrip(".")
    return f"{error.filename}: {reason}." if error.filename else f"{reason}."


def _leave_broken_pipe() -> NoReturn:
    # Python flushes both streams once more at exit, and would complain about the closed pipe.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.dup2(nowhere, sys.stderr.fileno())
    sys.exit(ExitCode.BROKEN_PIPE)
