"""Putting a backup into an empty installation, with the service stopped."""

import shutil
from pathlib import Path

from sqlalchemy import inspect

from transcriber.admin.backup.checksums import (
    CHECKSUMS,
    READ_BYTES,
    compute_checksum,
    read_checksums,
)
from transcriber.admin.backup.dumping import load_postgres
from transcriber.admin.backup.folder import (
    Manifest,
    list_objects,
    locate_database,
    read_manifest,
)
from transcriber.infra.context import Context
from transcriber.infra.errors import StartupError
from transcriber.migrations.upgrade import upgrade_database


def restore_backup(context: Context, directory: Path) -> Manifest:
    """Restore objects, then the database, then bring it to this version's revision.

    The database comes last, once every file was found to be what was backed up: while it is
    missing, nobody takes a half-restored installation for a whole one.  Objects are hashed on
    their way into the storage, so each is read once.

    Raises:
        StartupError: when the backup is not complete, was altered, or the installation is not
            empty.
        ServiceError: when the storage cannot be written.
    """
    manifest = read_manifest(directory)
    kind = "sqlite" if context.database.is_sqlite else "postgresql"
    if manifest.database != kind:
        raise StartupError(f"This is a backup of {manifest.database}; the service uses {kind}.")
    _require_empty(context)
    checksums = _read_list(directory, manifest)
    database = locate_database(directory, kind)
    _compare(database, directory, checksums, compute_checksum(database))
    for key, path in list_objects(directory).items():
        _compare(path, directory, checksums, _put_object(context, key, path))
    if checksums:
        raise StartupError(f"The backup is not complete: {min(checksums)} is missing.")
    _put_database(context, database)
    upgrade_database(context.settings)
    return manifest


def _read_list(directory: Path, manifest: Manifest) -> dict[str, str]:
    checksums = read_checksums(directory)
    path = directory / CHECKSUMS
    if not checksums or compute_checksum(path) != manifest.checksums_sha256:
        raise StartupError(f"The list {CHECKSUMS} of the backup is damaged: it was altered.")
    return checksums


def _compare(path: Path, directory: Path, checksums: dict[str, str], found: str) -> None:
    """Take the file off the list of what is to come."""
    name = str(path.relative_to(directory))
    if checksums.pop(name, None) != found:
        raise StartupError(f"The file {name} of the backup is damaged: it was altered.")


def _require_empty(context: Context) -> None:
    url = context.database.engine.url
    if context.database.is_sqlite:
        is_empty = not Path(url.database or "").exists()
    else:
        is_empty = not inspect(context.database.engine).get_table_names()
    if not is_empty:
        raise StartupError("The database is not empty: restore into a new one.")


def _put_object(context: Context, key: str, path: Path) -> str:
    writer = context.storage.create(key)
    try:
        with path.open("rb") as data:
            while block := data.read(READ_BYTES):
                writer.write(block)
        return writer.commit().sha256
    except BaseException:
        writer.abort()
        raise


def _put_database(context: Context, source: Path) -> None:
    url = context.database.engine.url
    if not context.database.is_sqlite:
        load_postgres(url.render_as_string(hide_password=False), source)
        return
    target = Path(url.database or "")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    shutil.copyfile(source, part)
    part.replace(target)
