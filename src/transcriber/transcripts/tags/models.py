"""The tags of transcripts."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from transcriber.infra.database import Base

MAX_TAG_LENGTH = 64
# Folding may lengthen a text: one character becomes at most three.
MAX_KEY_LENGTH = 3 * MAX_TAG_LENGTH


class TranscriptTagRow(Base):
    """One tag of one transcript.

    Attributes:
        key: What makes two tags the same, whatever their capitals.
        tag: As the owner wrote it.
    """

    __tablename__ = "transcript_tags"
    __table_args__ = (Index("ix_transcript_tags_user_id_key", "user_id", "key"),)

    job_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(MAX_KEY_LENGTH), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64))
    tag: Mapped[str] = mapped_column(String(MAX_TAG_LENGTH))
