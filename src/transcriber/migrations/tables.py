"""Every table of the service: importing this module fills `metadata`."""

from importlib import import_module

from transcriber.infra.database import Base

TABLE_MODULES = (
    "transcriber.infra.audit",
    "transcriber.infra.deletions",
    "transcriber.infra.heartbeats",
    "transcriber.infra.idempotency",
    "transcriber.accounts.models",
    "transcriber.recordings.models",
    "transcriber.transcripts.models",
    "transcriber.transcripts.revisions.models",
    "transcriber.transcripts.tags.models",
    "transcriber.jobs.models",
    "transcriber.jobs.measurements",
    "transcriber.webhooks.models",
    "transcriber.uploads.models",
    "transcriber.uploads.aliases.models",
)

for _module in TABLE_MODULES:
    import_module(_module)

metadata = Base.metadata
