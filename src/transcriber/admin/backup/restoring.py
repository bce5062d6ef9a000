"""Putting a backup into an empty installation, with the service stopped."""

import shutil
from pathlib import Path

from sqlalchemy import inspect

from transcriber.admin.backup.creating import COPY_BYTES
from transcriber.admin.backup.dumping import load_postgres
from transcriber.admin.backup.folder import (
    Manifest,
    list_objects,
    locate_database,
    read_manifest,
)
from transcriber.admin.backup.named_objects import list_named_objects
from transcriber.infra.context import Context
from transcriber.infra.errors import StartupError
from transcriber.migrations.upgrade import upgrade_database


def restore_backup(context: Context, directory: Path) -> Manifest:
    """Restore objects, then the database, then bring it to this version's revision.

    The database comes last: while it is missing, nobody takes a half-restored installation for
    a whole one.

    Raises:
        StartupError: when the backup is not complete or the installation is not empty.
        ServiceError: when the storage cannot be written.
    """
    manifest = read_manifest(directory)
    kind = "sqlite" if context.database.is_sqlite else "postgresql"
    if manifest.database != kind:
        raise StartupError(f"This is a backup of {manifest.database}; the service uses {kind}.")
    _require_empty(context)
    digests = {
        key: _put_object(context, key, path) for key, path in list_objects(directory).items()
    }
    if len(digests) != manifest.objects:
        raise StartupError(
            f"The backup holds {len(digests)} objects; its manifest says {manifest.objects}."
        )
    _put_database(context, locate_database(directory, kind))
    upgrade_database(context.settings)
    _check_objects(context, digests)
    return manifest


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
            while block := data.read(COPY_BYTES):
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


def _check_objects(context: Context, digests: dict[str, str]) -> None:
    with context.database.snapshot() as session:
        named = list_named_objects(session)
    damaged = [
        key
        for key, digest in named.items()
        if key in digests and digest is not None and digests[key] != digest
    ]
    if damaged:
        raise StartupError(f"The object {damaged[0]} of the backup is damaged: it was altered.")
