"""Recordings over which several accounts had jobs: each stays with one, and nobody hears another's.

The bytes stay with the recording's owner.  Each further account gets a recording of its own without
audio, as if it had been removed, for its jobs that have ended; their transcripts stay as they are.
"""

import hashlib
from functools import partial

from alembic import op
from sqlalchemy import Connection, TextClause, inspect, text

from transcriber.migrations.steps import step

# One that has not ended still needs the bytes; nobody reads them but the worker.
_MOVED = (
    "SELECT j.id FROM jobs j WHERE j.recording_id = :shared AND j.user_id = :owner"
    " AND j.state NOT IN ('queued', 'running')"
)
_SHARED = text(
    "SELECT DISTINCT j.recording_id AS shared, j.user_id AS owner FROM jobs j"
    " JOIN recordings r ON r.id = j.recording_id"
    " WHERE j.user_id <> r.user_id AND j.state NOT IN ('queued', 'running')"
)
_MOVE_TRANSCRIPTS = text(
    "UPDATE transcripts SET recording_id = :copy"  # noqa: S608 -- constants
    f" WHERE recording_id = :shared AND job_id IN ({_MOVED})"
)
_MOVE_JOBS = text(f"UPDATE jobs SET recording_id = :copy WHERE id IN ({_MOVED})")  # noqa: S608 -- constants


def part_recordings() -> int:
    """Give each further account its own row of a shared recording; returns how many were made."""
    bind = op.get_bind()
    copy = _write_copy(bind)
    pairs = bind.execute(_SHARED).all()
    for shared, owner in pairs:
        # The same id each time: whoever is interrupted goes on with the row that is there.
        digest = hashlib.sha256(f"{shared} {owner}".encode()).hexdigest()[:32]
        names = {"shared": shared, "owner": owner, "copy": digest, "key": f"recordings/{digest}"}
        for statement in (copy, _MOVE_TRANSCRIPTS, _MOVE_JOBS):
            step(partial(bind.execute, statement, names))
    return len(pairs)


def _write_copy(bind: Connection) -> TextClause:
    given = {
        "id": "CAST(:copy AS VARCHAR(32))",
        "user_id": "CAST(:owner AS VARCHAR(64))",
        "storage_key": "CAST(:key AS VARCHAR(64))",
        "peaks_key": "NULL",
        "removed_at": "COALESCE(removed_at, CURRENT_TIMESTAMP)",
    }
    columns = [each["name"] for each in inspect(bind).get_columns("recordings")]
    values = [given.get(name, name) for name in columns]
    return text(
        f"INSERT INTO recordings ({', '.join(columns)}) SELECT {', '.join(values)}"  # noqa: S608 -- the table's own names
        " FROM recordings WHERE id = :shared"
        " AND NOT EXISTS (SELECT 1 FROM recordings made WHERE made.id = :copy)"
    )
