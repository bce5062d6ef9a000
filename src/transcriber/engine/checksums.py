"""SHA-256 of staged files, remembered so that three gigabytes are not read at every start."""

import contextlib
import hashlib
import json
import os
import re
import stat
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from transcriber.engine.errors import ModelError

SIDECAR_SUFFIX = ".sha256"
# A file changed this recently may change again without a new modification time, so what was read
# is not remembered.
SETTLED_AFTER_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the file system says about a file; it changes whenever the file is written."""

    size: int
    mtime_ns: int
    inode: int


def read_fingerprint(path: Path) -> Fingerprint:
    """Ask the file system for a file's size, modification time and inode.

    Raises:
        ModelError: `model_unreadable`.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise _describe_unreadable(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        # Opening a named pipe would wait for ever.
        raise ModelError(f"{path}: expected a file, found none.", code="model_unreadable")
    return Fingerprint(status.st_size, status.st_mtime_ns, status.st_ino)


def compute_checksum(path: Path, cache_dir: Path) -> str:
    """Hash a file, or recall its hash if the file has not changed since.

    Args:
        path: The file.
        cache_dir: Hashes are kept in its folder `checksums`; an unwritable one costs only time.

    Returns:
        The SHA-256 in lower-case hexadecimal.

    Raises:
        ModelError: `model_unreadable`, also when the file changes while it is read.
    """
    fingerprint = read_fingerprint(path)
    record = _locate_record(path, cache_dir)
    remembered = _recall(record, fingerprint)
    if remembered is not None:
        return remembered
    try:
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise _describe_unreadable(path, error) from error
    refuse_change(path, fingerprint)
    if time.time() - fingerprint.mtime_ns / 1e9 > SETTLED_AFTER_SECONDS:
        _remember(record, fingerprint, sha256)
    return sha256


def forget_checksum(path: Path, cache_dir: Path) -> None:
    """Have a file hashed the next time, also where it looks as it did: disks rot in silence.

    Args:
        path: The file.
        cache_dir: Where its hash is kept; an unwritable one keeps it.
    """
    with contextlib.suppress(OSError):
        _locate_record(path, cache_dir).unlink(missing_ok=True)


def refuse_change(path: Path, fingerprint: Fingerprint) -> None:
    """Make sure that a file is still the one that was fingerprinted.

    Raises:
        ModelError: `model_unreadable`; someone is still copying it.
    """
    if read_fingerprint(path) != fingerprint:
        raise ModelError(
            f"{path}: the file changed while it was read; wait until it is copied completely.",
            code="model_unreadable",
        )


def read_sidecar(path: Path) -> str | None:
    """Read the checksum that an operator staged beside a file, as `sha256sum` writes it.

    Args:
        path: The model file; the sidecar is `PATH.sha256`.

    Returns:
        The expected SHA-256, or None without a sidecar.

    Raises:
        ModelError: `model_malformed`, the sidecar holds something else.
    """
    sidecar = path.with_name(path.name + SIDECAR_SUFFIX)
    try:
        content = sidecar.read_bytes()[:4096].decode("ascii", errors="replace").split()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _describe_unreadable(sidecar, error) from error
    if not content or not re.fullmatch("[0-9a-fA-F]{64}", content[0]):
        raise ModelError(f"{sidecar}: expected a SHA-256 in 64 hexadecimal digits.")
    return content[0].lower()


def _locate_record(path: Path, cache_dir: Path) -> Path:
    key = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()
    return cache_dir / "checksums" / f"{key}.json"


def _recall(record: Path, fingerprint: Fingerprint) -> str | None:
    try:
        found = json.loads(record.read_bytes())
        known = Fingerprint(found["size"], found["mtime_ns"], found["inode"])
        return str(found["sha256"]) if known == fingerprint else None
    except (OSError, ValueError, LookupError, TypeError):
        # No record, or not one of ours: the file is simply hashed again.
        return None


def _remember(record: Path, fingerprint: Fingerprint, sha256: str) -> None:
    content = {
        "size": fingerprint.size,
        "mtime_ns": fingerprint.mtime_ns,
        "inode": fingerprint.inode,
        "sha256": sha256,
    }
    # Hashing again next time is the only cost of not being able to write.
    with contextlib.suppress(OSError):
        record.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=record.parent, suffix=".partial")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump(content, stream)
            Path(name).replace(record)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _describe_unreadable(path: Path, error: OSError) -> ModelError:
    reason = error.strerror or type(error).__name__
    return ModelError(f"{path}: cannot be read: {reason}.", code="model_unreadable")
