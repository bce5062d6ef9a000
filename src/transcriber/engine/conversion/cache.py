"""Convert each checkpoint once, however many processes ask at the same time.

A finished conversion appears under its checksum by one rename, after its files are on the disk; a
process that dies half-way leaves only a folder whose name begins with a dot, which the next one to
hold the lock removes.
"""

import errno
import json
import os
import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from transcriber.engine.checkpoint import read_checkpoint
from transcriber.engine.checksums import Fingerprint, refuse_change
from transcriber.engine.conversion.model_directory import write_model_directory
from transcriber.engine.converted import CONVERSION_VERSION, MANIFEST, is_converted
from transcriber.engine.errors import ModelError

# Whisper large takes about a minute; a process that waits longer than this waits for a hung one.
LOCK_TIMEOUT_SECONDS = 900.0


def ensure_converted(
    path: Path, sha256: str, cache_dir: Path, *, fingerprint: Fingerprint | None = None
) -> Path:
    """Return the CTranslate2 directory of a checkpoint, converting it if no one has yet.

    Args:
        path: The checkpoint.
        sha256: Its checksum, which names the directory.
        cache_dir: Where conversions are kept; created if missing.
        fingerprint: The checkpoint's, from before the checksum was computed.  What was converted
            from a file that is another one by now is thrown away, not kept under its checksum.

    Returns:
        A complete model directory.

    Raises:
        ModelError: The checkpoint is unusable (see `read_checkpoint`) or changes, or the cache is
            (`model_cache_unusable`).
    """
    target = cache_dir / sha256
    try:
        cache_dir.mkdir(parents=True, exist_ok=True)
        if is_converted(sha256, cache_dir):
            return target
        with FileLock(cache_dir / f".{sha256}.lock", timeout=LOCK_TIMEOUT_SECONDS):
            if not is_converted(sha256, cache_dir):
                _remove_leftovers(target)
                _convert(path, sha256, target, fingerprint)
    except Timeout as error:
        raise ModelError(
            f"{cache_dir}: another process has been converting {path.name} for "
            f"{LOCK_TIMEOUT_SECONDS:.0f} s.",
            code="model_cache_unusable",
        ) from error
    except OSError as error:
        raise _describe_cache_failure(cache_dir, path, error) from error
    return target


def _convert(path: Path, sha256: str, target: Path, fingerprint: Fingerprint | None) -> None:
    partial = target.with_name(f".{sha256}.{os.getpid()}.partial")
    partial.mkdir()
    try:
        write_model_directory(read_checkpoint(path), partial, sha256)
        sizes = {file.name: file.stat().st_size for file in sorted(partial.iterdir())}
        manifest = {"version": CONVERSION_VERSION, "source": path.name, "files": sizes}
        (partial / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
        for item in (*partial.iterdir(), partial):
            _sync(item)
        if fingerprint is not None:
            refuse_change(path, fingerprint)
        partial.rename(target)
        _sync(target.parent)
    except ModelError as error:
        shutil.rmtree(partial, ignore_errors=True)
        message = str(error) if str(path) in str(error) else f"{path}: {error}."
        raise ModelError(message, code=error.code) from error
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _remove_leftovers(target: Path) -> None:
    # The lock is held, so that whatever is here belongs to no living process.
    for partial in target.parent.glob(f".{target.name}.*.partial"):
        shutil.rmtree(partial)
    if target.exists():
        shutil.rmtree(target)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _describe_cache_failure(cache_dir: Path, path: Path, error: OSError) -> ModelError:
    reason = error.strerror or type(error).__name__
    advice = "; set MODEL_CACHE_DIR to one with room" if error.errno == errno.ENOSPC else ""
    return ModelError(
        f"{cache_dir}: cannot keep the conversion of {path.name}: {reason}{advice}.",
        code="model_cache_unusable",
    )
