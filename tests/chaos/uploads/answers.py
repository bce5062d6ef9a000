"""What the clients of a run were told, and what they should not have been."""

from collections import Counter
from threading import Lock


class Answers:
    """What all clients of a run were told."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.problems: list[str] = []
        self._lock = Lock()

    def note_status(self, status: int) -> None:
        """Count an answer."""
        with self._lock:
            self.statuses[status] += 1

    def note_problem(self, text: str) -> None:
        """Keep what must not have happened."""
        with self._lock:
            self.problems.append(text)
