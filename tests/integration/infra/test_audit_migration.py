"""The revision that chains the audit trail, forward and back over one that has entries."""

from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from migration_steps import move
from transcriber.infra.audit_chain import SealKeys
from transcriber.infra.audit_sealing import seal_entries
from transcriber.infra.audit_verification import verify_entries
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import build_config, upgrade_database

REVISION = "0016"
ENTRY = (
    "INSERT INTO audit_entries (created_at, actor, action, object_kind, object_id, user_id, detail)"
    " VALUES ('2026-01-02 03:04:05.678901', 'account:a', 'job.delete', 'job', 'j', 'a', NULL)"
)
PLAIN = SealKeys(None, {})


def find_before() -> str:
    revision = ScriptDirectory.from_config(build_config()).get_revision(REVISION)
    assert isinstance(revision.down_revision, str)
    return revision.down_revision


def read_entries(session: Session) -> list[tuple[object, ...]]:
    query = "SELECT actor, action, object_id, detail FROM audit_entries ORDER BY id"
    return [tuple(row) for row in session.execute(text(query))]


def test_entries_stay_and_are_sealed_and_the_way_back_is_free(settings: Settings) -> None:
    move(settings, find_before(), is_up=True)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        for _ in range(3):
            uow.session.execute(text(ENTRY))
    for _ in range(2):
        upgrade_database(settings)
        seal_entries(database, PLAIN)
        found = verify_entries(database, PLAIN)
        assert (found.is_intact, found.checked) == (True, 3)
        database.dispose()
        move(settings, find_before(), is_up=False)
        assert "audit_seal" not in inspect(database.engine).get_table_names()
        with database.snapshot() as session:
            assert read_entries(session) == [("account:a", "job.delete", "j", None)] * 3
        database.dispose()
    with database.unit_of_work() as uow:
        # Nothing of the rules is left behind.
        uow.session.execute(text("UPDATE audit_entries SET actor = 'b'"))
        uow.session.execute(text("DELETE FROM audit_entries"))
    database.dispose()
