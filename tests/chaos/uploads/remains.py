"""What is left when nobody sends any more: rows without bytes, bytes without rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from chaos.rows import Rows
from chaos.stack import Stack
from s3_server import S3Server

OPEN = "('receiving', 'verifying')"
CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Remains:
    """What should not be there, each in a few words."""

    dangling: list[str] = field(default_factory=list[str])
    orphans: list[str] = field(default_factory=list[str])


def find_remains(stack: Stack, rows: Rows, store: S3Server | None) -> Remains:
    """Hold the tables and the stored bytes against each other; nobody may be sending."""
    recordings: dict[str, int] = dict(map(tuple, rows.query(_RECORDINGS)))
    begun = {key: (handle, upload) for key, handle, upload in rows.query(_BEGUN)}
    dangling = [*_list_left_rows(rows), *_list_miscounts(rows)]
    if store is None:
        root = stack.data_dir / "objects"
        dangling += _list_missing_files(rows, root, recordings)
        return Remains(dangling, [*_list_orphaned_files(root, recordings, begun)])
    keys, unfinished = set(store.list_keys()), set(store.list_unfinished())
    dangling += [f"the object {key} is missing" for key in recordings.keys() - keys]
    # A verification that is under way may have made one object of the parts already.
    dangling += [f"the parts of {key} are missing" for key in begun.keys() - unfinished - keys]
    strays = [*(keys - recordings.keys() - begun.keys()), *(unfinished - begun.keys())]
    scratch = [str(path) for path in (stack.data_dir / "scratch").rglob("*") if path.is_file()]
    return Remains(dangling, strays + scratch)


def _list_left_rows(rows: Rows) -> list[str]:
    chunks = rows.query(
        "SELECT c.upload_id, count(*) FROM upload_chunks c JOIN uploads u ON u.id = c.upload_id"
        f" WHERE u.state NOT IN {OPEN} GROUP BY c.upload_id"
    )
    uncleaned = rows.query(
        f"SELECT id, state FROM uploads WHERE state NOT IN {OPEN} AND cleaned_at IS NULL"
    )
    return [
        *(f"{count} chunks of the ended upload {upload}" for upload, count in chunks),
        *(f"the upload {upload} is {state} and not cleaned" for upload, state in uncleaned),
        *(f"the deletion of {key}" for (key,) in rows.query("SELECT storage_key FROM deletions")),
    ]


def _list_miscounts(rows: Rows) -> list[str]:
    """Reservations, and sums of bytes, that are not those of the rows they count."""
    reserved = rows.query(
        f"SELECT coalesce(sum(size_bytes), 0), count(*) FROM uploads WHERE state IN {OPEN}"
    )[0]
    stored = rows.query("SELECT coalesce(sum(size_bytes), 0) FROM recordings")[0][0]
    counted = rows.query(
        "SELECT coalesce(sum(reserved_bytes), 0), coalesce(sum(open_uploads), 0),"
        " coalesce(sum(stored_bytes), 0) FROM storage_usage"
    )[0]
    expected = (*map(int, reserved), int(stored))
    names = ("bytes reserved", "uploads counted as open", "bytes counted as stored")
    found = [
        f"{is_there} {name}, not {should}"
        for name, is_there, should in zip(names, map(int, counted), expected, strict=True)
        if is_there != should
    ]
    sums = rows.query(
        "SELECT u.id, u.received_bytes, coalesce(sum(c.size_bytes), 0) FROM uploads u"
        f" LEFT JOIN upload_chunks c ON c.upload_id = u.id WHERE u.state IN {OPEN}"
        " GROUP BY u.id, u.received_bytes"
    )
    return found + [
        f"the upload {upload} counts {received} bytes, its chunks have {total}"
        for upload, received, total in sums
        if int(received) != int(total)
    ]


def _list_missing_files(rows: Rows, root: Path, recordings: dict[str, int]) -> list[str]:
    found: list[str] = []
    for key, size in recordings.items():
        path = _locate(root, key)
        if not path.is_file() or path.stat().st_size != size:
            found.append(f"the object {key} is missing or has another length")
    for key, handle, file, end in rows.query(_CHUNK_ENDS):
        path = _locate(root, key.replace("recordings/", "parts/")) / f"{handle}.{file}"
        if not path.is_file() or path.stat().st_size < end:
            found.append(f"the file {path.name} of {key} lacks chunks that are committed")
    return found


def _list_orphaned_files(
    root: Path, recordings: dict[str, int], begun: dict[str, tuple[str, str]]
) -> Iterable[str]:
    for path in sorted(root.rglob("*")):
        kind, *rest = path.relative_to(root).parts
        name = "/".join((kind, *rest))
        if path.is_file():
            if name == CLOCK:
                continue
            if kind == "parts":
                known = begun.get(f"recordings/{rest[1]}")
                is_known = known is not None and rest[2].startswith(f"{known[0]}.")
            else:
                is_known = kind == "recordings" and f"recordings/{rest[1]}" in recordings
            if not is_known:
                yield name
        elif kind == "parts" and len(rest) == 2 and f"recordings/{rest[1]}" not in begun:
            # A folder of an upload is left behind even when it is empty.
            yield name


def _locate(root: Path, key: str) -> Path:
    kind, identifier = key.split("/")
    return root / kind / identifier[:2] / identifier


_RECORDINGS = "SELECT storage_key, size_bytes FROM recordings WHERE removed_at IS NULL"
_BEGUN = "SELECT storage_key, handle, id FROM uploads WHERE handle IS NOT NULL AND state IN " + OPEN
_CHUNK_ENDS = (
    "SELECT u.storage_key, u.handle, c.file, max(c.start + c.size_bytes) FROM uploads u"
    f" JOIN upload_chunks c ON c.upload_id = u.id WHERE u.state IN {OPEN}"
    " GROUP BY u.storage_key, u.handle, c.file"
)
