"""Which index a session's database has."""

from sqlalchemy.orm import Session

from transcriber.transcripts.search.fts5_index import Fts5Index
from transcriber.transcripts.search.index import SearchIndex
from transcriber.transcripts.search.tsvector_index import TsvectorIndex

_INDEXES: dict[str, SearchIndex] = {"sqlite": Fts5Index(), "postgresql": TsvectorIndex()}


def get_index(session: Session) -> SearchIndex:
    """The index beside the tables of this session."""
    return _INDEXES[session.get_bind().dialect.name]
