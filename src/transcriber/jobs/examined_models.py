"""Examining a staged model reads all of it, so it is done once for each state of its files."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from transcriber.engine.checksums import (
    SETTLED_AFTER_SECONDS,
    SIDECAR_SUFFIX,
    forget_checksum,
)
from transcriber.engine.examination import examine_apart
from transcriber.engine.model_reports import ModelReport
from transcriber.engine.staged_models import StagedModel

Validate = Callable[[StagedModel, Path], ModelReport]

# The newest report of each model of this process, with the state of the files it is about.
_reports: dict[tuple[Path, Path], tuple["FilesState", ModelReport]] = {}
# When the files of each model were last read for a report, by this machine's clock.
_times: dict[tuple[Path, Path], datetime] = {}
# How often all of that was forgotten: an examination that began before is not remembered.
_epoch = 0


@dataclass(frozen=True, slots=True)
class FilesState:
    """What the file system says about a model's files; any change to one of them changes it.

    Attributes:
        files: Name, size, inode, and the times of content and of attributes, for each file.
        changed_at: When content last changed, seconds since the epoch.
    """

    files: tuple[tuple[str, int, int, int, int], ...]
    changed_at: float


def read_files_state(staged: StagedModel) -> FilesState:
    """Look at the checkpoint and its sidecar, or at every file of a CTranslate2 directory."""
    if staged.kind == "ctranslate2":
        paths = _list_directory(staged.path)
    else:
        paths = [staged.path, staged.path.with_name(staged.path.name + SIDECAR_SUFFIX)]
    files: list[tuple[str, int, int, int, int]] = []
    for path in paths:
        try:
            found = path.stat()
        except OSError:
            # Examining the model says what is wrong with a file that cannot be looked at.
            continue
        times = (found.st_mtime_ns, found.st_ctime_ns)
        files.append((path.name, found.st_size, found.st_ino, *times))
    newest = max((mtime_ns for *_, mtime_ns, _ in files), default=0)
    return FilesState(tuple(files), newest / 1e9)


def examine_model(
    staged: StagedModel, cache_dir: Path, validate: Validate = examine_apart
) -> ModelReport:
    """Validate a model, or recall the report while its files are the same.

    The report's `converted` is as old as the report.

    Args:
        staged: The model.
        cache_dir: Where checksums and conversions are kept.
        validate: How; a process that loads models anyway needs no other for it.
    """
    state = read_files_state(staged)
    key = (staged.path, cache_dir)
    known = _reports.get(key)
    if known is not None and known[0] == state:
        return known[1]
    epoch = _epoch
    report = validate(staged, cache_dir)
    _times[key] = datetime.now(UTC)
    # Failing to read may pass by itself, and a file written just now may change again within the
    # same tick of the file system's clock.
    is_final = report.code != "model_unreadable"
    if is_final and epoch == _epoch and time.time() - state.changed_at > SETTLED_AFTER_SECONDS:
        _reports[key] = (state, report)
    return report


def find_examined_at(staged: StagedModel, cache_dir: Path) -> datetime | None:
    """When this process last read a model's files for a report; None before the first time."""
    return _times.get((staged.path, cache_dir))


def forget_examinations(staged: Iterable[StagedModel], cache_dir: Path) -> None:
    """Have every model read again, the checksums that are kept on the disk included."""
    global _epoch  # noqa: PLW0603 -- the reports above are the process's, too
    _epoch += 1
    _reports.clear()
    for model in staged:
        forget_checksum(model.weights, cache_dir)


def _list_directory(directory: Path) -> list[Path]:
    try:
        return sorted(directory.iterdir())
    except OSError:
        return []
