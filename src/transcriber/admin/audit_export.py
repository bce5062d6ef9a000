"""The audit trail as a file, written while it is read: memory stays flat whatever its length."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from io import StringIO

from sqlalchemy import select

from transcriber.admin.audit_schemas import AuditEntryRead, ExportFormat
from transcriber.infra.audit import ActFilter, AuditEntry
from transcriber.infra.audit_faults import ChainPlace
from transcriber.infra.audit_sealing import read_seal
from transcriber.infra.database import Database
from transcriber.infra.ownership import for_everybody

PAGE = 1_000
COLUMNS = tuple(AuditEntryRead.model_fields)
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
# A spreadsheet takes what begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_entries(database: Database, chosen: ActFilter, kind: ExportFormat) -> Iterator[bytes]:
    """The sealed entries in the chain's order, up to its end as it is now.

    Each page is read in a short transaction of its own, so that a slow reader holds none open.
    """
    with database.snapshot() as session:
        seal = read_seal(session)
    head = ChainPlace(seal.sequence, seal.hash)
    removed = ChainPlace(seal.removed_sequence, seal.removed_hash)
    pages = _read_pages(database, chosen, head.sequence)
    return _write_csv(pages) if kind == "csv" else _write_json(pages, removed, head)


@for_everybody
def _read_pages(database: Database, chosen: ActFilter, last: int) -> Iterator[Sequence[AuditEntry]]:
    after = 0
    while True:
        query = chosen.narrow(select(AuditEntry)).where(
            AuditEntry.sequence > after, AuditEntry.sequence <= last
        )
        with database.snapshot() as session:
            page = session.scalars(query.order_by(AuditEntry.sequence).limit(PAGE)).all()
        if page:
            yield page
            after = page[-1].sequence or last
        if len(page) < PAGE:
            return


def _write_csv(pages: Iterator[Sequence[AuditEntry]]) -> Iterator[bytes]:
    """RFC 4180, with a line that names the columns."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for page in pages:
        writer.writerows([_spell(value) for value in _show(entry).values()] for entry in page)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()
    if buffer.tell():
        yield buffer.getvalue().encode()


def _write_json(
    pages: Iterator[Sequence[AuditEntry]], removed: ChainPlace, head: ChainPlace
) -> Iterator[bytes]:
    """One document with an entry a line: nobody takes one that was cut off for whole."""
    ends = json.dumps({"removed": asdict(removed), "head": asdict(head)})
    yield f'{ends[:-1]}, "entries": ['.encode()
    separator = "\n"
    for page in pages:
        lines = [json.dumps(_show(entry)) for entry in page]
        yield (separator + ",\n".join(lines)).encode()
        separator = ",\n"
    yield b"\n]}\n"


def _show(entry: AuditEntry) -> dict[str, str | int | None]:
    shown = {name: getattr(entry, name) for name in COLUMNS}
    # As the hash covers it.
    return shown | {"created_at": entry.created_at.isoformat(timespec="microseconds")}


def _spell(value: str | int | None) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
