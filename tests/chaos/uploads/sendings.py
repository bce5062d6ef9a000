"""The uploads of a run: what shall become of each, and what its client knows of it."""

import base64
import hashlib
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from threading import Lock

SMALLEST_BYTES, LARGEST_BYTES = 2_000_000, 8_000_000
CHUNK_BYTES = (256 * 1024, 512 * 1024, 1024**2)
# An object store takes no smaller parts than of 5 MiB.
S3_LARGEST_BYTES, S3_CHUNK_BYTES = 18_000_000, (5 * 1024**2,)


class Fate(StrEnum):
    """What its client wants of an upload."""

    COMPLETE = "completed"
    CANCEL = "cancelled"
    ABANDON = "abandoned, and expired"
    LATE = "left open, and completed after the collection"


FATES_OF_GIVEN_UP = (Fate.CANCEL, Fate.CANCEL, Fate.ABANDON, Fate.ABANDON, Fate.LATE)


@dataclass(slots=True, kw_only=True)
class Sending:
    """One upload.

    Attributes:
        rng: Every choice of its client comes from here.
        chunks_before_end: After how many chunks it is given up.
        id: As the service named it; empty before.
        sent: How often each chunk's body was begun.
        hits: How many faults struck a request with this chunk, or its connection.
        other_hits: How many struck its other requests.
        busy: How often a chunk was refused because its cut request was still being worked on.
        acknowledged: Chunks that were answered for.
        is_cancelling: Whether its cancellation was asked for.
        job_id: What it has become.
        recording_id: The job's.
    """

    number: int
    fate: Fate
    size_bytes: int
    chunk_bytes: int
    chunks_before_end: int
    announces_digest: bool
    rng: random.Random
    sha256: str = ""
    id: str = ""
    chunk_count: int = 0
    sent: Counter[int] = field(default_factory=Counter[int])
    hits: Counter[int] = field(default_factory=Counter[int])
    other_hits: int = 0
    busy: int = 0
    acknowledged: set[int] = field(default_factory=set[int])
    job_id: str = ""
    recording_id: str = ""
    is_cancelling: bool = False
    is_over: bool = False

    def build_data(self) -> bytes:
        """Its bytes, the same at each call; no other upload has them."""
        data = random.Random(f"bytes of {self.number} {self.size_bytes}").randbytes(self.size_bytes)
        self.sha256 = hashlib.sha256(data).hexdigest()
        return data

    @property
    def resent(self) -> int:
        """How many chunks' bodies were begun once more."""
        return sum(count - 1 for count in self.sent.values())

    def list_excesses(self) -> list[int]:
        """Chunks that were sent again more often than faults struck them."""
        return [number for number, count in self.sent.items() if count - 1 > self.hits[number]]


class Draws:
    """Hands out uploads, one after the other, until there are enough faults.

    Args:
        seed: Of the run.
        is_enough: Asked before each.
        given_up_share: How many of them are not to be completed at once.
        is_s3: Whether an object store takes them.
    """

    def __init__(
        self, seed: str, is_enough: Callable[[], bool], *, given_up_share: float, is_s3: bool
    ) -> None:
        self._seed = seed
        self._is_enough = is_enough
        self._given_up_share = given_up_share
        self._largest = S3_LARGEST_BYTES if is_s3 else LARGEST_BYTES
        self._chunk_bytes = S3_CHUNK_BYTES if is_s3 else CHUNK_BYTES
        self._lock = Lock()
        self.sendings: list[Sending] = []

    def draw(self) -> Sending | None:
        """The next upload, or None once there are enough."""
        with self._lock:
            if self._is_enough():
                return None
            sending = self._build(len(self.sendings))
            self.sendings.append(sending)
        return sending

    def _build(self, number: int) -> Sending:
        rng = random.Random(f"{self._seed} upload {number}")
        size = rng.randint(SMALLEST_BYTES, self._largest)
        chunk = rng.choice(self._chunk_bytes)
        is_given_up = rng.random() < self._given_up_share
        return Sending(
            number=number,
            fate=rng.choice(FATES_OF_GIVEN_UP) if is_given_up else Fate.COMPLETE,
            size_bytes=size,
            chunk_bytes=chunk,
            chunks_before_end=rng.randrange(max(1, size // chunk)),
            announces_digest=rng.random() < 0.5,
            rng=rng,
        )


def build_digest(chunk: bytes) -> str:
    """The chunk's digest as RFC 9530 writes it."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(chunk).digest()).decode()}:"
