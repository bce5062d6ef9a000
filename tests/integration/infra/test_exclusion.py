"""One process at a time, for longer than a transaction may last, on both databases."""

import os
import subprocess
import sys
import time

from sqlalchemy import text

from transcriber.infra.context import Context
from transcriber.infra.database import Database
from transcriber.infra.exclusion import hold_alone

HOLD = """
import sys
from transcriber.infra.database import Database
from transcriber.infra.exclusion import hold_alone
from transcriber.infra.settings import Settings
with hold_alone(Database(Settings(_env_file=None).resolved_database_url), "listing") as is_alone:
    print(is_alone, flush=True)
    sys.stdin.read()
"""


def test_a_second_one_is_turned_away_until_the_first_is_done(context: Context) -> None:
    other = Database(context.settings.resolved_database_url)
    with (
        hold_alone(context.database, "listing") as first,
        hold_alone(other, "listing") as second,
        hold_alone(other, "another") as third,
    ):
        assert (first, second, third) == (True, False, True)
    with hold_alone(other, "listing") as second:
        assert second
    other.dispose()


def test_a_killed_holder_holds_nothing_any_more(context: Context) -> None:
    environment = {**os.environ, **context.settings.to_environment()}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "True"
        with hold_alone(context.database, "listing") as is_alone:
            assert not is_alone
        holder.kill()
    assert _wait_until_alone(context)


def test_nobody_waits_for_a_transaction_of_the_holder(context: Context) -> None:
    with hold_alone(context.database, "listing"):
        if context.database.is_sqlite:
            with context.database.unit_of_work() as uow:
                uow.session.execute(text("DELETE FROM outbox"))
            return
        # PostgreSQL ends a transaction that idles for three seconds; this session is in none.
        query = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND state LIKE 'idle in transaction%'"
        )
        with context.database.snapshot() as session:
            assert session.scalar(query) == 0


def _wait_until_alone(context: Context) -> bool:
    for _ in range(100):
        with hold_alone(context.database, "listing") as is_alone:
            if is_alone:
                return True
        # The server notices the closed connection in its own time.
        time.sleep(0.1)
    return False
