"""A storage that is full or away: jobs wait for it, however long, and then complete."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from hostile_media import build_noise, build_wav
from job_builders import FakeEngines, add_job, list_moves, read_job
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.context import Context
from transcriber.infra.errors import StorageFullError
from transcriber.infra.storage import LocalStorage
from transcriber.infra.storage.errors import translate_os_error
from transcriber.infra.storage.local_writer import LocalWriter
from transcriber.jobs.models import Job
from transcriber.jobs.runner import Runner

NO_VAD = TranscribeOptions(vad_filter=False)
PATIENCE = 8
"""Rounds of waiting; a failure that counts ends a job after five."""


class MoodyStorage(LocalStorage):
    """A disk that has no room for new objects, or cannot be read, until it is well again."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, low_water_bytes=0)
        self.create_error = self.read_error = 0
        self.is_low = False

    def check_space(self, needed_bytes: int) -> None:
        if self.is_low:
            raise StorageFullError("Only the reserve is left.")
        super().check_space(needed_bytes)

    def create(self, key: str, *, may_use_reserve: bool = False) -> LocalWriter:
        _fail(self.create_error)
        return super().create(key, may_use_reserve=may_use_reserve)

    def read_range(self, key: str, offset: int, length: int) -> bytes:
        _fail(self.read_error)
        return super().read_range(key, offset, length)

    def find_file(self, key: str) -> Path:
        return self._path(key)


def _fail(number: int) -> None:
    if number:
        raise translate_os_error(OSError(number, os.strerror(number)), "use the disk")


def build_moody(context: Context) -> tuple[Context, MoodyStorage]:
    storage = MoodyStorage(context.settings.resolved_storage_dir)
    return replace(context, storage=storage), storage


def submit_noise(context: Context) -> str:
    return add_job(context, data=build_wav(build_noise(3)), options=NO_VAD)


def work(context: Context, job_id: str) -> Job:
    """Let a worker look, as it would once the pause is over."""
    with context.database.unit_of_work() as uow:
        uow.session.get_one(Job, job_id).not_before = None
    Runner(context, FakeEngines(), worker_id="w1").run_token()
    return read_job(context, job_id)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "storage_full"),
        (errno.EDQUOT, "storage_full"),
        (errno.EIO, "storage_unavailable"),
        (errno.ESTALE, "storage_unavailable"),
    ],
)
@pytest.mark.parametrize("where", ["create_error", "read_error"])
def test_a_job_waits_for_the_storage_with_the_reason_shown(
    context: Context, where: str, number: int, code: str
) -> None:
    moody, storage = build_moody(context)
    job_id = submit_noise(moody)
    setattr(storage, where, number)
    for _ in range(PATIENCE):
        job = work(moody, job_id)
        assert (job.state, job.waiting_code) == ("queued", code)
        assert job.not_before is not None
        assert "storage" in (job.waiting_reason or "")
    assert (job.transient_count, job.stall_count) == (0, 0)
    setattr(storage, where, 0)
    job = work(moody, job_id)
    assert (job.state, job.waiting_reason) == ("completed", None)
    assert list_moves(moody, job_id)[-1] == ("running", "completed")
    kinds = sorted(each.key.split("/")[0] for each in storage.find_objects())
    assert kinds == ["peaks", "recordings"]


def test_what_was_accepted_goes_on_below_the_low_water_mark(context: Context) -> None:
    moody, storage = build_moody(context)
    job_id = submit_noise(moody)
    storage.is_low = True
    with pytest.raises(StorageFullError):
        submit_noise(moody)
    assert work(moody, job_id).state == "completed"


def test_a_recording_that_cannot_be_read_now_is_not_called_a_bad_one(context: Context) -> None:
    moody, storage = build_moody(context)
    # What the decoder refuses may be what a failing disk gave it.
    job_id = add_job(moody, data=b"no audio at all", options=NO_VAD)
    storage.read_error = errno.EIO
    job = work(moody, job_id)
    assert (job.state, job.waiting_code) == ("queued", "storage_unavailable")
    storage.read_error = 0
    job = work(moody, job_id)
    assert (job.state, job.error_code) == ("failed", "unsupported")


def test_a_damaged_recording_is_told_from_a_bad_one(context: Context) -> None:
    moody, storage = build_moody(context)
    job_id = submit_noise(moody)
    (key,) = [each.key for each in storage.find_objects()]
    storage.find_file(key).write_bytes(b"zeros, once")
    codes = {work(moody, job_id).waiting_code for _ in range(4)}
    assert codes == {"object_damaged"}
    job = work(moody, job_id)
    assert (job.state, job.error_code) == ("failed", "object_damaged")


def test_samples_that_end_too_early_are_never_transcribed(context: Context) -> None:
    moody, storage = build_moody(context)
    job_id = submit_noise(moody)
    Runner(moody, FakeEngines(), worker_id="w1").run_token(budget_seconds=0)
    key = read_job(moody, job_id).pcm_key
    assert key is not None
    samples = storage.find_file(key)
    os.truncate(samples, samples.stat().st_size - 2)
    job = work(moody, job_id)
    assert (job.state, job.waiting_code) == ("queued", "object_damaged")
    assert "1 samples too early" in (job.waiting_reason or "")
