"""How long an account's things are kept.

The operator has a rule for the whole service, and may have another for one account; the owner's own
wish can only be stricter.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, case, cast, func, literal
from sqlalchemy.orm import InstrumentedAttribute, Session

from transcriber.accounts.models import Account, RetentionPolicy
from transcriber.infra.audit import record_act
from transcriber.infra.errors import InvalidError, NotFoundError
from transcriber.infra.settings import Settings


class RetentionTooLongError(InvalidError):
    """An owner asked to keep something longer than the operator does."""

    code = "retention_too_long"
    title = "The operator keeps this for a shorter time."


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after a job's end; None keeps, or leaves the decision to the level above.

    Attributes:
        audio_days: Then the recording goes and the transcript stays; 0 is as soon as it has ended.
        transcript_days: Then the whole job goes, with what is left of it.
    """

    audio_days: int | None
    transcript_days: int | None


@dataclass(frozen=True, slots=True)
class AccountRetention:
    """What holds for one account, and whose wish each part is.

    Attributes:
        operator: The service's, or the operator's for this account.
        own: The owner's.
        effective: The stricter of both.
    """

    operator: Retention
    own: Retention
    effective: Retention


def read_retention(session: Session, settings: Settings, user_id: str) -> AccountRetention:
    """What holds for an account."""
    row = session.get(RetentionPolicy, user_id)
    service = Retention(settings.retain_audio_days, settings.retain_transcripts_days)
    if row is None:
        return AccountRetention(service, Retention(None, None), service)
    operator = Retention(
        _choose(row.audio_days, service.audio_days),
        _choose(row.transcript_days, service.transcript_days),
    )
    own = Retention(row.own_audio_days, row.own_transcript_days)
    effective = Retention(
        _choose_stricter(own.audio_days, operator.audio_days),
        _choose_stricter(own.transcript_days, operator.transcript_days),
    )
    return AccountRetention(operator, own, effective)


def set_own_retention(
    session: Session, settings: Settings, user_id: str, wish: Retention
) -> AccountRetention:
    """Let an owner keep their own things for less time.

    Raises:
        RetentionTooLongError: when it would be more than the operator's.
    """
    operator = read_retention(session, settings, user_id).operator
    _refuse_longer("audio_days", wish.audio_days, operator.audio_days)
    _refuse_longer("transcript_days", wish.transcript_days, operator.transcript_days)
    row = _require_row(session, user_id)
    before = Retention(row.own_audio_days, row.own_transcript_days)
    row.own_audio_days, row.own_transcript_days = wish.audio_days, wish.transcript_days
    _record_change(session, user_id, f"account:{user_id}", before, wish)
    return read_retention(session, settings, user_id)


def set_account_retention(
    session: Session, settings: Settings, user_id: str, wish: Retention, *, admin_id: str
) -> AccountRetention:
    """Keep one account's things for another time than the service's; None follows the service.

    Raises:
        NotFoundError: when there is no such account.
    """
    row = _require_row(session, user_id)
    before = Retention(row.audio_days, row.transcript_days)
    row.audio_days, row.transcript_days = wish.audio_days, wish.transcript_days
    _record_change(session, user_id, f"admin:{admin_id}", before, wish)
    return read_retention(session, settings, user_id)


def find_account_retention(session: Session, settings: Settings, user_id: str) -> AccountRetention:
    """What holds for an account, for an administrator.

    Raises:
        NotFoundError: when there is no such account.
    """
    _require_account(session, user_id)
    return read_retention(session, settings, user_id)


def audio_days_of_owner(settings: Settings) -> ColumnElement[int | None]:
    """The effective days in SQL, beside an outer join with the policies."""
    return _build_days(
        RetentionPolicy.own_audio_days, RetentionPolicy.audio_days, settings.retain_audio_days
    )


def transcript_days_of_owner(settings: Settings) -> ColumnElement[int | None]:
    """As `audio_days_of_owner`, for whole jobs."""
    return _build_days(
        RetentionPolicy.own_transcript_days,
        RetentionPolicy.transcript_days,
        settings.retain_transcripts_days,
    )


def _build_days(
    own: InstrumentedAttribute[int | None],
    operator: InstrumentedAttribute[int | None],
    service: int | None,
) -> ColumnElement[int | None]:
    base = func.coalesce(operator, cast(literal(service), Integer))
    return case((own.is_(None), base), (base.is_(None), own), (own < base, own), else_=base)


def _choose(value: int | None, above: int | None) -> int | None:
    return above if value is None else value


def _choose_stricter(own: int | None, operator: int | None) -> int | None:
    given = [days for days in (own, operator) if days is not None]
    return min(given, default=None)


def _refuse_longer(name: str, own: int | None, operator: int | None) -> None:
    if own is not None and operator is not None and own > operator:
        raise RetentionTooLongError(
            f"{name} can be at most {operator}, as the operator has set it.",
            extra={"field": name, "limit": operator},
        )


def _require_row(session: Session, user_id: str) -> RetentionPolicy:
    # The account's lock keeps two first policies from being inserted at once.
    _require_account(session, user_id, lock=True)
    row = session.get(RetentionPolicy, user_id, populate_existing=True)
    if row is None:
        row = RetentionPolicy(user_id=user_id)
        session.add(row)
        session.flush()
    return row


def _require_account(session: Session, user_id: str, *, lock: bool = False) -> None:
    if session.get(Account, user_id, with_for_update=lock) is None:
        raise NotFoundError("There is no such account.", code="account_not_found")


def _record_change(
    session: Session, user_id: str, actor: str, before: Retention, after: Retention
) -> None:
    if before == after:
        return
    record_act(
        session,
        actor=actor,
        action="account.retention",
        object_id=user_id,
        user_id=user_id,
        detail=f"{_describe(before)} to {_describe(after)}",
    )


def _describe(retention: Retention) -> str:
    return f"audio {retention.audio_days} transcripts {retention.transcript_days}"
