import os
from pathlib import Path

import pytest

from checkpoint_builder import build_checkpoint
from transcriber.engine.examination import examine_apart
from transcriber.engine.model_reports import ModelReport
from transcriber.engine.models import find_model, validate_model
from transcriber.engine.staged_models import StagedModel
from transcriber.jobs.examined_models import (
    examine_model,
    find_examined_at,
    forget_examinations,
    read_files_state,
)


@pytest.fixture
def models(tmp_path: Path) -> Path:
    directory = tmp_path / "models"
    directory.mkdir()
    _write(directory / "base.pt", build_checkpoint())
    return directory


def _write(path: Path, content: bytes, *, age_seconds: float = 60) -> None:
    path.write_bytes(content)
    written = path.stat().st_mtime - age_seconds
    os.utime(path, (written, written))


def _examine(models: Path) -> ModelReport:
    return examine_model(find_model("base", models), models.parent / "cache", validate_model)


def test_a_model_is_read_once_while_its_files_are_the_same(models: Path) -> None:
    first = _examine(models)
    assert (first.problem, first.languages) == (None, 99)
    assert _examine(models) is first


def test_a_sidecar_that_comes_or_goes_is_seen_at_once(models: Path) -> None:
    first = _examine(models)
    sidecar = models / "base.pt.sha256"
    _write(sidecar, b"0" * 64)
    assert _examine(models).code == "model_checksum"
    assert _examine(models) is _examine(models)
    assert first.sha256 is not None
    _write(sidecar, first.sha256.encode())
    assert _examine(models).problem is None
    sidecar.unlink()
    assert _examine(models).problem is None


def test_a_damaged_file_is_seen_and_its_mending_too(models: Path) -> None:
    whole = (models / "base.pt").read_bytes()
    _write(models / "base.pt", whole[:-100])
    assert _examine(models).code == "model_truncated"
    _write(models / "base.pt", whole)
    assert _examine(models).problem is None


def test_what_was_written_just_now_is_read_again(models: Path) -> None:
    _write(models / "base.pt", build_checkpoint(), age_seconds=0)
    assert _examine(models) is not _examine(models)


def test_a_changed_file_of_a_directory_changes_its_state(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    for name in ("model.bin", "config.json"):
        (own / name).write_bytes(b"{}")
    before = read_files_state(find_model("own", tmp_path))
    assert read_files_state(find_model("own", tmp_path)) == before
    (own / "config.json").write_bytes(b'{"a": 1}')
    assert read_files_state(find_model("own", tmp_path)) != before


def test_a_process_of_its_own_finds_the_same(models: Path) -> None:
    (models / "damaged.pt").write_bytes(build_checkpoint()[:-100])
    for name in ("base", "damaged"):
        staged = find_model(name, models)
        apart = examine_apart(staged, models.parent / "cache")
        assert apart == validate_model(staged, models.parent / "cache")


def test_a_process_that_fails_is_told_as_a_problem(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", "/nowhere")
    report = examine_apart(find_model("base", models), models.parent / "cache")
    assert report.code == "model_unreadable"
    assert "could not be examined" in (report.problem or "")


def test_what_rotted_in_silence_is_found_when_asked_to_look_again(models: Path) -> None:
    path = models / "base.pt"
    cache_dir = models.parent / "cache"
    staged = find_model("base", models)
    first = _examine(models)
    assert first.sha256 is not None
    _write(models / "base.pt.sha256", first.sha256.encode())
    assert _examine(models).problem is None
    read_at = find_examined_at(staged, cache_dir)
    assert read_at is not None
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    # In place: same inode, same times, as far as a program can bring them back.
    with path.open("r+b") as stream:
        stream.write(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    forget_examinations([staged], cache_dir)
    report = _examine(models)
    assert report.code == "model_checksum"
    assert report.sha256 != first.sha256
    again = find_examined_at(staged, cache_dir)
    assert again is not None
    assert again > read_at


def test_an_examination_from_before_is_not_remembered(models: Path) -> None:
    staged = find_model("base", models)
    cache_dir = models.parent / "cache"

    def validate(model: StagedModel, cache: Path) -> ModelReport:
        report = validate_model(model, cache)
        forget_examinations([model], cache)
        return report

    late = examine_model(staged, cache_dir, validate)
    assert _examine(models) is not late
