"""A job that is deleted while a worker reads its recording leaves nothing half-written."""

import threading
from dataclasses import replace

from hostile_media import build_noise, build_wav
from job_builders import FakeEngines, add_job
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.context import Context
from transcriber.infra.storage import LocalStorage, StoredObject
from transcriber.infra.storage.local_writer import LocalWriter
from transcriber.jobs.runner import Runner
from transcriber.jobs.service import JobService

NO_VAD = TranscribeOptions(vad_filter=False)
SECONDS = 30


class HeldWriter:
    """A writer whose commit waits until the test lets it go on."""

    def __init__(self, writer: LocalWriter, storage: "HoldingStorage") -> None:
        self._writer = writer
        self._storage = storage

    @property
    def size_bytes(self) -> int:
        return self._writer.size_bytes

    def write(self, data: bytes) -> None:
        self._writer.write(data)

    def commit(self) -> StoredObject:
        self._storage.reached.set()
        assert self._storage.go_on.wait(SECONDS)
        return self._writer.commit()

    def abort(self) -> None:
        self._writer.abort()


class HoldingStorage(LocalStorage):
    """Holds planning between the last of its samples and the end of their object."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.settings.resolved_storage_dir, low_water_bytes=0)
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def create(self, key: str, *, may_use_reserve: bool = False) -> HeldWriter:  # type: ignore[override]
        return HeldWriter(super().create(key, may_use_reserve=may_use_reserve), self)


def test_samples_finished_after_the_deletion_are_removed(context: Context) -> None:
    job_id = add_job(context, data=build_wav(build_noise(20)), options=NO_VAD)
    storage = HoldingStorage(context)
    runner = Runner(replace(context, storage=storage), FakeEngines(), worker_id="w1")
    thread = threading.Thread(target=runner.run_token)
    thread.start()
    try:
        assert storage.reached.wait(SECONDS)
        with context.database.unit_of_work() as uow:
            JobService(uow, context.queue, context.storage).delete("alice", job_id)
    finally:
        storage.go_on.set()
        thread.join(SECONDS)
    assert not list(context.storage.find_objects())
