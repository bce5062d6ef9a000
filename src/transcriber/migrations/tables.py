"""Every table of the service: importing this module fills `metadata`."""

from importlib import import_module

from transcriber.infra.database import Base

TABLE_MODULES = (
    "transcriber.infra.audit",
    "transcriber.infra.audit_sealing",
    "transcriber.infra.deletions",
    "transcriber.infra.heartbeats",
    "transcriber.infra.idempotency",
    "transcriber.infra.metric_rows",
    "transcriber.infra.worker_drains",
    "transcriber.accounts.models",
    "transcriber.accounts.keys.models",
    "transcriber.accounts.preferences.models",
    "transcriber.accounts.invitations.models",
    "transcriber.accounts.resets.models",
    "transcriber.accounts.throttling.models",
    "transcriber.recordings.models",
    "transcriber.transcripts.models",
    "transcriber.transcripts.revisions.models",
    "transcriber.transcripts.tags.models",
    "transcriber.transcripts.search.models",
    "transcriber.jobs.models",
    "transcriber.jobs.measurements",
    "transcriber.jobs.model_validations",
    "transcriber.webhooks.models",
    "transcriber.uploads.models",
    "transcriber.uploads.collection_requests",
    "transcriber.uploads.aliases.models",
)

for _module in TABLE_MODULES:
    import_module(_module)

metadata = Base.metadata

_UNMAPPED = ("search_index",)


def is_mapped(name: str | None, kind: str, _parents: object) -> bool:
    """Whether `metadata` knows a table of this name; the search index is each database's own.

    SQLite keeps it in several tables, whose names begin alike.
    """
    return kind != "table" or name is None or not name.startswith(_UNMAPPED)
