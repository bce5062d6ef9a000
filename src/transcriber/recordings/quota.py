"""What an account may store: counted in one row, changed by one conditional statement each time.

The sum of what is stored and what is reserved never passes the quota, whoever else asks at the same
moment, because the condition and the change are one statement.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, CursorResult, case, true, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from transcriber.infra.errors import RateLimitedError, ServiceError, StorageFullError
from transcriber.infra.settings import Settings
from transcriber.recordings.models import StorageUsage

RETRY_AFTER_SECONDS = 60


class QuotaExceededError(StorageFullError):
    """The account has no room left of what it may store."""

    code = "quota_exceeded"
    title = "The account's storage is used up."


class TooManyUploadsError(RateLimitedError):
    """The account has as many open uploads as it may have."""

    code = "too_many_uploads"
    title = "Too many uploads are open."


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one account may have; None is without limit."""

    quota_bytes: int | None
    max_open_uploads: int

    @classmethod
    def of(cls, settings: Settings) -> "Allowance":
        """The operator's limits."""
        return cls(settings.account_quota_bytes, settings.max_open_uploads_per_account)


UNLIMITED = Allowance(None, 0)
"""For bytes that were promised before: they are counted and not refused."""


def reserve_upload(session: Session, user_id: str, size_bytes: int, allowance: Allowance) -> None:
    """Count an upload that begins.

    Raises:
        QuotaExceededError: it would not fit.
        TooManyUploadsError: too many are open already.
    """
    _ensure_row(session, user_id)
    fits = _fits(size_bytes, allowance) & (StorageUsage.open_uploads < allowance.max_open_uploads)
    if not _change(session, user_id, fits, reserved=size_bytes, uploads=1):
        raise _explain(session, user_id, size_bytes, allowance)


def release_upload(session: Session, user_id: str, size_bytes: int) -> None:
    """Take an upload off the account that ended without a recording."""
    _change(session, user_id, true(), reserved=-size_bytes, uploads=-1)


def join_uploads(session: Session, user_id: str, count: int) -> None:
    """Count `count` open uploads as one, which has the bytes of all."""
    _change(session, user_id, true(), uploads=1 - count)


def count_recording(session: Session, user_id: str, size_bytes: int, allowance: Allowance) -> None:
    """Count a recording that came without a reservation.

    Raises:
        QuotaExceededError: it does not fit.
    """
    _ensure_row(session, user_id)
    if not _change(session, user_id, _fits(size_bytes, allowance), stored=size_bytes):
        raise _explain(session, user_id, size_bytes, allowance)


def discount_recording(session: Session, user_id: str, size_bytes: int) -> None:
    """Take the bytes of a recording off the account that gives them up."""
    _change(session, user_id, true(), stored=-size_bytes)


def check_room(session: Session, user_id: str, size_bytes: int, allowance: Allowance) -> None:
    """Refuse early what would not fit; it reserves nothing, so the last word is spoken later.

    Raises:
        QuotaExceededError: it would not fit.
    """
    usage = read_usage(session, user_id)
    quota = allowance.quota_bytes
    if quota is not None and usage.stored_bytes + usage.reserved_bytes + size_bytes > quota:
        raise _explain(session, user_id, size_bytes, allowance)


def read_usage(session: Session, user_id: str) -> StorageUsage:
    """The account's row as it is now, or one of zeros."""
    row = session.get(StorageUsage, user_id, populate_existing=True)
    return row or StorageUsage(user_id=user_id, stored_bytes=0, reserved_bytes=0, open_uploads=0)


def _fits(size_bytes: int, allowance: Allowance) -> ColumnElement[bool]:
    if allowance.quota_bytes is None:
        return true()
    used = StorageUsage.stored_bytes + StorageUsage.reserved_bytes
    return used + size_bytes <= allowance.quota_bytes


def _change(
    session: Session,
    user_id: str,
    condition: ColumnElement[bool],
    *,
    stored: int = 0,
    reserved: int = 0,
    uploads: int = 0,
) -> bool:
    result = session.execute(
        update(StorageUsage)
        .where(StorageUsage.user_id == user_id, condition)
        .values(
            stored_bytes=_add(StorageUsage.stored_bytes, stored),
            reserved_bytes=_add(StorageUsage.reserved_bytes, reserved),
            open_uploads=_add(StorageUsage.open_uploads, uploads),
        )
        .execution_options(synchronize_session=False)
    )
    assert isinstance(result, CursorResult)  # noqa: S101 -- narrows the type for rowcount
    return result.rowcount == 1


def _add(column: InstrumentedAttribute[int], amount: int) -> ColumnElement[int]:
    # A count that is wrong, as after a process of an older version, must not keep anybody from
    # deleting what is his.
    return case((column + amount < 0, 0), else_=column + amount)


def _ensure_row(session: Session, user_id: str) -> None:
    if session.get(StorageUsage, user_id) is not None:
        return
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = sqlite_insert if is_sqlite else postgresql_insert
    row = {"user_id": user_id, "stored_bytes": 0, "reserved_bytes": 0, "open_uploads": 0}
    session.execute(insert(StorageUsage).values(row).on_conflict_do_nothing())


def _explain(session: Session, user_id: str, size_bytes: int, allowance: Allowance) -> ServiceError:
    usage = read_usage(session, user_id)
    quota = allowance.quota_bytes
    used = usage.stored_bytes + usage.reserved_bytes
    if quota is not None and used + size_bytes > quota:
        return QuotaExceededError(
            f"The account may store {quota} bytes and uses or has reserved {used}; "
            f"{size_bytes} more do not fit.",
            extra={
                "quota_bytes": quota,
                "stored_bytes": usage.stored_bytes,
                "reserved_bytes": usage.reserved_bytes,
                "size_bytes": size_bytes,
            },
        )
    limit = allowance.max_open_uploads
    return TooManyUploadsError(
        f"The account has {usage.open_uploads} open uploads and may have {limit}; "
        "finish or cancel one of them first.",
        extra={"open_uploads": usage.open_uploads, "max_open_uploads": limit},
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )
