"""The spelling of an entry that its hash covers: with another, old chains would break."""

import hashlib
from datetime import UTC, datetime, timedelta

from transcriber.infra.audit import AuditEntry
from transcriber.infra.audit_chain import COVERED, GENESIS, SealKeys, write_content

ENTRY = AuditEntry(
    id=7,
    created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    actor="account:a",
    action="job.delete",
    object_kind="job",
    object_id="j",
    user_id="a",
    detail="ä\n",
    address=None,
    request_id="r",
)
CONTENT = (
    b'{"action":"job.delete","actor":"account:a","address":null,'
    b'"created_at":"2026-01-02T03:04:05.000000+00:00","detail":"\\u00e4\\n","id":7,'
    b'"object_id":"j","object_kind":"job","request_id":"r","sequence":3,"user_id":"a"}'
)


def test_the_spelling_is_this_one() -> None:
    assert write_content(3, ENTRY) == CONTENT


def test_every_column_is_covered_but_those_of_the_seal() -> None:
    columns = {column.name for column in AuditEntry.__table__.columns}
    assert columns - set(COVERED) == {"sequence", "hash", "seal_key"}


def test_a_hash_is_sha256_of_the_one_before_and_the_content() -> None:
    expected = hashlib.sha256(GENESIS.encode() + CONTENT).hexdigest()
    assert SealKeys(None, {}).seal(GENESIS, 3, ENTRY) == expected


def test_another_key_place_or_predecessor_gives_another_hash() -> None:
    keys = SealKeys("k", {"k": b"k" * 32})
    hashes = {
        keys.seal(GENESIS, 3, ENTRY),
        keys.seal(GENESIS, 4, ENTRY),
        keys.seal("1" * 64, 3, ENTRY),
        SealKeys("k", {"k": b"o" * 32}).seal(GENESIS, 3, ENTRY),
        SealKeys(None, {}).seal(GENESIS, 3, ENTRY),
    }
    assert len(hashes) == 5


def test_a_sealed_entry_fits_only_as_it_was() -> None:
    keys = SealKeys("k", {"k": b"k" * 32})
    columns = {name: getattr(ENTRY, name) for name in COVERED}
    sealed = AuditEntry(**columns, sequence=3, hash=keys.seal(GENESIS, 3, ENTRY), seal_key="k")
    assert keys.knows(sealed)
    assert keys.fits(GENESIS, sealed)
    assert not keys.fits("1" * 64, sealed)
    sealed.created_at += timedelta(microseconds=1)
    assert not keys.fits(GENESIS, sealed)
    assert not SealKeys(None, {}).knows(sealed)
