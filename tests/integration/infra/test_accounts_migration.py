"""The revision that tells sign-ins apart, forward and back over a database in use."""

from sqlalchemy import inspect, text

from migration_steps import move
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import upgrade_database

NEW_TABLES = {"invitations", "password_resets", "attempt_counts"}
ACCOUNT = (
    "INSERT INTO accounts (id, name, name_key, password_hash, role, is_active, created_at)"
    " VALUES (:name, :name, :name, 'x', 'user', true, '2026-01-01 00:00:00')"
)
SESSION = (
    "INSERT INTO sessions (token_hash, user_id, kind, created_at, last_used_at, expires_at)"
    " VALUES (:hash, :owner, 'bearer', '2026-01-01 00:00:00', :used, '2099-01-01 00:00:00')"
)
SESSIONS = [("a", "ann", "2026-01-02"), ("b", "ann", "2026-01-04"), ("c", "bob", "2026-01-03")]


def test_sign_ins_get_names_and_keep_everything_else(settings: Settings) -> None:
    move(settings, "0011", is_up=True)
    database = Database(settings.resolved_database_url)
    with database.unit_of_work() as uow:
        for name in ("ann", "bob", "eve"):
            uow.session.execute(text(ACCOUNT), {"name": name})
        for token_hash, owner, used in SESSIONS:
            values = {"hash": token_hash, "owner": owner, "used": f"{used} 00:00:00"}
            uow.session.execute(text(SESSION), values)
    for _ in range(2):
        upgrade_database(settings)
        with database.snapshot() as session:
            ids = session.scalars(text("SELECT id FROM sessions")).all()
            used = session.execute(text("SELECT id, last_used_at FROM accounts ORDER BY id")).all()
        assert len({*ids}) == len(SESSIONS)
        assert {len(each) for each in ids} == {32}
        assert [str(each.last_used_at)[:10] for each in used] == [
            "2026-01-04",
            "2026-01-03",
            "None",
        ]
        database.dispose()
        move(settings, "0011", is_up=False)
        assert NEW_TABLES.isdisjoint(inspect(database.engine).get_table_names())
        with database.snapshot() as session:
            rows = session.execute(text("SELECT * FROM sessions ORDER BY token_hash")).all()
            accounts = session.scalar(text("SELECT count(*) FROM accounts"))
        assert [(row.token_hash, row.user_id) for row in rows] == [each[:2] for each in SESSIONS]
        assert not {"id", "device", "address"} & set(rows[0]._fields)
        assert accounts == 3
        database.dispose()
