"""`transcriber serve`: the API, the web application, the workers and, if none is named, a broker.

One command, one process tree: the children end with it, even when it is killed.
"""

import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from types import FrameType

import structlog
import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from transcriber.accounts.first_admin import create_first_admin
from transcriber.accounts.passwords import IssuedPassword
from transcriber.app import create_app
from transcriber.infra.broker import plan_broker, prepare_private_directory
from transcriber.infra.client_connection import ExposeConnection
from transcriber.infra.context import Context, build_context
from transcriber.infra.errors import StartupError
from transcriber.infra.impatient_protocol import ImpatientProtocol
from transcriber.infra.listening import listen
from transcriber.infra.logging import configure_logging
from transcriber.infra.serve_lock import hold_data_directory
from transcriber.infra.settings import Settings
from transcriber.infra.supervisor import ChildPlan, Supervisor
from transcriber.migrations.apart import UpgradeError, upgrade_apart
from transcriber.migrations.head import is_at_head
from transcriber.worker_pool import plan_workers

API_DRAIN_SECONDS = 8
"""How long requests under way may take after SIGTERM; the exit, goodbyes included, takes 10 s."""

_log = structlog.stdlib.get_logger(__name__)


def run_serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then stop everything in order.

    Raises:
        StartupError: what keeps the service from starting, in one sentence.
    """
    configure_logging(settings, process="api")
    data_dir = settings.data_dir.resolve()
    prepare_private_directory(data_dir, must_be_private=False)
    # Without embedded parts nothing in the directory belongs to one service alone: objects have
    # names of their own, and several services may share them.
    is_alone = settings.has_embedded_parts
    with (
        hold_data_directory(data_dir) if is_alone else nullcontext(),
        listen(settings.host, settings.port) as listener,
    ):
        context = build_context(settings)
        try:
            first_admin = _prepare_database(context)
            supervisor = Supervisor(plan_children(settings))
            _show_first_admin(first_admin)
            _serve(context, listener, supervisor)
        finally:
            context.close()


def plan_children(settings: Settings) -> list[ChildPlan]:
    """The processes beside the API, in the order of their start.

    Raises:
        StartupError: when the embedded broker is needed and cannot run.
    """
    plans = [plan_broker(settings)] if settings.is_broker_embedded else []
    return plans + plan_workers(settings)


class ApiServer(uvicorn.Server):
    """Uvicorn that says when it listens, and leaves politely when it is asked to stop.

    From the first signal on `draining` is set: `/readyz` fails and every answer closes its
    connection.  After SIGTERM requests are still taken for `delay_seconds`, in which a proxy learns
    to send them elsewhere; a second signal ends that time.

    Args:
        config: Uvicorn's own.
        draining: The process's mark.
        delay_seconds: How long requests are taken after SIGTERM.
        on_listening: Called once requests are accepted.
        on_exit: Called from the signal handler, so that the workers drain beside the API.
        on_shutdown: Called in the event loop before open connections are waited for.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        draining: threading.Event,
        delay_seconds: float,
        *,
        on_listening: Callable[[], None],
        on_exit: Callable[[], None],
        on_shutdown: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._draining = draining
        self._delay_seconds = delay_seconds
        self._on_listening = on_listening
        self._on_exit = on_exit
        self._on_shutdown = on_shutdown
        self._leave_at: float | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self._on_listening()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what never ends by itself, then wait for the rest."""
        self._on_shutdown()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, and tell the rest."""
        self._draining.set()
        self._on_exit()
        if sig == signal.SIGTERM and self._leave_at is None and self._delay_seconds > 0:
            self._leave_at = time.monotonic() + self._delay_seconds
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second; tells whether to stop."""
        if self._leave_at is not None and time.monotonic() >= self._leave_at:
            self.should_exit = True
        return await super().on_tick(counter)


def _serve(context: Context, listener: socket.socket, supervisor: Supervisor) -> None:
    app = create_app(context)
    config = uvicorn.Config(
        ExposeConnection(app),
        http=ImpatientProtocol,
        log_config=None,
        access_log=False,
        # Whom to believe is decided by our own setting, not by uvicorn's default.
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=API_DRAIN_SECONDS,
        timeout_keep_alive=75,
    )
    server = ApiServer(
        config,
        context.draining,
        context.settings.shutdown_delay_seconds,
        on_listening=lambda: _show_address(listener),
        on_exit=supervisor.begin_stop,
        on_shutdown=app.state.streams.close,
    )
    # Uvicorn raises the signal again once it has stopped; there is still work to do then.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ignore_signal)
    supervisor.start()
    try:
        server.run(sockets=[listener])
    finally:
        supervisor.stop()


def _ignore_signal(_number: int, _frame: FrameType | None) -> None:
    """Uvicorn has taken note of it already."""


def _prepare_database(context: Context) -> IssuedPassword | None:
    try:
        if not _is_ready(context):
            for note in upgrade_apart(context.settings):
                _log.info("database_upgraded", note=note)
        return create_first_admin(context)
    except UpgradeError as error:
        raise StartupError(f"The database cannot be used: {error}") from error
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise StartupError(f"The database cannot be used: {cause}") from error


def _is_ready(context: Context) -> bool:
    with context.database.snapshot() as session:
        return is_at_head(session)


def _show_first_admin(first_admin: IssuedPassword | None) -> None:
    # To the terminal only: a log is kept, and read by others.
    if first_admin is not None:
        _show(
            f"First administrator: {first_admin.name}\n"
            f"First password: {first_admin.password}\n"
            "It is shown this once; change it after signing in."
        )


def _show_address(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104 -- compared, not bound
        host = "127.0.0.1"
    shown = f"[{host}]" if ":" in host else host
    _show(f"Whisper Transcriber listens on http://{shown}:{port}")


def _show(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
