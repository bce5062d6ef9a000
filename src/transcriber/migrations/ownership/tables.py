"""Which tables have owners, and by which rules a row from before ownership gets one.

This is what revision 0020 does, so it is as final as the revision: later tables are none of it.
"""

from dataclasses import dataclass

SUBMITTED = "job.submit"
KEPT = "recording.keep"
"""What the audit trail calls a recording whose owner its jobs do not tell; see `returning`."""

ACTOR = "account:"
MAX_OWNER_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to tell an owner, in SQL about a row of the table `{t}`.

    Attributes:
        name: As reports call it.
        owner: The owner's id.
        applies: Whether there is one; it names no owner's column, for that may not be there yet.
    """

    name: str
    owner: str
    applies: str


@dataclass(frozen=True, slots=True)
class OwnedTable:
    """A table whose rows have owners.

    Attributes:
        name: The table.
        key: The column whose order batches follow; it leads an index.
        rules: In the order in which they are asked.  The operator's setting comes after them.
        indexes: Those that begin with the owner: name and columns.
    """

    name: str
    key: str
    rules: tuple[Rule, ...]
    indexes: tuple[tuple[str, tuple[str, ...]], ...]


def _trail(action: str, key: str) -> Rule:
    # The newest entry has the last word: going back writes one where the others say otherwise.
    longest = len(ACTOR) + MAX_OWNER_LENGTH
    owner = (
        f"SELECT substr(a.actor, {len(ACTOR) + 1}) FROM audit_entries a"  # noqa: S608 -- constants
        f" WHERE a.object_id = {{t}}.{key} AND a.action = '{action}'"
        f" AND substr(a.actor, 1, {len(ACTOR)}) = '{ACTOR}'"
        f" AND length(a.actor) > {len(ACTOR)} AND length(a.actor) <= {longest}"
        # The sum keeps PostgreSQL from walking the whole trail backwards for the newest entry.
        " ORDER BY a.id + 0 DESC LIMIT 1"
    )
    return Rule("the audit trail", f"({owner})", f"({owner}) IS NOT NULL")


_FIRST_JOB = "FROM jobs j WHERE j.recording_id = {t}.id"
_JOB = "FROM jobs j WHERE j.id = {t}.job_id"
_BY_FIRST_JOB = Rule(
    "their first job",
    f"(SELECT j.user_id {_FIRST_JOB} ORDER BY j.created_at, j.id LIMIT 1)",
    f"EXISTS (SELECT 1 {_FIRST_JOB})",
)
# Some rows outlive their job, such as the event that says it was deleted.
_BY_JOB = (
    Rule("their job", f"(SELECT j.user_id {_JOB})", f"EXISTS (SELECT 1 {_JOB})"),
    _trail(SUBMITTED, "job_id"),
)


def _index(table: str, *further: str) -> tuple[str, tuple[str, ...]]:
    columns = ("user_id", *further)
    # A last `id` only makes the order complete, and is not in the name.
    named = columns[:-1] if len(columns) > 2 and columns[-1] == "id" else columns  # noqa: PLR2004
    return f"ix_{table}_{'_'.join(named)}", columns


JOBS = OwnedTable(
    "jobs", "id", (_trail(SUBMITTED, "id"),), (_index("jobs"), _index("jobs", "created_at", "id"))
)
RECORDINGS = OwnedTable(
    "recordings",
    "id",
    (_trail(KEPT, "id"), _BY_FIRST_JOB),
    (
        _index("recordings"),
        _index("recordings", "sha256"),
        _index("recordings", "created_at", "id"),
    ),
)
OF_JOBS = (
    OwnedTable(
        "transcripts",
        "job_id",
        _BY_JOB,
        (
            _index("transcripts"),
            _index("transcripts", "created_at"),
            _index("transcripts", "name_key"),
            _index("transcripts", "duration_seconds"),
        ),
    ),
    OwnedTable("segments", "job_id", _BY_JOB, (_index("segments"),)),
    OwnedTable("dropped_passages", "job_id", _BY_JOB, (_index("dropped_passages"),)),
    OwnedTable("spans", "job_id", _BY_JOB, (_index("spans"),)),
    OwnedTable("job_events", "job_id", _BY_JOB, (_index("job_events", "id"),)),
)
OWNED = (JOBS, RECORDINGS, *OF_JOBS)
"""Jobs first: the others follow them."""
