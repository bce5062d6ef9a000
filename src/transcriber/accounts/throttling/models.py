"""The table of counted attempts: short rows that are worthless when their window has ended."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from transcriber.infra.database import Base, UtcDateTime


class AttemptCount(Base):
    """Attempts within one window.

    Attributes:
        key: SHA-256 of what is counted, so that neither names nor addresses are kept.
        attempts: How many; it stops at the limit.
        expires_at: UTC; the end of the window that the first of them opened.
    """

    __tablename__ = "attempt_counts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempts: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
