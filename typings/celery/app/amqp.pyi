from typing import Any

class AMQP:
    class Connection:
        def ensure_connection(self, *arguments: Any, **options: Any) -> object: ...
