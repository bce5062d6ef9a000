"""The decoding child: imports, locks itself down, then reads one file and writes records.

Descriptor 0 is the recording, opened by the parent; descriptor 1 is the pipe to the parent.
Nothing else is open, and after `lock_down` nothing else can be opened.
"""

import json
import os
import signal
import sys
from typing import BinaryIO

from transcriber.engine.errors import MediaError
from transcriber.engine.media import wire
from transcriber.engine.media.decoding import Recording
from transcriber.engine.media.lockdown import lock_down
from transcriber.engine.media.warmup import warm_up

MEDIA_FD = 0
PIPE_FD = 1


def main(arguments: str) -> None:
    """Run one request and leave without any clean-up that would need system calls."""
    request = json.loads(arguments)
    warm_up()
    layers = lock_down(
        cpu_seconds=int(request["cpu_seconds"]),
        address_space_bytes=int(request["address_space_bytes"]),
    )
    stall_seconds = float(request["stall_seconds"])
    signal.setitimer(signal.ITIMER_REAL, stall_seconds)
    if request["mode"] == "report":
        _write(wire.pack_fields(wire.REPORT, layers=layers), stall_seconds)
    else:
        with open(MEDIA_FD, "rb", buffering=0, closefd=False) as raw:
            _serve(raw, request, layers, stall_seconds)
    os._exit(0)


def _serve(
    raw: BinaryIO, request: dict[str, object], layers: dict[str, str], stall_seconds: float
) -> None:
    try:
        recording = Recording(raw)
        info = recording.info
        described = {name: getattr(info, name) for name in info.__slots__}
        header = wire.pack_fields(wire.INFO, **described, layers=layers)
        blocks = recording.decode(float(str(request["max_duration_seconds"])))
        first = next(blocks, b"")
        _write(header + wire.pack_record(wire.AUDIO, first), stall_seconds)
        if request["mode"] == "decode":
            for block in blocks:
                _write(wire.pack_record(wire.AUDIO, block), stall_seconds)
        summary = recording.summarize()
        described = {name: getattr(summary, name) for name in summary.__slots__}
        _write(wire.pack_fields(wire.END, **described), stall_seconds)
    except MediaError as refusal:
        _write(
            wire.pack_fields(wire.REFUSAL, code=refusal.code, message=str(refusal)), stall_seconds
        )
    except MemoryError:
        message = "needs more memory to decode than a recording may take."
        _write(wire.pack_fields(wire.REFUSAL, code="unreadable", message=message), stall_seconds)


def _write(record: bytes, stall_seconds: float) -> None:
    # The kernel ends a child that works too long without a block, even when its parent is gone;
    # waiting for a slow reader is not work.  A vanished reader ends it through SIGPIPE.
    signal.setitimer(signal.ITIMER_REAL, 0)
    view = memoryview(record)
    while view:
        view = view[os.write(PIPE_FD, view) :]
    signal.setitimer(signal.ITIMER_REAL, stall_seconds)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    main(sys.argv[1])
