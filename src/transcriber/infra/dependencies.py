"""What an endpoint may ask for: the context, a transaction, a snapshot.

`Work` commits before the response is sent (`scope="function"`); a plain `yield` dependency would
commit after it, and a client could read its own acknowledged write as missing.
"""

from collections.abc import Generator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from transcriber.infra.context import Context
from transcriber.infra.database import UnitOfWork


def get_context(request: Request) -> Context:
    """The process context that `create_app` was given."""
    context: Context = request.app.state.context
    return context


CurrentContext = Annotated[Context, Depends(get_context)]


def open_unit_of_work(context: CurrentContext) -> Generator[UnitOfWork]:
    """One transaction, committed before the response; its callbacks run after the commit.

    The transaction begins at the first statement, so a request that waits for a thread holds no
    lock.
    """
    with context.database.unit_of_work() as uow:
        yield uow


def open_snapshot(context: CurrentContext) -> Generator[Session]:
    """One read-only view."""
    with context.database.snapshot() as session:
        yield session


Work = Annotated[UnitOfWork, Depends(open_unit_of_work, scope="function")]
Read = Annotated[Session, Depends(open_snapshot, scope="function")]
