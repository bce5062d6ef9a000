"""Say from where, chain the audit entries, and let nobody change or remove them.

The triggers are the table's: whoever rebuilds it on SQLite makes them anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

GENESIS = "0" * 64
COLUMNS = {
    "address": sa.String(length=64),
    "request_id": sa.String(length=64),
    "sequence": sa.BigInteger(),
    "hash": sa.String(length=64),
    "seal_key": sa.String(length=16),
}
UNSEALED = sa.text("sequence IS NULL")

# Columns that no update may change; sealing fills the other three, once.
CONTENTS = (
    "id",
    "created_at",
    "actor",
    "action",
    "object_kind",
    "object_id",
    "user_id",
    "detail",
    "address",
    "request_id",
)
IS_SEALED_AT_BIRTH = "NEW.sequence IS NOT NULL OR NEW.hash IS NOT NULL OR NEW.seal_key IS NOT NULL"
IS_NO_SEALING = (
    "OLD.sequence IS NOT NULL OR OLD.hash IS NOT NULL OR NEW.sequence IS NULL OR NEW.hash IS NULL"
)
# Retention first moves the checkpoint, which tells what is gone, and then removes up to there.
IS_NO_RETENTION = (
    "OLD.sequence IS NULL OR"
    " OLD.sequence > COALESCE((SELECT max(removed_sequence) FROM audit_seal), 0)"
)
IS_BACKWARDS = (
    "NEW.id <> OLD.id OR NEW.sequence < OLD.sequence OR NEW.removed_sequence < OLD.removed_sequence"
    " OR NEW.removed_sequence > NEW.sequence"
)
ENTRIES_REFUSAL = "audit entries are append-only"
SEAL_REFUSAL = "the ends of the audit chain only move forward"

# By trigger: its table, the statement, when it is refused, and what is said.
DELETION = "audit_entries_delete"
RULES = {
    "audit_entries_insert": ("audit_entries", "INSERT", IS_SEALED_AT_BIRTH, ENTRIES_REFUSAL),
    DELETION: ("audit_entries", "DELETE", IS_NO_RETENTION, ENTRIES_REFUSAL),
    "audit_seal_update": ("audit_seal", "UPDATE", IS_BACKWARDS, SEAL_REFUSAL),
    "audit_seal_delete": ("audit_seal", "DELETE", "OLD.id IS NOT NULL", SEAL_REFUSAL),
}


def upgrade() -> None:
    for name, kind in COLUMNS.items():
        op.add_column("audit_entries", sa.Column(name, kind, nullable=True))
    op.create_index("ix_audit_entries_created_at", "audit_entries", ["created_at"])
    op.create_index("ix_audit_entries_actor", "audit_entries", ["actor"])
    op.create_index("ix_audit_entries_sequence", "audit_entries", ["sequence"], unique=True)
    op.create_index(
        "ix_audit_entries_unsealed",
        "audit_entries",
        ["id"],
        sqlite_where=UNSEALED,
        postgresql_where=UNSEALED,
    )
    _create_seal()
    if op.get_bind().dialect.name == "sqlite":
        _create_sqlite_triggers()
    else:
        _create_postgres_triggers()


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name, (table, _, _, _) in _list_rules("IS NOT").items():
        op.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite else f" ON {table}"))
    if not is_sqlite:
        for table in ("audit_entries", "audit_seal"):
            op.execute(f"DROP TRIGGER {table}_truncate ON {table}")
        op.execute("DROP FUNCTION audit_refuse()")
        op.execute("DROP FUNCTION audit_refuse_entry()")
    op.drop_table("audit_seal")
    for name in ("unsealed", "sequence", "actor", "created_at"):
        op.drop_index(f"ix_audit_entries_{name}", "audit_entries")
    for name in reversed(COLUMNS):
        op.drop_column("audit_entries", name)


def _create_seal() -> None:
    seal = op.create_table(
        "audit_seal",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("seal_key", sa.String(length=16), nullable=True),
        sa.Column("removed_sequence", sa.BigInteger(), nullable=False),
        sa.Column("removed_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name="ck_audit_seal_only_row"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_seal"),
    )
    op.bulk_insert(
        seal,
        [
            {
                "id": 1,
                "sequence": 0,
                "hash": GENESIS,
                "removed_sequence": 0,
                "removed_hash": GENESIS,
            }
        ],
    )


def _list_rules(differs: str) -> dict[str, tuple[str, str, str, str]]:
    changes = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in CONTENTS)
    update = ("audit_entries", "UPDATE", f"{IS_NO_SEALING} OR {changes}", ENTRIES_REFUSAL)
    return {**RULES, "audit_entries_update": update}


def _create_sqlite_triggers() -> None:
    for name, (table, statement, condition, refusal) in _list_rules("IS NOT").items():
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {statement} ON {table} FOR EACH ROW WHEN {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )


def _create_postgres_triggers() -> None:
    op.execute(
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = ''23001''; END'"
    )
    # Its condition asks another table, which a trigger's own may not.
    op.execute(
        "CREATE FUNCTION audit_refuse_entry() RETURNS trigger LANGUAGE plpgsql AS"
        f" 'BEGIN IF {IS_NO_RETENTION} THEN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0],"
        " ERRCODE = ''23001''; END IF; RETURN OLD; END'"
    )
    for name, (table, statement, condition, refusal) in _list_rules("IS DISTINCT FROM").items():
        when = "" if name == DELETION else f" WHEN ({condition})"
        function = "audit_refuse_entry" if name == DELETION else "audit_refuse"
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {statement} ON {table} FOR EACH ROW{when}"
            f" EXECUTE FUNCTION {function}('{refusal}')"
        )
    for table, refusal in (("audit_entries", ENTRIES_REFUSAL), ("audit_seal", SEAL_REFUSAL)):
        op.execute(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table}"
            f" EXECUTE FUNCTION audit_refuse('{refusal}')"
        )
