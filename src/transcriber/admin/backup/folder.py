"""The folder that a backup is, and its manifest, which is written last."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from transcriber.admin.backup.checksums import CHECKSUMS
from transcriber.infra.errors import StartupError

MANIFEST = "manifest.json"
OBJECTS = "objects"
FORMAT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a complete backup holds.

    Attributes:
        database: `sqlite` or `postgresql`: a backup of one cannot be restored into the other.
        created_at: When the database's snapshot was taken, UTC, ISO 8601.
        objects: How many objects it holds.
        size_bytes: Of the objects, together.
        checksums_sha256: SHA-256 in hex of the list of checksums, which vouches for all the rest.
    """

    format: int = FORMAT
    database: str
    created_at: str
    objects: int
    size_bytes: int
    checksums_sha256: str


def open_folder(directory: Path) -> None:
    """Make the folder, or take one that holds an earlier backup.

    Raises:
        StartupError: when it holds something else, or cannot be made.
    """
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = {path.name for path in directory.iterdir()}
    except OSError as error:
        raise StartupError(f"{directory} cannot be used: {error.strerror}.") from None
    known = {MANIFEST, CHECKSUMS, OBJECTS, locate_database(directory, "sqlite").name}
    known |= {locate_database(directory, "postgresql").name}
    strange = sorted(name for name in names - known if not name.endswith(".part"))
    if strange:
        raise StartupError(
            f"{directory} holds something that is no backup ({strange[0]}); name an empty folder."
        )


def locate_database(directory: Path, kind: str) -> Path:
    """Where the database's copy is: SQLite's own file, or what `pg_dump` writes."""
    return directory / ("database.sqlite3" if kind == "sqlite" else "database.dump")


def locate_object(directory: Path, key: str) -> Path:
    """Where the copy of an object is."""
    kind, identifier = key.split("/")
    return directory / OBJECTS / kind / identifier[:2] / identifier


def list_objects(directory: Path) -> dict[str, Path]:
    """Every object's copy, by its key; half-written ones are none."""
    found = (directory / OBJECTS).glob("*/*/*")
    return {
        f"{path.parent.parent.name}/{path.name}": path
        for path in found
        if path.suffix != ".part" and path.is_file()
    }


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Say that the backup is complete."""
    part = directory / f"{MANIFEST}.part"
    part.write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    part.replace(directory / MANIFEST)


def read_manifest(directory: Path) -> Manifest:
    """The manifest of a complete backup.

    Raises:
        StartupError: when there is none, or it is of another format.
    """
    path = directory / MANIFEST
    try:
        members: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        found = members.get("format")
        if found != FORMAT:
            raise StartupError(f"{path} is of format {found!r}; this version reads {FORMAT}.")
        manifest = Manifest(**members)
    except FileNotFoundError:
        raise StartupError(
            f"{directory} holds no complete backup: {MANIFEST} is missing."
        ) from None
    except (OSError, ValueError, TypeError) as error:
        raise StartupError(f"{path} cannot be read: {error}.") from None
    return manifest
