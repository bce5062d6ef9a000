"""Connections to the broker that come back soon after it does."""

from typing import Any

from celery.app.amqp import AMQP

LONGEST_PAUSE_SECONDS = 2.0
"""Celery's own pauses grow to half a minute: workers would sleep on beside a healthy broker."""


class PromptAmqp(AMQP):
    """What Celery takes its connections from."""

    class Connection(AMQP.Connection):
        """Tries again every two seconds for as long as the broker is away."""

        def ensure_connection(self, *arguments: Any, **options: Any) -> object:
            """As Celery's, with another longest pause where the caller names none."""
            return super().ensure_connection(
                *arguments, **{"interval_max": LONGEST_PAUSE_SECONDS, **options}
            )
