"""Owners for an installation from before ownership, forward and back, over 100,000 jobs."""

from collections import Counter

import pytest
from sqlalchemy import inspect, text

from migration_steps import move
from ownership_rows import ACCOUNTS, BACKFILL, OWNED, find_revision_before, populate
from ownership_traffic import run_traffic
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.head import is_at_head
from transcriber.migrations.ownership.needs import OwnersMissingError
from transcriber.migrations.upgrade import downgrade_database, upgrade_database

MANY = 100_000
FEW = 1_000

Owners = dict[str, Counter[str]]


def read_owners(database: Database) -> Owners:
    with database.snapshot() as session:
        return {
            table: Counter(
                dict(
                    session.execute(
                        text(f"SELECT user_id, count(*) FROM {table} GROUP BY user_id")
                    ).all()
                )
            )
            for table in (*OWNED, "idempotency_keys")
        }


def choose_backfill(settings: Settings, user_id: str | None) -> Settings:
    return settings.model_copy(update={"ownership_backfill_user_id": user_id})


def list_without_owners(database: Database) -> list[str]:
    inspector = inspect(database.engine)
    return [
        table
        for table in OWNED
        if not any(column["name"] == "user_id" for column in inspector.get_columns(table))
    ]


@pytest.mark.timeout(1_200)
def test_many_jobs_get_owners_while_others_work_lose_them_and_get_the_same(
    settings: Settings,
) -> None:
    populate(settings, MANY)
    move(settings, find_revision_before(), is_up=True)
    database = Database(settings.resolved_database_url)
    with run_traffic(database, jobs=MANY) as traffic:
        notes = upgrade_database(choose_backfill(settings, BACKFILL))
    print(*notes, sep="\n")  # noqa: T201 -- the report is what an operator reads
    assert traffic.faults == []
    assert notes[0] == (
        f"Owners of jobs: {MANY - MANY // 100} by the audit trail,"
        f" {MANY // 100} by OWNERSHIP_BACKFILL_USER_ID."
    )
    shared = MANY // 1000
    assert f"{MANY - shared} by their first job, {shared} by OWNERSHIP_BACKFILL" in notes[1]
    assert notes[-1].startswith(f"Recordings with jobs of several accounts: {shared} rows")
    given = read_owners(database)
    assert given["jobs"] == count_submitters()
    assert given["spans"] == given["job_events"] == given["jobs"]
    assert sum(given["segments"].values()) == MANY - MANY // 50
    assert given["idempotency_keys"].total() == MANY // 20

    downgrade_database(settings, find_revision_before())
    assert list_without_owners(database) == list(OWNED)
    upgrade_database(settings)
    assert read_owners(database) == given
    with database.snapshot() as session:
        assert is_at_head(session)
        astray = (
            "SELECT count(*) FROM jobs JOIN recordings ON recordings.id = jobs.recording_id"
            " WHERE jobs.user_id <> recordings.user_id"
        )
        assert session.scalar(text(astray)) == 0
    database.dispose()


def count_submitters() -> Counter[str]:
    return Counter(
        BACKFILL if number % 100 == 0 else f"user{number % ACCOUNTS}" for number in range(MANY)
    )


def test_it_goes_back_to_the_beginning(settings: Settings) -> None:
    populate(settings, FEW)
    upgrade_database(choose_backfill(settings, BACKFILL))
    database = Database(settings.resolved_database_url)
    given = read_owners(database)
    downgrade_database(settings, "0001")
    database.dispose()
    with database.snapshot() as session:
        kept = session.scalar(text("SELECT count(*) FROM jobs WHERE idempotency_key IS NOT NULL"))
    assert kept == FEW // 20
    upgrade_database(settings)
    assert read_owners(database) == given
    database.dispose()


@pytest.mark.parametrize(
    ("chosen", "fault"), [(None, "is not set"), ("nobody", "names no account (nobody)")]
)
def test_rows_of_nobody_are_refused_before_anything_changes(
    settings: Settings, chosen: str | None, fault: str
) -> None:
    populate(settings, FEW)
    with pytest.raises(OwnersMissingError) as refusal:
        upgrade_database(choose_backfill(settings, chosen))
    assert str(refusal.value) == (
        "The audit trail does not tell whose these rows are: 10 of jobs, 1 of recordings; and"
        f" OWNERSHIP_BACKFILL_USER_ID {fault}: set it to the id of the account that shall have"
        " them, such as operator (operator)."
    )
    database = Database(settings.resolved_database_url)
    assert list_without_owners(database) == list(OWNED)
    with database.snapshot() as session:
        assert session.scalar(text("SELECT version_num FROM alembic_version")) == "0001"
    database.dispose()


def test_a_whole_trail_needs_no_setting(settings: Settings) -> None:
    populate(settings, FEW)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        uow.session.execute(text(TELL_ALL.replace(":user", "\\:user")))
        uow.session.execute(
            text("DELETE FROM recordings WHERE id NOT IN (SELECT recording_id FROM jobs)")
        )
    database.dispose()
    upgrade_database(choose_backfill(settings, "nobody"))
    assert BACKFILL not in read_owners(database)["jobs"]
    database.dispose()


TELL_ALL = (
    "INSERT INTO audit_entries (created_at, actor, action, object_kind, object_id)"
    " SELECT created_at, 'account:user1', 'job.submit', 'job', id FROM jobs"
)
