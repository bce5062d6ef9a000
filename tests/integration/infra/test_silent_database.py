"""A PostgreSQL that is stopped, with its connections open: nobody waits for it for ever."""

import os
import signal
import time
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from chaos.servers import Postgres
from job_builders import expire_leases, list_spans, must_claim
from service_context import build_settings, open_context
from transcriber.infra.context import Context
from transcriber.infra.database import ANSWER_SECONDS, Database
from transcriber.infra.exit_status import ExitStatus
from transcriber.infra.settings import Settings
from transcriber.jobs.reconciler import reconcile_once
from worker_process import is_transcribing, run_broker, start_worker, submit, wait_for

pytestmark = pytest.mark.postgres
START_SECONDS = 200.0


@pytest.fixture(scope="module")
def server() -> Generator[Postgres]:
    # It runs as a user of its own, who may not enter pytest's folders.
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = Postgres(Path(folder) / "postgres")
        try:
            server.start()
            yield server
        finally:
            server.close()


@pytest.fixture
def settings(server: Postgres, tmp_path: Path) -> Settings:
    server.wipe()
    return build_settings(tmp_path, database_url=server.url, disk_low_water_bytes=0)


def ask(database: Database) -> int:
    with database.snapshot() as session:
        return session.execute(text("SELECT pg_backend_pid()")).scalar_one()


def test_a_command_that_is_not_answered_fails_and_the_next_one_is_sent_elsewhere(
    server: Postgres, settings: Settings
) -> None:
    database = Database(settings.resolved_database_url, answer_seconds=1)
    try:
        began = time.monotonic()
        with database.engine.connect() as connection:
            stopped = connection.scalar(text("SELECT pg_backend_pid()"))
            assert isinstance(stopped, int)
            os.kill(stopped, signal.SIGSTOP)
            with pytest.raises(OperationalError, match="did not answer within 1 s"):
                connection.execute(text("SELECT 1"))
        assert ask(database) != stopped
        assert time.monotonic() - began < 10
        server.stop()
        with pytest.raises(OperationalError):
            ask(database)
        server.cont()
        assert ask(database) > 0
    finally:
        server.cont()
        database.dispose()


def test_a_worker_beside_stopped_backends_learns_that_its_lease_was_lost(
    server: Postgres, settings: Settings
) -> None:
    with (
        open_context(settings) as context,
        run_broker(settings),
        start_worker(settings, "hang") as worker,
    ):
        job_id = submit(context, settings)
        wait_for(lambda: is_transcribing(context, job_id), START_SECONDS)
        context.database.dispose()
        stopped = server.list_backends()
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        try:
            _pass_on(context)
            # The look that hangs, one at another stopped connection, and the time to listen.
            assert worker.wait(3 * ANSWER_SECONDS + 15) == ExitStatus.ABANDONED
        finally:
            for pid in stopped:
                os.kill(pid, signal.SIGCONT)
        assert [span.lease_owner for span in list_spans(context, job_id)] == [None, "heir"]


def test_a_worker_drains_although_its_database_is_stopped(
    server: Postgres, settings: Settings
) -> None:
    with (
        open_context(settings) as context,
        run_broker(settings),
        start_worker(settings, "steps") as worker,
    ):
        job_id = submit(context, settings)
        wait_for(lambda: is_transcribing(context, job_id), START_SECONDS)
        server.stop()
        try:
            began = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(45) in {ExitStatus.DONE, ExitStatus.DRAIN_EXCEEDED}
            assert time.monotonic() - began < 30
        finally:
            server.cont()


def _pass_on(context: Context) -> None:
    expire_leases(context)
    reconcile_once(context)
    assert must_claim(context, "heir").user_id == "alice"
