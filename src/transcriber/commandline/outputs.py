"""Where transcripts go: files that were planned, or standard output."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from transcriber.commandline.atomic_file import write_atomically
from transcriber.commandline.display import show_name
from transcriber.commandline.exit_codes import ExitCode
from transcriber.commandline.failures import CommandError
from transcriber.commandline.output_plan import plan_outputs
from transcriber.formats import FORMATS, Format, SubtitleOptions, find_format

if TYPE_CHECKING:
    from transcriber.engine.results import Transcript


# The limit of a file's name on every common Linux file system.
_MAX_NAME_BYTES = 255


class Output(Protocol):
    """Takes each finished transcript."""

    def find_obstacle(self, path: Path) -> str | None:
        """Say in one sentence why this recording's transcript could not be written, if so."""
        ...

    def is_delivered(self, path: Path) -> bool:
        """Whether this recording's transcript is there already."""
        ...

    def deliver(self, path: Path, transcript: "Transcript") -> str:
        """Write the transcript of a recording and say where, in words that follow its name."""
        ...


@dataclass(frozen=True, slots=True)
class FileOutput:
    """Writes every format of a recording to its planned file."""

    plan: Mapping[Path, Mapping[str, Path]]
    formats: Sequence[Format]
    subtitle: SubtitleOptions

    def find_obstacle(self, path: Path) -> str | None:
        """Look before the work is done whether folder and names will take the files."""
        for target in self.plan[path].values():
            if not os.access(target.parent, os.W_OK | os.X_OK):
                return f"the folder {show_name(target.parent)} cannot be written."
            if len(os.fsencode(target.name)) > _MAX_NAME_BYTES:
                return f"the name of {show_name(target)} would be longer than disks allow."
            if target.is_dir():
                return f"{show_name(target)} is a directory, so no transcript can go there."
        return None

    def is_delivered(self, path: Path) -> bool:
        """Whether all planned files of the recording exist."""
        return all(target.exists() for target in self.plan[path].values())

    def deliver(self, path: Path, transcript: "Transcript") -> str:
        """Write the files whole or not at all.

        Raises:
            OSError: when a file cannot be written.
        """
        targets = self.plan[path]
        for each in self.formats:
            write_atomically(targets[each.extension], each.render(transcript, self.subtitle))
        return f" → {', '.join(show_name(target) for target in targets.values())}"


@dataclass(frozen=True, slots=True)
class StandardOutput:
    """Prints the transcript, for one recording in one format."""

    format: Format
    subtitle: SubtitleOptions

    def find_obstacle(self, path: Path) -> str | None:  # noqa: ARG002 - the protocol's shape.
        """Only writing tells, unless there is nowhere to write."""
        return "standard output is closed." if sys.stdout is None else None

    def is_delivered(self, path: Path) -> bool:  # noqa: ARG002 - as above.
        """Nothing printed earlier counts."""
        return False

    def deliver(self, path: Path, transcript: "Transcript") -> str:  # noqa: ARG002 - as above.
        """Print the transcript in UTF-8, whatever the locale says."""
        text = "".join(self.format.render(transcript, self.subtitle))
        sys.stdout.buffer.write(text.encode())
        sys.stdout.flush()
        return ""


def choose_output(
    paths: Sequence[Path],
    format_names: Sequence[str],
    subtitle: SubtitleOptions,
    output_dir: Path | None,
) -> Output:
    """Print one recording in one format; anything else, or an `output_dir`, makes files.

    Args:
        paths: The recordings, each once.
        format_names: Names of formats; `all` stands for every one.
        subtitle: Limits for srt and vtt.
        output_dir: Made when it is missing; None writes each file beside its recording.

    Raises:
        OptionsError: there is no such format.
        CommandError: the directory cannot be made.
    """
    names = list(FORMATS) if "all" in format_names else list(dict.fromkeys(format_names))
    formats = [find_format(name) for name in names]
    if output_dir is None and len(paths) == 1 and len(formats) == 1:
        return StandardOutput(formats[0], subtitle)
    if output_dir is not None:
        try:
            output_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(
                f"The output directory {show_name(output_dir)} cannot be made: {error.strerror}.",
                ExitCode.ENVIRONMENT,
            ) from None
    targets = plan_outputs(paths, [each.extension for each in formats], output_dir)
    return FileOutput(dict(zip(paths, targets, strict=True)), formats, subtitle)
