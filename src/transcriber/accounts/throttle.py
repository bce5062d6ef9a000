"""Slowing down whoever guesses passwords, without locking the account's owner out."""

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from transcriber.accounts.names import fold_name
from transcriber.infra.errors import RateLimitedError

PER_NAME_AND_ADDRESS = parse("10 per 5 minutes")
PER_ADDRESS = parse("100 per 5 minutes")


class LoginThrottle:
    """Counts failed sign-ins in this process.

    The count is per address, and per address and name: never per name alone, because then anyone
    could lock anyone out.
    """

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def check(self, address: str, name: str) -> None:
        """Refuse when this address failed too often.

        Raises:
            RateLimitedError: with Retry-After.
        """
        for limit, keys in self._list_limits(address, name):
            if not self._limiter.test(limit, *keys):
                wait = limit.get_expiry()
                raise RateLimitedError(
                    f"Too many failed sign-ins; try again in {wait // 60} minutes.",
                    headers={"Retry-After": str(wait)},
                )

    def record_failure(self, address: str, name: str) -> None:
        """Count one failed sign-in."""
        for limit, keys in self._list_limits(address, name):
            self._limiter.hit(limit, *keys)

    def _list_limits(
        self, address: str, name: str
    ) -> tuple[tuple[RateLimitItem, tuple[str, ...]], ...]:
        return (
            (PER_NAME_AND_ADDRESS, (address, fold_name(name))),
            (PER_ADDRESS, (address,)),
        )
