"""Watching the rows of spans while faults happen: claims, and what must never be seen."""

import threading
import time
from dataclasses import dataclass

from chaos.rows import DATABASE_ERRORS, Rows, Span, SpanKey

POLL_SECONDS = 0.2


@dataclass(slots=True)
class Claiming:
    """One attempt at a span: when it was claimed, and until when it was seen to run."""

    started_at: float
    last_seen_at: float
    owner: str | None


class Observer:
    """Polls the spans from a thread.

    Args:
        rows: Where it looks.
        overdue_seconds: How long after its lease's end a span may still be running.
        silence_seconds: Without a heartbeat for this long no worker is there to put it right.
    """

    def __init__(self, rows: Rows, *, overdue_seconds: float, silence_seconds: float) -> None:
        self.claims: dict[tuple[SpanKey, int], Claiming] = {}
        self.violations: dict[str, str] = {}
        self._rows = rows
        self._overdue_seconds = overdue_seconds
        self._silence_seconds = silence_seconds
        self._done: dict[SpanKey, int] = {}
        self._highest: dict[SpanKey, int] = {}
        self._blind_until = 0.0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="observer", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self) -> None:
        """Look a last time and end."""
        self._ending.set()
        self._thread.join(30)

    def find_claim_after(self, key: SpanKey, attempt: int) -> float | None:
        """When a later attempt at the span was claimed, if one was."""
        times = [
            claim.started_at
            for (known, number), claim in list(self.claims.items())
            if known == key and number > attempt
        ]
        return min(times, default=None)

    def _run(self) -> None:
        while not self._ending.is_set():
            self._look()
            self._ending.wait(POLL_SECONDS)
        self._look()

    def _look(self) -> None:
        try:
            spans = self._rows.list_spans()
            beat_at = self._rows.find_last_heartbeat()
        except DATABASE_ERRORS:
            # Nothing could be put right while the database was away.
            self._blind_until = time.time() + self._overdue_seconds
            return
        now = time.time()
        if now - beat_at > self._silence_seconds:
            self._blind_until = now + self._overdue_seconds
        for span in spans:
            self._note(span, now)

    def _note(self, span: Span, now: float) -> None:
        if span.started_at is not None and span.attempt > 0:
            fresh = Claiming(span.started_at, span.started_at, span.owner)
            claim = self.claims.setdefault((span.key, span.attempt), fresh)
            if span.state == "running":
                claim.last_seen_at = now
                claim.owner = span.owner
        if span.attempt < self._highest.get(span.key, 0):
            self._refuse("attempt", span, "its attempt went down")
        self._highest[span.key] = max(span.attempt, self._highest.get(span.key, 0))
        if span.state == "done":
            if self._done.setdefault(span.key, span.attempt) != span.attempt:
                self._refuse("done", span, "it was worked on again after it was done")
        elif span.key in self._done:
            self._refuse("done", span, "it was done and is not any more")
        if span.state == "running":
            self._check_lease(span, now)

    def _check_lease(self, span: Span, now: float) -> None:
        if span.lease_until is None:
            self._refuse("lease", span, "it runs without a lease")
        elif now - span.lease_until > self._overdue_seconds and now > self._blind_until:
            self._refuse("overdue", span, "its lease ran out long ago")

    def _refuse(self, kind: str, span: Span, why: str) -> None:
        job_id, generation, index = span.key
        self.violations[f"{kind} {span.key}"] = (
            f"span {index} of job {job_id} (generation {generation}): {why}"
        )
