"""Whether the machine has the memory that a model needs, asked before anything is loaded."""

from typing import Protocol

import structlog

from transcriber.engine.compute_types import choose_compute_type, choose_device
from transcriber.engine.errors import ModelError
from transcriber.engine.memory import MEBIBYTE, describe_bytes, estimate_memory
from transcriber.engine.staged_models import find_model
from transcriber.infra.machine_memory import read_machine_memory
from transcriber.infra.memory_ledger import MemoryLedger, Room
from transcriber.infra.settings import Settings

_log = structlog.stdlib.get_logger(__name__)


class MemoryShortageError(ModelError):
    """The model needs more memory than this worker may have at present.

    Attributes:
        need_bytes: What the model needs.
        room: What there is.
    """

    default_code = "memory_short"

    def __init__(self, need_bytes: int, room: Room) -> None:
        super().__init__(describe_shortage(need_bytes, [room]))
        self.need_bytes = need_bytes
        self.room = room


class Ledger(Protocol):
    """Where reservations are written down; see `infra.memory_ledger`."""

    def look(self) -> Room:
        """What could be reserved now."""
        ...

    def reserve(self, count: int) -> Room | None:
        """Reserve, or tell what there is."""
        ...

    def release(self) -> None:
        """Give back."""
        ...


class Admission:
    """Reserves memory for the model of this process before it is loaded.

    Args:
        settings: Where models are staged, and what they run on.
        ledger: The machine's; None where the system does not say what memory it has.
    """

    def __init__(self, settings: Settings, ledger: Ledger | None) -> None:
        self._settings = settings
        self._ledger = ledger

    def look(self) -> Room | None:
        """What this worker may have at present, or None where nobody can say."""
        if self._ledger is None:
            return None
        try:
            return self._ledger.look()
        except OSError as error:
            _log.warning("memory_not_read", error=str(error))
            return None

    def find_shortage(
        self, model: str, *, device: str | None = None, compute_type: str | None = None
    ) -> MemoryShortageError | None:
        """Why the model would not be admitted now; None where it may be.

        Raises:
            ModelError: the model is missing, or the device unusable.
        """
        room = self.look()
        need = self.estimate(model, device=device, compute_type=compute_type)
        if room is None or need <= room.free_bytes:
            return None
        return MemoryShortageError(need, room)

    def reserve(self, model: str, *, device: str, compute_type: str) -> None:
        """Reserve what the model needs, in place of what this process had reserved.

        Raises:
            MemoryShortageError: there is less.
            ModelError: the model is missing; or the ledger cannot be used (`memory_short`).
        """
        if self._ledger is None:
            return
        need = self.estimate(model, device=device, compute_type=compute_type)
        try:
            room = self._ledger.reserve(need)
        except OSError as error:
            raise ModelError(
                f"Memory cannot be reserved in {self._settings.memory_ledger_dir}: {error}.",
                code="memory_short",
            ) from error
        if room is not None:
            raise MemoryShortageError(need, room)

    def release(self) -> None:
        """Give back what was reserved."""
        if self._ledger is not None:
            self._ledger.release()

    def estimate(
        self, model: str, *, device: str | None = None, compute_type: str | None = None
    ) -> int:
        """Bytes of main memory that a worker with this model needs.

        A GPU's own memory is not asked for: weights pass through main memory on their way there.

        Raises:
            ModelError: the model is missing, or the device unusable.
        """
        staged = find_model(model, self._settings.models_dir)
        device = choose_device(device or self._settings.device)
        chosen = choose_compute_type(device, compute_type or self._settings.compute_type)
        return estimate_memory(staged.size_bytes, chosen)


def build_admission(settings: Settings) -> Admission:
    """The admission of this worker process; without a ledger where the system is not Linux."""
    try:
        read_machine_memory()
        limit = settings.memory_limit_mb * MEBIBYTE
        ledger = MemoryLedger(settings.memory_ledger_dir, limit_bytes=limit)
    except OSError as error:
        _log.warning("memory_unknown", error=str(error))
        return Admission(settings, None)
    return Admission(settings, ledger)


def describe_shortage(need_bytes: int, rooms: list[Room]) -> str:
    """One sentence on what is needed and what the workers' machines have."""
    need = describe_bytes(need_bytes)
    total = max(room.total_bytes for room in rooms)
    if need_bytes > total:
        return (
            f"The model needs about {need} of memory; no live worker's machine has more than "
            f"{describe_bytes(total)} for it."
        )
    free = describe_bytes(max(room.free_bytes for room in rooms))
    return (
        f"The model needs about {need} of memory; {free} are free on the workers' machines, "
        "and it starts as soon as there is enough."
    )
