"""What is found out about a staged model; apart from the libraries that find it out."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ModelReport:
    """What validation found out about a staged model.

    Attributes:
        name: The staged model's name.
        path: The checkpoint or directory.
        size_bytes: Of the checkpoint or `model.bin`.
        sha256: Of the same file; None when it cannot be read.
        official: Whether it is OpenAI's file of that name; None when OpenAI has none of that name.
        converted: Whether it can be loaded without converting it first.
        languages: How many it transcribes; 0 when it is unusable.
        warning: One sentence on what is unusual but usable, or None.
        problem: One sentence on what makes it unusable, or None.
        code: The problem's stable code, or None.
    """

    name: str
    path: Path
    size_bytes: int
    sha256: str | None = None
    official: bool | None = None
    converted: bool = False
    languages: int = 0
    warning: str | None = None
    problem: str | None = None
    code: str | None = None
