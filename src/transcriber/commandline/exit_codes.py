"""What the exit code tells a script (documented in docs/cli.md; never renumbered)."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of every `transcriber` command."""

    OK = 0
    INPUT_FAILED = 1
    USAGE = 2
    MODEL = 3
    ENVIRONMENT = 4
    INTERRUPTED = 130
    BROKEN_PIPE = 141
