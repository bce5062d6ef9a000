"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime


class MovedClock:
    """Calling it tells the time, as calling the machine's does."""

    def __init__(self, now: datetime = datetime(2027, 3, 1, 12, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now
