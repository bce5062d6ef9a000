"""A client as they should be: one key for each submission, and patience with what may pass."""

import threading
import time
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

import httpx

from chaos.recordings import Recording

MAY_PASS = {429, 502, 503, 504}
PATIENCE_SECONDS = 180.0
PAUSE_SECONDS = 0.3
PASSWORD = "a long password of the chaos run"


class GaveUpError(Exception):
    """The service was away for longer than any fault lasts."""


@dataclass(slots=True, kw_only=True)
class Submission:
    """One acknowledged job and what its client did with it later.

    Attributes:
        acknowledged_at: Seconds since the epoch.
        cancel_answer: Status of its cancellation, when it was asked for.
        retry_answer: Status of its retry, when it was asked for.
    """

    job_id: str
    account: str
    key: str
    recording: Recording
    acknowledged_at: float
    cancel_answer: int | None = None
    retry_answer: int | None = None


@dataclass(slots=True)
class Answers:
    """What the client was told, over the whole run."""

    statuses: Counter[int] = field(default_factory=Counter[int])
    broken_connections: int = 0
    unexpected: list[str] = field(default_factory=list[str])
    longest_seconds: float = 0.0


class Client:
    """HTTP as several accounts; safe to use from several threads.

    Args:
        address: Of the service.
        may_pass: The refusals after which it tries again.
    """

    def __init__(self, address: str, may_pass: Collection[int] = MAY_PASS) -> None:
        self.answers = Answers()
        self.submissions: list[Submission] = []
        self._address = address
        self._may_pass = may_pass
        self._tokens: dict[str, str] = {}
        self._lock = threading.Lock()
        self._http = httpx.Client(base_url=address, timeout=30)

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    @property
    def accounts(self) -> list[str]:
        """The names signed in, but for the administrator's."""
        return sorted(set(self._tokens) - {"admin"})

    def build_headers(self, account: str) -> dict[str, str]:
        """What this account's requests carry; nothing before it signed in."""
        token = self._tokens.get(account)
        return {"Authorization": f"Bearer {token}"} if token else {}

    def sign_in(self, first_password: str, accounts: int) -> None:
        """Sign in as the first administrator, and make and sign in the other accounts."""
        self._sign_in("admin", first_password)
        for number in range(accounts):
            body = {"name": f"user{number}", "password": PASSWORD, "role": "user"}
            self.ask("POST", "/api/admin/accounts", "admin", expected={201}, json=body)
            self._sign_in(f"user{number}", PASSWORD)

    def submit(self, account: str, key: str, recording: Recording) -> Submission:
        """Send a recording until it is acknowledged; only then it counts."""
        answer = self.ask(
            "POST",
            "/jobs/",
            account,
            expected={201},
            files={"file": (recording.name, recording.content)},
            data={"beam_size": "1", "language": "en"},
            headers={"Idempotency-Key": key},
        )
        return Submission(
            job_id=answer.json()["id"],
            account=account,
            key=key,
            recording=recording,
            acknowledged_at=time.time(),
        )

    def keep(self, submission: Submission) -> None:
        """Count an acknowledged submission."""
        with self._lock:
            self.submissions.append(submission)

    def list_submissions(self) -> list[Submission]:
        """What was acknowledged so far."""
        with self._lock:
            return list(self.submissions)

    def cancel(self, submission: Submission) -> int:
        """Ask to cancel; 409 when it had ended."""
        path = f"/jobs/{submission.job_id}/cancel"
        answer = self.ask("POST", path, submission.account, expected={200, 409})
        submission.cancel_answer = answer.status_code
        return answer.status_code

    def retry(self, submission: Submission) -> int:
        """Ask to try again; 409 when an earlier request already did, or it has not ended."""
        path = f"/jobs/{submission.job_id}/retry"
        answer = self.ask("POST", path, submission.account, expected={200, 409})
        submission.retry_answer = answer.status_code
        return answer.status_code

    def read_segments(self, submission: Submission) -> list[tuple[float, float, str]]:
        """The transcript as its owner reads it."""
        path = f"/transcripts/{submission.job_id}"
        answer = self.ask("GET", path, submission.account, expected={200, 404})
        if answer.status_code == 404:
            return []
        return [(each["start"], each["end"], each["text"]) for each in answer.json()["segments"]]

    def read_state(self, submission: Submission) -> str:
        """The job's state as its owner sees it."""
        path = f"/jobs/{submission.job_id}"
        answer = self.ask("GET", path, submission.account, expected={200, 404})
        return str(answer.json().get("state", "missing"))

    def ask(
        self,
        method: str,
        path: str,
        account: str,
        *,
        expected: set[int],
        headers: dict[str, str] | None = None,
        **content: object,
    ) -> httpx.Response:
        """Send one request until its answer is one of `expected`.

        Raises:
            GaveUpError: after three minutes, or on an answer that repeating cannot better.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        sent = dict(headers or {}) | self.build_headers(account)
        while time.monotonic() < deadline:
            answer = self._send(method, path, sent, content)
            if answer is not None:
                if answer.status_code in expected:
                    return answer
                if answer.status_code not in self._may_pass:
                    self._note(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
                    # A client that meets a 500 tries again as well; the checker has its note.
                    if answer.status_code < 500:
                        raise GaveUpError(answer.text)
            time.sleep(PAUSE_SECONDS)
        raise GaveUpError(f"{method} {path} was not answered for {PATIENCE_SECONDS:.0f} s.")

    def _send(
        self, method: str, path: str, headers: dict[str, str], content: dict[str, object]
    ) -> httpx.Response | None:
        started = time.monotonic()
        try:
            answer = self._http.request(method, path, headers=headers, **content)  # type: ignore[arg-type]
        except httpx.TransportError:
            with self._lock:
                self.answers.broken_connections += 1
            return None
        with self._lock:
            self.answers.statuses[answer.status_code] += 1
            taken = time.monotonic() - started
            self.answers.longest_seconds = max(self.answers.longest_seconds, taken)
        return answer

    def _sign_in(self, name: str, password: str) -> None:
        body = {"name": name, "password": password, "kind": "bearer"}
        answer = self.ask("POST", "/auth/login", name, expected={200}, json=body)
        self._tokens[name] = answer.json()["token"]

    def _note(self, text: str) -> None:
        with self._lock:
            self.answers.unexpected.append(text)
