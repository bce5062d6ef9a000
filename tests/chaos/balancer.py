"""A proxy's view of several APIs: health checks, and requests to those that passed the last one."""

import threading
import time
from collections.abc import Mapping, Sequence
from itertools import cycle

import httpx

LOOK_SECONDS = 0.25
ANSWER_SECONDS = 60.0


class Balancer:
    """Sends every request once, to an API that was ready when last asked; repeats nothing.

    Args:
        addresses: Of the APIs.
        headers: Sent with every request.
    """

    def __init__(self, addresses: Sequence[str], headers: Mapping[str, str]) -> None:
        self.failures: list[str] = []
        self.answered = 0
        self.slowest_seconds = 0.0
        self._addresses = addresses
        self._turns = cycle(range(len(addresses)))
        self._ready: frozenset[str] = frozenset()
        self._http = httpx.Client(headers=headers, timeout=ANSWER_SECONDS)
        self._closing = threading.Event()
        self._looker = threading.Thread(target=self._look, name="health checks", daemon=True)
        self._looker.start()

    def close(self) -> None:
        """End the health checks and the connections."""
        self._closing.set()
        self._looker.join()
        self._http.close()

    def is_ready(self, address: str) -> bool:
        """Whether requests go to this API now."""
        return address in self._ready

    def ask(
        self, method: str, path: str, *, expected: int, **content: object
    ) -> httpx.Response | None:
        """Send one request; what is not answered as expected is a failure, and gives None."""
        started = time.monotonic()
        address = self._choose()
        if address is None:
            self.failures.append(f"{method} {path}: no API was ready.")
            return None
        try:
            answer = self._http.request(method, address + path, **content)  # type: ignore[arg-type]
        except httpx.TransportError as error:
            self.failures.append(f"{method} {path} at {address}: {error!r}")
            return None
        if answer.status_code != expected:
            self.failures.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
            return None
        self.answered += 1
        self.slowest_seconds = max(self.slowest_seconds, time.monotonic() - started)
        return answer

    def _choose(self) -> str | None:
        ready = self._ready
        for _ in self._addresses:
            address = self._addresses[next(self._turns)]
            if address in ready:
                return address
        return None

    def _look(self) -> None:
        with httpx.Client(timeout=5) as http:
            while not self._closing.wait(LOOK_SECONDS):
                self._ready = frozenset(
                    address for address in self._addresses if _is_ready(http, address)
                )


def _is_ready(http: httpx.Client, address: str) -> bool:
    try:
        return http.get(f"{address}/readyz").is_success
    except httpx.TransportError:
        return False
