from typing import Any

class StartStopStep:
    requires: tuple[str, ...]
    def stop(self, parent: Any) -> None: ...
