"""The table of who still uses the aliases."""

from datetime import datetime

from sqlalchemy import BigInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from transcriber.infra.database import Base, UtcDateTime

MAX_CLIENT_LENGTH = 32


class AliasUse(Base):
    """How often one account's client used one alias.

    Attributes:
        id: Random; says where a page of the list ends.
        alias: Its path, as in `/uploads/init`, or the legacy header `X-User-ID`.
        client: The product its User-Agent names, or `other`, or `unknown`.
        user_id: The account; its row may be gone by now.
        uses: Requests, in whatever phase.
        first_used_at: By the clock of the machine that answered.
        last_used_at: As `first_used_at`.
    """

    __tablename__ = "upload_alias_uses"
    __table_args__ = (UniqueConstraint("alias", "client", "user_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    alias: Mapped[str] = mapped_column(String(64))
    client: Mapped[str] = mapped_column(String(MAX_CLIENT_LENGTH))
    user_id: Mapped[str] = mapped_column(String(64))
    uses: Mapped[int] = mapped_column(BigInteger)
    first_used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime)
