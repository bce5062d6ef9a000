import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from job_builders import add_job, list_spans, must_claim, store_plan, store_span
from service_context import build_settings, create_postgres_database
from transcriber.admin.backup.checksums import CHECKSUMS
from transcriber.admin.backup.creating import create_backup
from transcriber.admin.backup.folder import MANIFEST, list_objects, locate_object, read_manifest
from transcriber.admin.backup.restoring import restore_backup
from transcriber.infra.context import Context, build_context
from transcriber.infra.errors import StartupError
from transcriber.jobs.models import Job
from transcriber.jobs.service import JobService
from transcriber.recordings.models import Recording
from transcriber.transcripts.service import read_transcript


def test_a_backup_restores_jobs_transcripts_and_recordings(
    context: Context, tmp_path: Path
) -> None:
    done = _complete(context, b"the first recording")
    half_done = _begin(context, b"the second recording")
    report = create_backup(context, tmp_path / "backup")
    assert (report.objects, report.copied, report.gone) == (4, 4, 0)
    with _open_empty(context, tmp_path / "restored") as restored:
        restore_backup(restored, tmp_path / "backup")
        assert _read_bytes(restored, done) == b"the first recording"
        assert _read_bytes(restored, half_done) == b"the second recording"
        with restored.database.snapshot() as session:
            stored = read_transcript(session, "alice", done)
            assert [each.text for each in stored.transcript.segments] == ["one", "two"]
        # The work goes on where it was.
        assert [span.state for span in list_spans(restored, half_done)] == ["done", "queued"]
        store_span(restored, must_claim(restored))
        with restored.database.snapshot() as session:
            assert session.get_one(Job, half_done).state == "completed"


def test_a_second_backup_copies_what_is_new_and_forgets_what_was_deleted(
    context: Context, tmp_path: Path
) -> None:
    first = add_job(context, data=b"deleted soon")
    create_backup(context, tmp_path / "backup")
    with context.database.unit_of_work() as uow:
        JobService(uow, context.queue, context.storage).delete("alice", first)
    add_job(context, data=b"kept")
    report = create_backup(context, tmp_path / "backup")
    assert (report.objects, report.copied) == (1, 1)
    held = [path.read_bytes() for path in list_objects(tmp_path / "backup").values()]
    assert held == [b"kept"]


def test_a_lost_object_is_told_and_the_backup_is_not_called_complete(
    context: Context, tmp_path: Path
) -> None:
    job_id = add_job(context)
    context.storage.delete(_find_key(context, job_id))
    with pytest.raises(StartupError, match="1 stored objects are missing"):
        create_backup(context, tmp_path / "backup")
    with pytest.raises(StartupError, match="holds no complete backup"):
        read_manifest(tmp_path / "backup")


def test_a_damaged_object_is_found_while_it_is_copied(context: Context, tmp_path: Path) -> None:
    job_id = add_job(context)
    with context.storage.local_file(_find_key(context, job_id)) as path:
        path.write_bytes(b"SOME BYTES")
    with pytest.raises(StartupError, match="is damaged"):
        create_backup(context, tmp_path / "backup")


def _alter_object(backup: Path) -> None:
    next(iter(list_objects(backup).values())).write_bytes(b"SOME BYTES")


def _lose_object(backup: Path) -> None:
    next(iter(list_objects(backup).values())).unlink()


def _add_object(backup: Path) -> None:
    path = locate_object(backup, f"recordings/{'a' * 32}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"not of this backup")


def _alter_database(backup: Path) -> None:
    path = next(each for each in backup.iterdir() if each.name.startswith("database."))
    path.write_bytes(path.read_bytes() + b"\0")


def _alter_list(backup: Path) -> None:
    path = backup / CHECKSUMS
    path.write_text(path.read_text().replace("a", "b"))


ALTERATIONS: dict[str, tuple[Callable[[Path], None], str]] = {
    "object": (_alter_object, "objects/.* was altered"),
    "lost": (_lose_object, "is not complete: objects/.* is missing"),
    "added": (_add_object, "was altered"),
    "database": (_alter_database, "database.* was altered"),
    "list": (_alter_list, "checksums.txt .* was altered"),
}


@pytest.mark.parametrize("name", ALTERATIONS)
def test_an_altered_backup_is_refused_before_there_is_a_database(
    context: Context, tmp_path: Path, name: str
) -> None:
    alter, words = ALTERATIONS[name]
    add_job(context)
    create_backup(context, tmp_path / "backup")
    alter(tmp_path / "backup")
    with _open_empty(context, tmp_path / "restored") as restored:
        with pytest.raises(StartupError, match=words):
            restore_backup(restored, tmp_path / "backup")
        url = restored.database.engine.url
        if restored.database.is_sqlite:
            assert not Path(url.database or "").exists()
        else:
            assert inspect(restored.database.engine).get_table_names() == []


def test_the_list_of_checksums_is_what_sha256sum_reads(context: Context, tmp_path: Path) -> None:
    _begin(context, b"a recording and its samples")
    create_backup(context, tmp_path / "backup")
    # A second backup takes over what it knows of the samples.
    create_backup(context, tmp_path / "backup")
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", CHECKSUMS],
        cwd=tmp_path / "backup",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count(": OK") == 3


def test_a_backup_of_another_format_is_told_as_such(context: Context, tmp_path: Path) -> None:
    create_backup(context, tmp_path / "backup")
    path = tmp_path / "backup" / MANIFEST
    path.write_text(path.read_text().replace('"format": 2', '"format": 1'))
    with pytest.raises(StartupError, match="is of format 1; this version reads 2"):
        read_manifest(tmp_path / "backup")


def test_an_installation_that_holds_something_is_not_overwritten(
    context: Context, tmp_path: Path
) -> None:
    create_backup(context, tmp_path / "backup")
    with pytest.raises(StartupError, match="not empty"):
        restore_backup(context, tmp_path / "backup")


def test_a_folder_of_something_else_is_left_alone(context: Context, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "to_mother.txt").write_text("Dear mother")
    with pytest.raises(StartupError, match=r"no backup \(to_mother.txt\)"):
        create_backup(context, tmp_path / "letters")


def _begin(context: Context, data: bytes) -> str:
    job_id = add_job(context, data=data)
    store_plan(context, must_claim(context), spans=1)
    return job_id


def _complete(context: Context, data: bytes) -> str:
    job_id = _begin(context, data)
    store_span(context, must_claim(context))
    return job_id


@contextmanager
def _open_empty(context: Context, data_dir: Path) -> Generator[Context]:
    """An installation of the same kind that was never started."""
    if context.database.is_sqlite:
        restored = build_context(build_settings(data_dir))
        yield restored
        restored.close()
        return
    with create_postgres_database() as url:
        restored = build_context(build_settings(data_dir, database_url=url))
        yield restored
        restored.close()


def _find_key(context: Context, job_id: str) -> str:
    with context.database.snapshot() as session:
        query = select(Recording.storage_key).join(Job, Job.recording_id == Recording.id)
        return session.scalars(query.where(Job.id == job_id)).one()


def _read_bytes(context: Context, job_id: str) -> bytes:
    return context.storage.read_range(_find_key(context, job_id), 0, 1_000)
