"""Table: what an account chose."""

from datetime import datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from transcriber.infra.database import Base, UtcDateTime

MAX_MODEL_LENGTH = 100


class AccountPreferences(Base):
    """One row for each account that chose something; None leaves a part undecided.

    Attributes:
        theme: `light`, `dark` or `auto`, as the system is.
        language: Of the pages, such as `en`.
        job_model: What new jobs use; None is the service's default model.
        job_language: A Whisper code; None has it detected.
        job_task: `transcribe` or `translate`.
        job_word_timestamps: Whether new jobs time every word.
        updated_at: UTC.
    """

    __tablename__ = "account_preferences"
    __table_args__ = (
        CheckConstraint("theme IN ('light', 'dark', 'auto')", name="theme_known"),
        CheckConstraint("job_task IN ('transcribe', 'translate')", name="job_task_known"),
    )

    user_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True
    )
    theme: Mapped[str | None] = mapped_column(String(16))
    language: Mapped[str | None] = mapped_column(String(16))
    job_model: Mapped[str | None] = mapped_column(String(MAX_MODEL_LENGTH))
    job_language: Mapped[str | None] = mapped_column(String(20))
    job_task: Mapped[str] = mapped_column(String(16))
    job_word_timestamps: Mapped[bool] = mapped_column(Boolean)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
