"""Submissions over the length of a run, and the clients' second thoughts."""

import random
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

from chaos.client import Client, Submission
from chaos.recordings import Recording

CANCELLED_SHARE = 0.12
RETRIED_SHARE = 0.5
REPLAYED_SHARE = 0.25
SENDERS = 3


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one sender does next; the chances are numbers from 0 to 1."""

    number: int
    account: str
    recording: Recording
    replaying: float
    cancelling: float
    retrying: float


class Traffic:
    """Sends recordings at random moments of the run.

    Args:
        client: Who sends.
        recordings: What is sent; the long ones are spread evenly.
        rng: Of the seed.
        prefix: Begins each idempotency key.
    """

    def __init__(
        self, client: Client, recordings: list[Recording], rng: random.Random, prefix: str
    ) -> None:
        self._client = client
        self._recordings = recordings
        self._rng = rng
        self._prefix = prefix
        self._sent = 0
        self._lock = threading.Lock()
        self.replays_that_differed: list[str] = []

    def send_over(self, *, jobs: int, seconds: float) -> None:
        """Send `jobs` recordings within about `seconds`; returns once all are acknowledged."""
        started = time.monotonic()
        moments = sorted(self._rng.random() * seconds for _ in range(jobs))
        # Something to hit from the beginning on.
        moments[: max(1, jobs // 6)] = [0.0] * max(1, jobs // 6)
        running: list[Future[None]] = []
        with ThreadPoolExecutor(SENDERS, thread_name_prefix="sender") as senders:
            for moment in moments:
                time.sleep(max(0.0, started + moment - time.monotonic()))
                running.append(senders.submit(self._send_and_reconsider))
        for each in running:
            each.result()

    def send_one(self, *, account: str | None = None, is_long: bool | None = None) -> Submission:
        """Send one recording and keep its submission; of this account and length, when given."""
        drawn = self._draw()
        if is_long is not None and drawn.recording.is_long != is_long:
            fitting = next(each for each in self._recordings if each.is_long == is_long)
            drawn = replace(drawn, recording=fitting)
        return self._send(replace(drawn, account=account or drawn.account))

    def _draw(self) -> Drawn:
        with self._lock:
            number = self._sent
            self._sent += 1
            recording = self._recordings[number % len(self._recordings)]
            account = self._rng.choice(self._client.accounts)
            chances = (self._rng.random(), self._rng.random(), self._rng.random())
        return Drawn(number, account, recording, *chances)

    def _send(self, drawn: Drawn) -> Submission:
        key = f"{self._prefix}-{drawn.number}"
        submission = self._client.submit(drawn.account, key, drawn.recording)
        self._client.keep(submission)
        return submission

    def _send_and_reconsider(self) -> None:
        drawn = self._draw()
        submission = self._send(drawn)
        if drawn.replaying < REPLAYED_SHARE:
            again = self._client.submit(drawn.account, submission.key, drawn.recording)
            if again.job_id != submission.job_id:
                self.replays_that_differed.append(f"{submission.job_id} {again.job_id}")
        if drawn.cancelling < CANCELLED_SHARE:
            time.sleep(drawn.retrying * 4)
            if self._client.cancel(submission) == 200 and drawn.retrying < RETRIED_SHARE:
                self._retry(submission)

    def _retry(self, submission: Submission) -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            # A running job is cancelled at its next segment, or by the reconciler.
            if self._client.read_state(submission) == "cancelled":
                self._client.retry(submission)
                return
            time.sleep(0.5)
