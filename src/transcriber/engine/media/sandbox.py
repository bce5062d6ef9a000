"""Says which layers of the child's confinement this machine's kernel grants."""

import functools
import logging
import os
from dataclasses import dataclass

from transcriber.engine.media import wire
from transcriber.engine.media.answers import read_layers
from transcriber.engine.media.limits import MediaLimits
from transcriber.engine.media.lockdown import LAYERS
from transcriber.engine.media.process import ChildFailedError, DecodingChild

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SandboxReport:
    """The state of each layer, as a real child met it.

    Attributes:
        layers: Name and state: a text that begins with "active", or why the layer is missing.
    """

    layers: dict[str, str]

    @property
    def missing(self) -> tuple[str, ...]:
        """The layers that are not active, in the order they are applied."""
        return tuple(name for name in LAYERS if not self.layers.get(name, "").startswith("active"))

    @property
    def is_complete(self) -> bool:
        """Whether every layer is active."""
        return not self.missing


def sandbox_report() -> SandboxReport:
    """Start a child that only locks itself down, and return what held.

    A decoder with fewer layers still runs, with the others in place, and logs a warning: an old
    kernel is no reason to transcribe nothing, and an operator can see it here.
    """
    limits = MediaLimits()
    request = {
        "mode": "report",
        "cpu_seconds": limits.probe_cpu_seconds,
        "address_space_bytes": limits.address_space_bytes,
        "stall_seconds": limits.stall_seconds,
    }
    descriptor = os.open(os.devnull, os.O_RDONLY)
    try:
        child = DecodingChild(descriptor, request)
    finally:
        os.close(descriptor)
    try:
        record = child.read_record(limits.probe_timeout_seconds)
    except ChildFailedError as error:
        return _report_failure(str(error))
    else:
        if record is None or record.tag != wire.REPORT:
            return _report_failure(f"the decoder ended with status {child.wait(5.0)}")
        return SandboxReport(read_layers(record.payload))
    finally:
        child.close()


def warn_of_missing_layers(payload: bytes) -> None:
    """Log, once per process and set of layers, that decoding runs with less than everything."""
    try:
        missing = SandboxReport(read_layers(payload)).missing
    except (KeyError, TypeError, ValueError):
        # The header itself is checked next and refused with a proper error.
        return
    if missing:
        _warn_once(missing)


@functools.cache
def _warn_once(missing: tuple[str, ...]) -> None:
    _logger.warning("Media are decoded without these layers: %s.", ", ".join(missing))


def _report_failure(reason: str) -> SandboxReport:
    return SandboxReport(dict.fromkeys(LAYERS, f"unavailable: {reason}"))
