"""How much a recording may cost before it is refused."""

from dataclasses import dataclass

HOUR_SECONDS = 3600.0
MEBIBYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLimits:
    """Bounds on one decoding child; the defaults let a 17-hour recording pass on a slow core.

    Attributes:
        max_duration_seconds: Audio decoded, whatever the header claims; more is `too_long`.
        cpu_seconds: Processor time of the child (the kernel kills it beyond).
        probe_cpu_seconds: The same for a probe, which decodes about one second of audio.
        address_space_bytes: Virtual memory of the child.
        stall_seconds: Wall time in which the child must produce its next block.
        probe_timeout_seconds: Wall time for the header, and for a whole probe.
    """

    max_duration_seconds: float = 18 * HOUR_SECONDS
    cpu_seconds: int = 7200
    probe_cpu_seconds: int = 20
    address_space_bytes: int = 1024 * MEBIBYTE
    stall_seconds: float = 60.0
    probe_timeout_seconds: float = 30.0
