"""Jobs under way while the object store fails: they wait, and complete once it is back."""

import threading
from dataclasses import replace

import pytest

import s3_faults as faults
from hostile_media import build_noise, build_wav
from job_builders import (
    FakeEngines,
    add_job,
    expire_leases,
    list_moves,
    must_claim,
    read_job,
)
from s3_proxy import Exchange, Fault, S3Proxy
from s3_server import S3Server
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.context import Context
from transcriber.infra.storage.s3 import S3Storage
from transcriber.jobs.models import Job
from transcriber.jobs.reconciler import reconcile_once
from transcriber.jobs.runner import Runner
from transcriber.jobs.service import JobService
from transcriber.jobs.upkeep import run_upkeep
from transcriber.transcripts.service import read_transcript
from worker_process import wait_for

NO_VAD = TranscribeOptions(vad_filter=False)
SECONDS = 300


@pytest.fixture
def service(context: Context, s3_storage: S3Storage) -> Context:
    """The process's parts with the objects in the store behind the faulty proxy."""
    return replace(context, storage=s3_storage)


def add_noise(service: Context) -> str:
    return add_job(service, data=build_wav(build_noise(SECONDS)), options=NO_VAD)


def run(service: Context, engines: FakeEngines | None = None) -> None:
    Runner(service, engines or FakeEngines(), worker_id="w1").run_token()


def end_pause(service: Context, job_id: str) -> None:
    with service.database.unit_of_work() as uow:
        uow.session.get_one(Job, job_id).not_before = None


def read_texts(service: Context, job_id: str) -> list[str]:
    with service.database.snapshot() as session:
        stored = read_transcript(session, "alice", job_id)
    return [each.text for each in stored.transcript.segments]


def list_kinds(server: S3Server) -> list[str]:
    """The first part of each object's key, in order."""
    return sorted(key.split("/")[0] for key in server.list_keys())


OUTAGES: dict[str, tuple[Fault, str, str]] = {
    "recording_slow_down": (faults.answer(*faults.SLOW_DOWN), "get", "storage_unavailable"),
    "recording_stalls": (faults.stall_download(0), "get", "storage_unavailable"),
    "recording_cut": (faults.cut_download(0), "get", "storage_unavailable"),
    "recording_short": (faults.shorten_download(0), "get", "storage_unavailable"),
    "samples_full": (faults.answer(*faults.FULL), "send_part", "storage_full"),
    "samples_stall": (faults.stall, "send_part", "storage_unavailable"),
    "samples_denied": (faults.answer(403, "AccessDenied"), "begin_upload", "storage_denied"),
    "samples_unfinished": (
        faults.answer(*faults.INTERNAL),
        "complete_upload",
        "storage_unavailable",
    ),
}


@pytest.mark.parametrize("name", OUTAGES)
def test_planning_waits_for_the_store_however_often_it_fails(
    service: Context, s3_proxy: S3Proxy, s3_server: S3Server, name: str
) -> None:
    fault, operation, code = OUTAGES[name]
    job_id = add_noise(service)
    recordings = s3_server.list_keys()
    s3_proxy.break_always(fault, operation)
    # More often than a failure of the job's own would be tried.
    for _ in range(6 if name == "recording_slow_down" else 2):
        run(service)
        job = read_job(service, job_id)
        assert (job.state, job.waiting_code, job.transient_count) == ("queued", code, 0)
        assert job.not_before is not None
        end_pause(service, job_id)
    assert (s3_server.list_keys(), s3_server.list_unfinished()) == (recordings, [])
    s3_proxy.heal()
    run(service)
    job = read_job(service, job_id)
    assert (job.state, job.waiting_code) == ("completed", None)
    # The samples are gone again; the waveform stays.
    assert list_kinds(s3_server) == ["peaks", "recordings"]


def test_a_span_waits_for_its_samples_and_the_transcript_is_that_of_an_undisturbed_run(
    service: Context, s3_proxy: S3Proxy
) -> None:
    undisturbed = add_noise(service)
    run(service)
    job_id = add_noise(service)
    engines = FakeEngines()
    # The first get is the recording; the second one the samples of the first span.
    s3_proxy.heal()
    engines.engine.before_segment = lambda span: s3_proxy.break_always(
        faults.cut_download(0), "get"
    )
    run(service, engines)
    job = read_job(service, job_id)
    assert (job.state, job.waiting_code) == ("queued", "storage_unavailable")
    assert 0 < job.done_seconds < SECONDS
    engines.engine.before_segment = lambda span: None
    s3_proxy.heal()
    end_pause(service, job_id)
    run(service, engines)
    assert read_job(service, job_id).state == "completed"
    assert read_texts(service, job_id) == read_texts(service, undisturbed)
    assert sum(engines.engine.seconds_heard) == pytest.approx(SECONDS, abs=0.1)


def test_faults_that_pass_within_a_slice_are_not_noticed(
    service: Context, s3_proxy: S3Proxy
) -> None:
    job_id = add_noise(service)
    s3_proxy.break_next(faults.cut_download(1_000_000), "get", times=3)
    s3_proxy.break_next(faults.lose_answer, "complete_upload")
    s3_proxy.break_next(faults.answer(*faults.SLOW_DOWN), "send_part")
    s3_proxy.break_next(faults.refuse_connection, "begin_upload")
    engines = FakeEngines()
    run(service, engines)
    assert read_job(service, job_id).state == "completed"
    assert sum(engines.engine.seconds_heard) == pytest.approx(SECONDS, abs=0.1)


def test_samples_that_are_short_in_the_store_fail_the_span_instead_of_ending_it_early(
    service: Context, s3_server: S3Server
) -> None:
    job_id = add_noise(service)
    Runner(service, FakeEngines(), worker_id="w1").run_token(budget_seconds=0)
    key = read_job(service, job_id).pcm_key
    assert key is not None
    s3_server.connect().put_object(Bucket="recordings", Key=key, Body=b"\0\0" * 16_000)
    run(service)
    job = read_job(service, job_id)
    assert (job.state, job.waiting_code) == ("queued", "object_damaged")


def test_a_recording_that_is_short_in_the_store_is_not_taken_for_a_short_recording(
    service: Context, s3_server: S3Server
) -> None:
    job_id = add_noise(service)
    (key,) = s3_server.list_keys()
    whole = s3_server.connect().get_object(Bucket="recordings", Key=key)["Body"].read()
    s3_server.connect().put_object(Bucket="recordings", Key=key, Body=whole[:1_000_000])
    run(service)
    job = read_job(service, job_id)
    assert (job.state, job.waiting_code) == ("queued", "object_damaged")


def test_a_plan_that_came_too_late_is_told_as_such_while_the_store_is_away(
    service: Context, s3_proxy: S3Proxy, s3_server: S3Server
) -> None:
    """What a job deleted meanwhile decoded stays for the collection, and nobody waits for it."""
    job_id = add_noise(service)

    def delete(exchange: Exchange) -> None:
        # The worker hears the store's answer only when the job is gone and the store is away.
        head, body = exchange.ask_server(exchange.take_body())
        with service.database.unit_of_work() as uow:
            JobService(uow, service.queue, service.storage).delete("alice", job_id)
        s3_proxy.break_always(faults.answer(*faults.SLOW_DOWN), "delete")
        exchange.client.sendall(head + body)

    s3_proxy.break_next(delete, "complete_upload")
    run(service)
    assert list_kinds(s3_server) == ["pcm", "peaks"]


def test_recovery_goes_on_while_the_store_is_silent(service: Context, s3_proxy: S3Proxy) -> None:
    """Upkeep waits for the store; taking back expired leases never does."""
    job_id = add_noise(service)
    running = add_noise(service)
    s3_proxy.break_always(faults.refuse_connection)
    with service.database.unit_of_work() as uow:
        JobService(uow, service.queue, service.storage).delete("alice", job_id)
    s3_proxy.heal()
    s3_proxy.break_always(faults.stall)
    upkeep = threading.Thread(target=run_upkeep, args=(service,))
    upkeep.start()
    wait_for(lambda: s3_proxy.count("delete"))
    must_claim(service)
    expire_leases(service)
    reconcile_once(service)
    assert upkeep.is_alive()
    assert list_moves(service, running)[-1] == ("running", "queued")
    s3_proxy.heal()
    upkeep.join(30)
