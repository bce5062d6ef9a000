"""The Celery application: tokens of work on a broker that may lose them.

Settings follow from measurements: a message held for long is redelivered (Redis) or kills the
channel (RabbitMQ), so a token is acknowledged before its bounded slice of work runs, and what must
not be lost is a row in the database.
"""

from typing import Any

from celery import Celery

from transcriber.infra.broker_connections import PromptAmqp
from transcriber.infra.settings import Settings

QUEUE_NAME = "transcriber"
TASK_NAME = "transcriber.run"
CONNECT_TIMEOUT_SECONDS = 1.0
# Longer than the one second the Redis consumer blocks for, or an idle worker would look dead.
SOCKET_TIMEOUT_SECONDS = 5.0


def build_celery(settings: Settings) -> Celery:
    """The application both sides share: the API publishes with it, the worker consumes with it."""
    app = Celery(
        "transcriber",
        broker=settings.resolved_broker_url,
        amqp=PromptAmqp,
        set_as_current=False,
    )
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_default_queue=QUEUE_NAME,
        task_default_exchange=QUEUE_NAME,
        task_default_routing_key=QUEUE_NAME,
        task_default_delivery_mode="persistent",
        task_acks_late=False,
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        worker_prefetch_multiplier=1,
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        enable_utc=True,
        # The worker is a solo process: a slice of work blocks its loop, so no heartbeat could be
        # kept; TCP and the reconciler find a dead peer.
        broker_heartbeat=0,
        broker_connection_timeout=CONNECT_TIMEOUT_SECONDS,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options=_choose_transport_options(settings.resolved_broker_url),
    )
    return app


def _choose_transport_options(url: str) -> dict[str, Any]:
    if url.startswith(("amqp", "pyamqp")):
        return {
            "confirm_publish": True,
            "read_timeout": SOCKET_TIMEOUT_SECONDS,
            "write_timeout": SOCKET_TIMEOUT_SECONDS,
        }
    return {
        "socket_timeout": SOCKET_TIMEOUT_SECONDS,
        "socket_connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "socket_keepalive": not url.startswith("redis+socket"),
        # A token is never held, so nothing is restored but what a killed worker had just taken.
        "visibility_timeout": 60,
        "unacked_restore_interval": 30,
    }
