"""What the index knows of transcripts.  The index itself is each database's own: see `index.py`."""

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from transcriber.infra.database import Base

PLACE_BITS = 31
MAX_ORDINAL = 2**31 - 1
LAST_ID = 2 ** (2 * PLACE_BITS) - 1
LAST_PLACE = 2**PLACE_BITS - 2**24
"""Where a segment is put that starts after more than 24 days, with room behind it."""


class SearchTranscript(Base):
    """A transcript that can be searched: one for each job.

    Attributes:
        ordinal: Rises with every transcript that comes.
        generation: The one whose segments are in the index.
    """

    __tablename__ = "search_transcripts"
    # An ordinal that came back would bring entries of the deleted transcript's ids back.
    __table_args__ = (
        Index("ix_search_transcripts_user_id_ordinal", "user_id", "ordinal"),
        {"sqlite_autoincrement": True},
    )

    ordinal: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[str] = mapped_column(String(32), unique=True)
    generation: Mapped[int]
    user_id: Mapped[str] = mapped_column(String(64))


class SearchEntry(Base):
    """A segment that can be found; its text stays where it is.

    Attributes:
        id: Order itself, so that the index gives hits as they are shown and can stop after a page:
            in the high bits the transcript, newest first, in the low ones the segment's start in
            milliseconds, or the next that is free.
        segment_index: The segment's `index`.
    """

    __tablename__ = "search_entries"
    __table_args__ = (
        Index("uq_search_entries_job_id_segment_index", "job_id", "segment_index", unique=True),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    job_id: Mapped[str] = mapped_column(String(32))
    user_id: Mapped[str] = mapped_column(String(64))
    segment_index: Mapped[int]
