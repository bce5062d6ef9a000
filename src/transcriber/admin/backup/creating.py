"""Making a backup while the service runs.

Objects are copied first, then the database, then the objects that came meanwhile: so whatever the
database's copy names was still there when it was copied, except what its owner deleted since.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from transcriber.admin.backup.checksums import (
    CHECKSUMS,
    READ_BYTES,
    compute_checksum,
    read_checksums,
    write_checksums,
)
from transcriber.admin.backup.dumping import dump_database
from transcriber.admin.backup.folder import (
    Manifest,
    list_objects,
    locate_database,
    locate_object,
    open_folder,
    write_manifest,
)
from transcriber.admin.backup.named_objects import list_named_objects
from transcriber.infra.context import Context
from transcriber.infra.errors import StartupError
from transcriber.infra.storage.errors import ObjectMissingError


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """What a backup holds, and how much of it was new.

    Attributes:
        gone: Objects that their owners deleted while the backup was made.
    """

    objects: int
    copied: int
    size_bytes: int
    gone: int


def create_backup(context: Context, directory: Path) -> BackupReport:
    """Make a backup, or bring an earlier one in the same folder up to date.

    Raises:
        StartupError: when the folder, the tools or the stored bytes are not as they should be.
        ServiceError: when the storage cannot be read.
        sqlalchemy.exc.OperationalError: when the database is away.
    """
    open_folder(directory)
    kind = "sqlite" if context.database.is_sqlite else "postgresql"
    with context.database.snapshot() as session:
        early = list_named_objects(session)
    copied, _ = _copy_missing(context, directory, early)
    taken_at, named = dump_database(context.database, locate_database(directory, kind))
    late, missing = _copy_missing(context, directory, named)
    _refuse_lost(context, missing)
    kept = _remove_others(directory, set(named))
    size = sum(path.stat().st_size for path in kept.values())
    _note_checksums(directory, kept, named, locate_database(directory, kind))
    manifest = Manifest(
        database=kind,
        created_at=taken_at.isoformat(),
        objects=len(kept),
        size_bytes=size,
        checksums_sha256=compute_checksum(directory / CHECKSUMS),
    )
    write_manifest(directory, manifest)
    return BackupReport(objects=len(kept), copied=copied + late, size_bytes=size, gone=len(missing))


def _copy_missing(
    context: Context, directory: Path, named: dict[str, str | None]
) -> tuple[int, list[str]]:
    copied, missing = 0, list[str]()
    for key, digest in named.items():
        target = locate_object(directory, key)
        if target.is_file():
            continue
        try:
            _copy_object(context, key, digest, target)
            copied += 1
        except ObjectMissingError:
            missing.append(key)
    return copied, missing


def _copy_object(context: Context, key: str, digest: str | None, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    sha256 = hashlib.sha256()
    with (
        context.storage.local_file(key) as source,
        source.open("rb") as data,
        part.open("wb") as out,
    ):
        while block := data.read(READ_BYTES):
            sha256.update(block)
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    if digest is not None and sha256.hexdigest() != digest:
        part.unlink()
        raise StartupError(f"The stored object {key} is damaged: its SHA-256 is not its row's.")
    part.replace(target)


def _note_checksums(
    directory: Path, kept: dict[str, Path], named: dict[str, str | None], database: Path
) -> None:
    earlier = read_checksums(directory)
    digests = {database.name: compute_checksum(database)}
    for key, path in kept.items():
        name = str(path.relative_to(directory))
        digests[name] = named[key] or earlier.get(name) or compute_checksum(path)
    write_checksums(directory, digests)


def _refuse_lost(context: Context, missing: list[str]) -> None:
    # What a row still names and the storage has not was lost, not deleted.
    with context.database.snapshot() as session:
        lost = sorted(set(missing) & set(list_named_objects(session)))
    if lost:
        raise StartupError(
            f"{len(lost)} stored objects are missing although the database names them, the first "
            f"is {lost[0]}; the backup is not complete."
        )


def _remove_others(directory: Path, named: set[str]) -> dict[str, Path]:
    """Let go of what was deleted since an earlier backup; returns what stays."""
    kept: dict[str, Path] = {}
    for key, path in list_objects(directory).items():
        if key in named:
            kept[key] = path
        else:
            path.unlink()
    return kept
