"""What may be asked of the audit trail."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import AwareDatetime, Field

from transcriber.infra.audit import ActFilter
from transcriber.infra.audit_faults import ChainPlace, read_place
from transcriber.infra.errors import InvalidError

# Far from where a zone's offset would leave the calendar.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9000, 1, 1, tzinfo=UTC)

# A query is text to the database: NUL and what is no character would not reach it.
Name = Annotated[str, Query(max_length=128, pattern=r"^[!-~]+$")]
Time = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]


def read_filter(
    *,
    actor: Annotated[Name | None, Query(description="As in `admin:<id>`.")] = None,
    action: Annotated[Name | None, Query(description="As in `job.delete`.")] = None,
    object_kind: Annotated[Name | None, Query(description="As in `job`.")] = None,
    object_id: Annotated[Name | None, Query(description="Of the object.")] = None,
    user_id: Annotated[Name | None, Query(description="Whose the object is or was.")] = None,
    since: Annotated[
        Time | None, Query(alias="from", description="From this time on, with its zone.")
    ] = None,
    until: Annotated[
        Time | None, Query(alias="to", description="Before this time, with its zone.")
    ] = None,
) -> ActFilter:
    """The acts that a request asks for.

    Raises:
        InvalidError: when no time can be in between.
    """
    if since is not None and until is not None and since >= until:
        raise InvalidError("`from` must be before `to`.", code="empty_period")
    return ActFilter(
        actor=actor,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        user_id=user_id,
        since=since,
        until=until,
    )


Chosen = Annotated[ActFilter, Depends(read_filter)]


def read_known(
    known: Annotated[
        str | None,
        Query(
            max_length=128,
            description="`sequence:hash` of an entry as noted earlier, to be found there again.",
        ),
    ] = None,
) -> ChainPlace | None:
    """The place that the caller knows.

    Raises:
        InvalidError: when it is none.
    """
    if known is None:
        return None
    place = read_place(known)
    if place is None:
        raise InvalidError("`known` is `sequence:hash` of an entry.", code="bad_chain_place")
    return place


KnownPlace = Annotated[ChainPlace | None, Depends(read_known)]
