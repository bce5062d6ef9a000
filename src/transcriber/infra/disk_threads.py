"""Threads for work on disks and object stores, apart from those that serve all other requests."""

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

COUNT = 16
"""Slow storage may keep all of them busy; the other requests have threads of their own."""


class DiskThreads:
    """At most `count` calls at a time; further ones wait their turn without blocking the loop."""

    def __init__(self, count: int = COUNT) -> None:
        self._limiter = CapacityLimiter(count)

    async def run(
        self,
        function: Callable[Parameters, Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Call it in a thread; a request that is cancelled meanwhile still waits for its end."""
        return await to_thread.run_sync(partial(function, *args, **kwargs), limiter=self._limiter)
