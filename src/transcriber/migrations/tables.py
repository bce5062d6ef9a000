"""Every table of the service: importing this module fills `metadata`."""

from importlib import import_module
from importlib.util import find_spec

from transcriber.infra.database import Base

TABLE_MODULES = (
    "transcriber.infra.heartbeats",
    "transcriber.accounts.models",
    "transcriber.uploads.models",
    "transcriber.recordings.models",
    "transcriber.transcripts.models",
    "transcriber.jobs.models",
)


def _exists(module: str) -> bool:
    package = module.rpartition(".")[0]
    return find_spec(package) is not None and find_spec(module) is not None


for _module in filter(_exists, TABLE_MODULES):
    import_module(_module)

metadata = Base.metadata
