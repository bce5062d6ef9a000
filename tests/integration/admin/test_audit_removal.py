"""Retention of the audit trail: the oldest go, and the rest still verifies."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from transcriber.infra.audit import AuditEntry
from transcriber.infra.audit_chain import SealKeys
from transcriber.infra.audit_faults import ChainPlace
from transcriber.infra.audit_removal import ACTION, BATCH, remove_old_entries
from transcriber.infra.audit_sealing import seal_entries
from transcriber.infra.audit_verification import verify_entries
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context

Act = Callable[..., None]
Force = Callable[[str], None]
PLAIN = SealKeys(None, {})


def add_old(context: Context, days: float, count: int = 1) -> None:
    """Acts of so long ago, sealed now."""
    with context.database.unit_of_work() as uow:
        then = read_database_time(uow.session) - timedelta(days=days)
        row = {"created_at": then, "actor": "a", "action": "job.old", "object_kind": "job"}
        row |= {"object_id": "o", "user_id": "u"}
        uow.session.execute(insert(AuditEntry), [row] * count)
    seal_entries(context.database, PLAIN)


def list_actions(context: Context) -> list[str]:
    with context.database.snapshot() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_the_oldest_go_and_their_going_is_an_act(context: Context, act: Act) -> None:
    add_old(context, 40, BATCH + 3)
    add_old(context, 10)
    noted = verify_entries(context.database, PLAIN).head
    act()
    assert remove_old_entries(context.database, None, PLAIN) == 0
    assert remove_old_entries(context.database, 30, PLAIN) == BATCH + 3
    seal_entries(context.database, PLAIN)
    assert list_actions(context) == ["job.old", "job.read", ACTION, ACTION]
    found = verify_entries(context.database, PLAIN, noted)
    assert (found.is_intact, found.is_known_checked, found.checked) == (True, True, 4)
    assert found.removed.sequence == BATCH + 3
    # What is gone cannot be compared, and that is said.
    gone = verify_entries(context.database, PLAIN, ChainPlace(2, "0" * 64))
    assert (gone.is_intact, gone.is_known_checked) == (True, False)
    # The next round finds nothing, so a removal leaves no act for the next one to remove.
    assert remove_old_entries(context.database, 30, PLAIN) == 0


def test_an_old_entry_behind_a_younger_one_stays(context: Context, act: Act) -> None:
    act()
    add_old(context, 40)
    assert remove_old_entries(context.database, 30, PLAIN) == 0
    assert list_actions(context) == ["job.read", "job.old"]


def test_what_is_not_sealed_stays(context: Context, act: Act) -> None:
    act(2, keys=None)
    assert remove_old_entries(context.database, 1, PLAIN) == 0
    assert len(list_actions(context)) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'b' WHERE sequence = 2",
        "DELETE FROM audit_entries WHERE sequence = 2",
    ],
)
def test_a_removal_hides_no_tampering(context: Context, force: Force, statement: str) -> None:
    add_old(context, 40, 4)
    force(statement)
    with capture_logs() as logged:
        assert remove_old_entries(context.database, 30, PLAIN) == 1
    assert [line["event"] for line in logged] == ["audit_removal_stopped"]
    fault = verify_entries(context.database, PLAIN).fault
    assert fault is not None
    assert fault.sequence == 2


def test_a_removal_leads_no_further_than_it_tells(context: Context) -> None:
    add_old(context, 40, 4)
    remove_old_entries(context.database, 30, PLAIN)
    seal_entries(context.database, PLAIN)
    # The checkpoint moves forward only, so nothing that was removed can come back unnoticed.
    with pytest.raises(DBAPIError), context.database.unit_of_work() as uow:
        uow.session.execute(text("UPDATE audit_seal SET removed_sequence = 0"))
    with context.database.snapshot() as session:
        assert session.scalar(select(func.min(AuditEntry.sequence))) == 5
