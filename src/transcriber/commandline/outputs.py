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
from transcriber.formats import (
    DOCUMENTS,
    FORMATS,
    ExportOptions,
    FileKind,
    SubtitleOptions,
    find_kind,
)
from transcriber.formats.documents import is_installed
from transcriber.formats.writing import write_file

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
    kinds: Sequence[FileKind]
    options: ExportOptions

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
            DocumentError: when one that has pages cannot be made.
        """
        targets = self.plan[path]
        for each in self.kinds:
            selection = each.settle(self.options)
            parts = write_file(each, transcript, path.stem, selection)
            write_atomically(targets[each.extension], parts)
        return f" → {', '.join(show_name(target) for target in targets.values())}"


@dataclass(frozen=True, slots=True)
class StandardOutput:
    """Prints the transcript, for one recording in one format."""

    kind: FileKind
    options: ExportOptions

    def find_obstacle(self, path: Path) -> str | None:  # noqa: ARG002 - the protocol's shape.
        """Only writing tells, unless there is nowhere to write."""
        return "standard output is closed." if sys.stdout is None else None

    def is_delivered(self, path: Path) -> bool:  # noqa: ARG002 - as above.
        """Nothing printed earlier counts."""
        return False

    def deliver(self, path: Path, transcript: "Transcript") -> str:
        """Print the transcript in UTF-8, whatever the locale says.

        Raises:
            DocumentError: when it is one that has pages, and cannot be made.
        """
        selection = self.kind.settle(self.options)
        sys.stdout.buffer.writelines(write_file(self.kind, transcript, path.stem, selection))
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
        format_names: Names of formats; `all` stands for every one that can be written here.
        subtitle: Limits for srt and vtt.
        output_dir: Made when it is missing; None writes each file beside its recording.

    Raises:
        OptionsError: there is no such format.
        CommandError: the directory cannot be made, or what renders a format is not installed.
    """
    kinds = _choose_kinds(format_names)
    options = ExportOptions(subtitle=subtitle)
    if output_dir is None and len(paths) == 1 and len(kinds) == 1:
        return StandardOutput(kinds[0], options)
    if output_dir is not None:
        try:
            output_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(
                f"The output directory {show_name(output_dir)} cannot be made: {error.strerror}.",
                ExitCode.ENVIRONMENT,
            ) from None
    targets = plan_outputs(paths, [each.extension for each in kinds], output_dir)
    return FileOutput(dict(zip(paths, targets, strict=True)), kinds, options)


def _choose_kinds(names: Sequence[str]) -> list[FileKind]:
    if "all" in names:
        return [*FORMATS.values(), *filter(is_installed, DOCUMENTS.values())]
    kinds = [find_kind(name) for name in dict.fromkeys(names)]
    for kind in kinds:
        # Asked before anything is transcribed for nothing.
        if kind.name in DOCUMENTS and not is_installed(kind):
            raise CommandError(
                f"{kind.name} needs the extra `documents`, which is not installed here.",
                ExitCode.ENVIRONMENT,
            )
    return kinds
