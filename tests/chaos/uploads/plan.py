"""What a leg of the run consists of, and what it showed."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from chaos.uploads.remains import Remains
from chaos.uploads.sendings import Sending


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a leg consists of.

    Attributes:
        cuts: Connections that clients cut.
        kills: SIGKILLs of the API.
        disk_faults: Calls on the storage's disk that fail or fall short.
        source: A folder that holds another `transcriber` package, for mutants.
        given_up_share: Of the uploads, how many are cancelled, abandoned or left open.
    """

    name: str
    seed: int
    cuts: int
    kills: int
    disk_faults: int = 0
    given_up_share: float = 0.0
    clients: int = 4
    source: Path | None = None
    storage: Literal["local", "s3"] = "local"
    database: Literal["sqlite", "postgresql"] = "sqlite"

    @property
    def longest_seconds(self) -> float:
        """After this no upload is begun, whatever is still to strike."""
        return 120.0 + 20.0 * self.kills + 4.0 * (self.cuts + self.disk_faults)


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a leg showed.

    Attributes:
        faults: By kind.
        struck: What was in flight when the API was killed.
        matches: Uploads whose recording, read back over HTTP, has the SHA-256 of what was sent.
        jobs: In the table.
        before: What the faults had left before the rounds.
        after: What was left after them.
        rounds: What each round found.
    """

    plan: Plan
    faults: Counter[str] = field(default_factory=Counter[str])
    struck: Counter[str] = field(default_factory=Counter[str])
    sendings: list[Sending] = field(default_factory=list[Sending])
    statuses: Counter[int] = field(default_factory=Counter[int])
    problems: list[str] = field(default_factory=list[str])
    matches: int = 0
    jobs: int = 0
    before: Remains = field(default_factory=Remains)
    after: Remains = field(default_factory=Remains)
    rounds: dict[str, int] = field(default_factory=dict[str, int])
    seconds: float = 0.0
