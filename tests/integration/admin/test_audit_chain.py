"""The chain of audit entries: tampering of every kind is found, and nothing else taken for it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from transcriber.infra.audit import AuditEntry, record_act
from transcriber.infra.audit_chain import SealKeys
from transcriber.infra.audit_faults import ChainPlace, FaultKind
from transcriber.infra.audit_sealing import SealKeyMissingError, seal_entries
from transcriber.infra.audit_verification import Verification, verify_entries
from transcriber.infra.context import Context

Act = Callable[..., None]
Force = Callable[[str], None]
PLAIN = SealKeys(None, {})
KEYED = SealKeys("new", {"new": b"n" * 32, "old": b"o" * 32})
OLD = SealKeys("old", {"old": b"o" * 32})


def verify(
    context: Context, keys: SealKeys = PLAIN, known: ChainPlace | None = None
) -> Verification:
    return verify_entries(context.database, keys, known)


def find_fault(context: Context, keys: SealKeys = PLAIN) -> tuple[FaultKind, int] | None:
    fault = verify(context, keys).fault
    return None if fault is None else (fault.kind, fault.sequence)


def test_an_untouched_chain_is_good_and_says_what_waits(context: Context, act: Act) -> None:
    assert verify(context).head == ChainPlace(0, "0" * 64)
    act(7)
    act(2, keys=None)
    found = verify(context)
    assert (found.is_intact, found.checked, found.unkeyed, found.unsealed) == (True, 7, 7, 2)
    assert found.unsealed_since is not None
    act()
    assert (verify(context).checked, verify(context).unsealed) == (10, 0)
    assert verify(context).unsealed_since is None


@pytest.mark.parametrize(
    ("statement", "kind", "sequence"),
    [
        ("UPDATE audit_entries SET actor = 'admin:bob' WHERE sequence = 3", "changed", 3),
        ("UPDATE audit_entries SET detail = '' WHERE sequence = 3", "changed", 3),
        ("UPDATE audit_entries SET address = '192.0.2.1' WHERE sequence = 1", "changed", 1),
        (
            "UPDATE audit_entries SET created_at = '2020-01-01 00:00:00.000000' WHERE sequence = 6",
            "changed",
            6,
        ),
        ("UPDATE audit_entries SET id = id + 100 WHERE sequence = 2", "changed", 2),
        ("UPDATE audit_entries SET hash = 'x' WHERE sequence = 5", "changed", 5),
        ("DELETE FROM audit_entries WHERE sequence = 1", "missing", 1),
        ("DELETE FROM audit_entries WHERE sequence = 4", "missing", 4),
        ("DELETE FROM audit_entries WHERE sequence > 4", "end", 5),
        ("DELETE FROM audit_entries", "end", 1),
        ("UPDATE audit_entries SET sequence = NULL WHERE sequence = 4", "missing", 4),
        ("UPDATE audit_seal SET sequence = 4", "end", 5),
        ("UPDATE audit_seal SET hash = 'x'", "end", 7),
        ("DELETE FROM audit_seal", "end", 1),
        ("UPDATE audit_seal SET removed_sequence = 2", "beginning", 2),
    ],
)
def test_tampering_is_found_where_it_is(
    *, context: Context, act: Act, force: Force, statement: str, kind: str, sequence: int
) -> None:
    act(6)
    force(statement)
    assert find_fault(context) == (kind, sequence)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("created_at = 'yesterday'", "changed"),
        ("detail = x'00ff'", "changed"),
        ("hash = x'00ff'", "changed"),
        ("hash = 'ä'", "changed"),
        ("sequence = 'third'", "missing"),
    ],
)
def test_what_sqlite_takes_for_any_value_is_found(
    context: Context, act: Act, force: Force, change: str, kind: str
) -> None:
    act(6)
    force(f"UPDATE audit_entries SET {change} WHERE sequence = 3")
    assert find_fault(context) == (kind, 3)


def test_entries_that_changed_places_are_found(context: Context, act: Act, force: Force) -> None:
    act(6)
    for change in ("-1 WHERE sequence = 4", "4 WHERE sequence = 5", "5 WHERE sequence = -1"):
        force(f"UPDATE audit_entries SET sequence = {change}")
    assert find_fault(context) == ("changed", 4)


def test_an_entry_put_in_between_is_found(context: Context, act: Act, force: Force) -> None:
    act(6)
    for number in (6, 5, 4):
        force(f"UPDATE audit_entries SET sequence = {number + 1} WHERE sequence = {number}")
    force(
        "INSERT INTO audit_entries (id, created_at, actor, action, object_kind, object_id, user_id,"
        " sequence, hash) SELECT 999, created_at, actor, action, object_kind, object_id, user_id,"
        " 4, hash FROM audit_entries WHERE sequence = 3"
    )
    assert find_fault(context) == ("changed", 4)
    assert verify(context).fault.entry_id == 999  # pyright: ignore[reportOptionalMemberAccess]


def test_what_retention_never_removed_is_missed(context: Context, act: Act, force: Force) -> None:
    act(6)
    with context.database.snapshot() as session:
        noted = session.scalar(select(AuditEntry.hash).where(AuditEntry.sequence == 3))
    force(f"UPDATE audit_seal SET removed_sequence = 3, removed_hash = '{noted}'")
    force("DELETE FROM audit_entries WHERE sequence <= 3")
    assert find_fault(context) == ("beginning", 3)


def test_only_what_was_noted_elsewhere_shows_a_lost_end(
    context: Context, act: Act, force: Force
) -> None:
    act(3)
    early = verify(context).head
    act(3)
    late = verify(context).head
    assert verify(context, known=early).is_known_checked
    force("DELETE FROM audit_entries WHERE sequence > 3")
    force(f"UPDATE audit_seal SET sequence = 3, hash = '{early.hash}'")
    assert verify(context).is_intact
    assert verify(context, known=early).is_intact
    fault = verify(context, known=late).fault
    assert fault is not None
    assert (fault.kind, fault.sequence) == ("missing", 6)
    other = verify(context, known=ChainPlace(2, late.hash)).fault
    assert other is not None
    assert (other.kind, other.sequence) == ("known", 2)


def test_keys_follow_one_another_and_none_follows_a_key(
    context: Context, act: Act, force: Force
) -> None:
    act(2)
    act(2, keys=OLD)
    act(2, keys=KEYED)
    found = verify(context, KEYED)
    assert (found.is_intact, found.checked, found.unkeyed) == (True, 6, 2)
    assert find_fault(context, OLD) == ("unknown_key", 5)
    assert find_fault(context) == ("unknown_key", 3)
    with pytest.raises(SealKeyMissingError):
        act(keys=PLAIN)
    assert verify(context, KEYED).unsealed == 1
    # Whoever rewrites the table without the key cannot make an entry of their own fit.
    force("UPDATE audit_entries SET seal_key = NULL WHERE sequence = 5")
    assert find_fault(context, KEYED) == ("unkeyed", 5)


def test_many_sealers_at_once_make_one_chain(context: Context, act: Act) -> None:
    act(1_200, keys=None)
    with ThreadPoolExecutor(4) as pool:
        done = [pool.submit(seal_entries, context.database, PLAIN) for _ in range(4)]
        counts = [each.result() for each in done]
    seal_entries(context.database, PLAIN)
    assert sum(counts) <= 1_200
    found = verify(context)
    assert (found.is_intact, found.checked, found.unsealed) == (True, 1_200, 0)


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
def test_what_commits_later_is_sealed_later(context: Context, act: Act) -> None:
    with context.database.unit_of_work() as slow:
        record_act(slow.session, actor="a", action="job.slow", object_id="o", user_id="u")
        slow.session.flush()
        act(3)
        assert verify(context).checked == 3
    act(1)
    assert (find_fault(context), verify(context).checked) == (None, 5)
    with context.database.snapshot() as session:
        places = session.execute(
            select(AuditEntry.action, AuditEntry.id).order_by(AuditEntry.sequence)
        ).all()
    assert places[3][0] == "job.slow"
    assert places[3][1] == min(place[1] for place in places)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET actor = 'admin:bob' WHERE sequence = 1",
        "UPDATE audit_entries SET detail = 'x' WHERE sequence IS NULL",
        "UPDATE audit_entries SET sequence = 9 WHERE sequence = 1",
        "UPDATE audit_entries SET sequence = NULL, hash = NULL WHERE sequence = 1",
        "UPDATE audit_entries SET sequence = 9 WHERE sequence IS NULL",
        "UPDATE audit_entries SET sequence = 9, hash = 'x', actor = 'y' WHERE sequence IS NULL",
        "DELETE FROM audit_entries WHERE sequence = 1",
        "DELETE FROM audit_entries WHERE sequence IS NULL",
        (
            "INSERT INTO audit_entries (created_at, actor, action, object_kind, object_id, user_id,"
            " sequence, hash) SELECT created_at, actor, action, object_kind, object_id, user_id,"
            " 9, 'x' FROM audit_entries WHERE sequence = 1"
        ),
        "UPDATE audit_seal SET sequence = 1",
        "UPDATE audit_seal SET removed_sequence = 9",
        "UPDATE audit_seal SET id = 2",
        "DELETE FROM audit_seal",
        (
            "INSERT INTO audit_seal (id, sequence, hash, removed_sequence, removed_hash)"
            " VALUES (2, 0, '', 0, '')"
        ),
    ],
)
def test_the_database_refuses_what_is_no_addition(
    context: Context, act: Act, statement: str
) -> None:
    act(2)
    act(1, keys=None)
    with pytest.raises(DBAPIError), context.database.unit_of_work() as uow:
        uow.session.execute(text(statement))
    found = verify(context)
    assert (found.is_intact, found.checked, found.unsealed) == (True, 2, 1)


@pytest.mark.parametrize("settings", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["audit_entries", "audit_seal"])
def test_neither_table_can_be_emptied(context: Context, act: Act, table: str) -> None:
    act(2)
    with pytest.raises(DBAPIError), context.database.unit_of_work() as uow:
        uow.session.execute(text(f"TRUNCATE {table}"))
    assert count_entries(context) == 2


def count_entries(context: Context) -> int:
    with context.database.snapshot() as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0
