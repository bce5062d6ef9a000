"""Workers that wake at once claim one after the other, and none goes back to sleep over it."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import select

from hostile_media import build_noise, build_wav
from job_builders import FakeEngines, add_job, read_job
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.context import Context
from transcriber.jobs.models import AccountTurn
from transcriber.jobs.runner import Runner

NO_VAD = TranscribeOptions(vad_filter=False)


@contextmanager
def hold_turns(context: Context, seconds: float) -> Generator[None]:
    """Stand in a claim of somebody else for so long."""
    is_held = threading.Event()

    def hold() -> None:
        with context.database.unit_of_work() as uow:
            assert uow.session.scalars(select(AccountTurn).with_for_update()).all()
            is_held.set()
            time.sleep(seconds)

    holder = threading.Thread(target=hold)
    holder.start()
    assert is_held.wait(10)
    yield
    holder.join()


def test_a_worker_outwaits_the_claims_of_many_others(context: Context) -> None:
    job_id = add_job(context, data=build_wav(build_noise(2)), options=NO_VAD)
    with hold_turns(context, 1.5):
        assert Runner(context, FakeEngines(), worker_id="w1").run_token() == 2
    assert read_job(context, job_id).state == "completed"


def test_a_draining_worker_does_not_wait(context: Context) -> None:
    add_job(context, data=build_wav(build_noise(2)), options=NO_VAD)
    runner = Runner(context, FakeEngines(), worker_id="w1")
    context.draining.set()
    with hold_turns(context, 1.5):
        assert runner.run_token() == 0
