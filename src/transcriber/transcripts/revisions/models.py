"""What each revision of a transcript did; its content is in the segments' rows."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from transcriber.infra.database import Base, UtcDateTime


class RevisionRow(Base):
    """A change of a transcript; revision 0, the machine's, has no row.

    Attributes:
        user_id: Whose transcript it is, who is also the only one to edit it.
        kind: `edit`, `replace`, `speakers` or `restore`.
        restored: For `restore`: the revision whose content came back.
        change_count: Operations, replacements or segments renamed; what the kind counts.
        removed_count: Segments that the revision closed.
        added_count: Segments that it added.
    """

    __tablename__ = "revisions"

    job_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    generation: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    restored: Mapped[int | None]
    change_count: Mapped[int]
    removed_count: Mapped[int]
    added_count: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
