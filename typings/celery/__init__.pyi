from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from celery.app.amqp import AMQP
from celery.bootsteps import StartStopStep

_Call = TypeVar("_Call", bound=Callable[..., Any])

class _Connection(Protocol):
    def connect(self) -> object: ...
    def ensure_connection(
        self, *, max_retries: int | None = ..., timeout: float | None = ...
    ) -> object: ...

class _Configuration:
    def update(self, **values: Any) -> None: ...
    def __getattr__(self, name: str) -> Any: ...

class _Worker(Protocol):
    exitcode: int | None
    def start(self) -> None: ...

class Celery:
    conf: _Configuration
    steps: dict[str, set[type[StartStopStep]]]
    def __init__(
        self, main: str, *, broker: str, amqp: type[AMQP] = ..., set_as_current: bool = ...
    ) -> None: ...
    def connection_for_write(
        self,
        *,
        connect_timeout: float | None = ...,
        transport_options: Mapping[str, Any] | None = ...,
    ) -> AbstractContextManager[_Connection]: ...
    def send_task(
        self,
        name: str,
        *,
        kwargs: Mapping[str, Any],
        retry: bool = ...,
        retry_policy: Mapping[str, float] | None = ...,
        timeout: float | None = ...,
        confirm_timeout: float | None = ...,
    ) -> object: ...
    def task(self, *, name: str, shared: bool = ...) -> Callable[[_Call], _Call]: ...
    def close(self) -> None: ...
    def Worker(self, **options: Any) -> _Worker: ...
