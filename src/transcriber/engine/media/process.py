"""Starts the decoding child, reads its records with a deadline, and always ends it."""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

from transcriber.engine.media import wire

CHILD_MODULE = "transcriber.engine.media.child"
_READ_BYTES = 1 << 16

# Nothing of the parent's environment reaches the child: no secrets, no loader or Python settings.
_ENVIRONMENT = {"LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class ChildFailedError(Exception):
    """The child ended, stalled or wrote nonsense instead of answering."""


class ChildStalledError(ChildFailedError):
    """Nothing arrived within the deadline."""


@dataclass(frozen=True, slots=True)
class Record:
    """One message of the child: a tag of `wire` and its payload."""

    tag: bytes
    payload: bytes


class DecodingChild:
    """One child process in a session of its own, with the recording as its standard input."""

    def __init__(self, media_fd: int, request: dict[str, Any]) -> None:
        # A process group of its own, so that one signal ends whatever there is to end.
        self._process = subprocess.Popen(  # noqa: S603 - our own module, arguments as one JSON text
            [sys.executable, "-I", "-m", CHILD_MODULE, json.dumps(request)],
            stdin=media_fd,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
            bufsize=0,
        )
        if self._process.stdout is None:
            raise ChildFailedError("The decoder has no pipe.")
        self._pipe = self._process.stdout
        self._pending = bytearray()

    @property
    def pid(self) -> int:
        """The child's process id, which is also its process group."""
        return self._process.pid

    def read_record(self, timeout_seconds: float) -> Record | None:
        """Return the next record, or None when the child closed its pipe between two records.

        Raises:
            ChildStalledError: no complete record within the deadline.
            ChildFailedError: the bytes are no record.
        """
        deadline = time.monotonic() + timeout_seconds
        if not self._fill(wire.HEADER.size, deadline):
            return None
        tag, length = wire.HEADER.unpack_from(self._pending)
        if not wire.is_acceptable_length(tag, length):
            raise ChildFailedError("the decoder wrote something that is not a record")
        end = wire.HEADER.size + length
        if not self._fill(end, deadline):
            return None
        payload = bytes(self._pending[wire.HEADER.size : end])
        del self._pending[:end]
        return Record(tag, payload)

    def wait(self, timeout_seconds: float) -> int:
        """Return the exit status once the pipe is closed; negative is the signal that ended it."""
        try:
            return self._process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            self.close()
            return -signal.SIGKILL

    def close(self) -> None:
        """End the process group at once and collect the child; calling it again is harmless."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()
        self._pipe.close()

    def _fill(self, wanted: int, deadline: float) -> bool:
        while len(self._pending) < wanted:
            remaining = deadline - time.monotonic()
            poller = select.poll()
            poller.register(self._pipe, select.POLLIN)
            if remaining <= 0 or not poller.poll(remaining * 1000):
                raise ChildStalledError("the decoder made no progress")
            received = os.read(self._pipe.fileno(), _READ_BYTES)
            if not received:
                return False
            self._pending += received
        return True
