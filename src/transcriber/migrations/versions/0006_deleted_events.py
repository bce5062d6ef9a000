"""Let the event that says a job was deleted outlive the job."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

FOREIGN_KEY = "fk_job_events_job_id"
GIVEN = sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'job_events'")
KEEP_GIVEN = sa.text(
    "UPDATE sqlite_sequence SET seq = :given WHERE name = 'job_events' AND seq < :given"
)
START_GIVEN = sa.text(
    "INSERT INTO sqlite_sequence (name, seq) SELECT 'job_events', :given"
    " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'job_events')"
)


def upgrade() -> None:
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint(FOREIGN_KEY, "job_events", type_="foreignkey")
        return
    # The table is built anew, and must not give ids a second time that its rows had before.
    given = op.get_bind().execute(GIVEN).scalar()
    with op.batch_alter_table(
        "job_events", recreate="always", table_kwargs={"sqlite_autoincrement": True}
    ) as events:
        events.drop_constraint(FOREIGN_KEY, type_="foreignkey")
    if given is not None:
        op.get_bind().execute(START_GIVEN, {"given": given})
        op.get_bind().execute(KEEP_GIVEN, {"given": given})


def downgrade() -> None:
    op.execute("DELETE FROM job_events WHERE to_state = 'deleted'")
    with op.batch_alter_table("job_events", table_kwargs={"sqlite_autoincrement": True}) as events:
        events.create_foreign_key(FOREIGN_KEY, "jobs", ["job_id"], ["id"], ondelete="CASCADE")
