from collections.abc import Callable
from typing import Any

class _Signal:
    def connect(self, receiver: Callable[..., Any], *, weak: bool = ...) -> None: ...
    def disconnect(self, receiver: Callable[..., Any]) -> None: ...

worker_shutting_down: _Signal
setup_logging: _Signal
