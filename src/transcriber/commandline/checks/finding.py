"""What an examination found, and how to mend it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail", "skip"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's report.

    Attributes:
        name: What was examined.
        state: `ok`; `warn`: works, but less well or less safely than it could; `fail`: does not
            work; `skip`: not part of this installation.
        finding: What was found, in words.
        mend: What to do about it; empty where there is nothing to do.
    """

    name: str
    state: State
    finding: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A named examination that is still to be done."""

    name: str
    examine: Callable[[], Iterable[Finding]]


def examine_all(checks: Iterable[Check]) -> Iterator[Finding]:
    """Examine one after another; an examination that breaks is itself a finding."""
    for check in checks:
        try:
            yield from check.examine()
        except Exception as error:  # noqa: BLE001 - the doctor outlives what it examines.
            yield Finding(
                check.name,
                "fail",
                f"it could not be examined ({type(error).__name__}: {error})",
                "Mend what is named here, or install whisper-transcriber again.",
            )
