"""What the routes of aliases need."""

from typing import Annotated

import structlog
from fastapi import Depends, Request

from transcriber.accounts.dependencies import CurrentAccount
from transcriber.uploads.aliases.clients import name_client
from transcriber.uploads.aliases.counter import AliasCounter
from transcriber.uploads.aliases.gate import AliasVisit, get_visit
from transcriber.uploads.aliases.repository import UseKey

_log = structlog.stdlib.get_logger(__name__)


def get_alias_counter(request: Request) -> AliasCounter:
    """This process's count."""
    counter: AliasCounter = request.app.state.alias_counter
    return counter


async def count_use(
    request: Request,
    account: CurrentAccount,
    counter: Annotated[AliasCounter, Depends(get_alias_counter)],
) -> AliasVisit:
    """The request's alias, once it is known who asks and the use is counted."""
    visit = get_visit(request.scope)
    client = name_client(request.headers.get("user-agent"))
    name = visit.place.alias.name
    counter.count(UseKey(name, client, account.user_id))
    _log.info(
        "alias_used", alias=name, client=client, user_id=account.user_id, phase=str(visit.phase)
    )
    return visit


CountedVisit = Annotated[AliasVisit, Depends(count_use)]
