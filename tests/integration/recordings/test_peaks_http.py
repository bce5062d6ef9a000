"""Waveforms: made while a recording is decoded, kept beside it, gone with it."""

import numpy as np
import pytest
from starlette.testclient import TestClient

from hostile_media import build_noise, build_wav
from job_builders import FakeEngines, add_job, list_moves, must_claim, read_job
from transcriber.admin.backup.named_objects import list_named_objects
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.context import Context
from transcriber.jobs.claims import LeaseLostError
from transcriber.jobs.planning import plan_recording
from transcriber.jobs.runner import Runner
from transcriber.jobs.service import JobService
from transcriber.jobs.waveforms import adopt_waveform
from transcriber.recordings.repository import find_known_keys

NO_VAD = TranscribeOptions(vad_filter=False)
SECONDS = 7.01


def work(context: Context, budget_seconds: float = 60.0) -> None:
    Runner(context, FakeEngines(), worker_id="w1").run_token(budget_seconds)


def add_noise(context: Context, user_id: str) -> str:
    return add_job(context, user_id, data=build_wav(build_noise(SECONDS)), options=NO_VAD)


def list_peaks(context: Context) -> list[str]:
    keys = [each.key for each in context.storage.find_objects()]
    return [key for key in keys if key.startswith("peaks/")]


def test_a_waveform_is_there_once_the_recording_is_decoded(
    client: TestClient, context: Context, user_id: str
) -> None:
    recording_id = read_job(context, add_noise(context, user_id)).recording_id
    address = f"/recordings/{recording_id}/peaks"
    early = client.get(address)
    assert (early.status_code, early.json()["code"]) == (404, "peaks_not_ready")
    assert int(early.headers["retry-after"]) > 0
    work(context, 0)
    # It does not wait for the transcript.
    assert client.get(f"/recordings/{recording_id}").json()["has_peaks"] is True
    answer = client.get(address)
    document = answer.json()
    samples = np.frombuffer(build_noise(SECONDS), "<i2") / 32_768
    pieces = [samples[start : start + 320] for start in range(0, len(samples), 320)]
    expected = [[round(p.min() * 127), round(p.max() * 127)] for p in pieces]
    assert document["length"] == len(pieces) == 351
    found = np.array(document["data"]).reshape(-1, 2)
    assert np.abs(found - np.array(expected)).max() <= 1
    known = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert known.status_code == 304
    coarse = client.get(address, params={"points": 10}).json()
    assert (coarse["length"], coarse["samples_per_pixel"]) == (10, 36 * 320)
    assert (min(coarse["data"]), max(coarse["data"])) == (found.min(), found.max())
    binary = client.get(address, params={"format": "dat"})
    assert binary.headers["content-length"] == str(24 + 2 * 351)
    assert np.frombuffer(binary.content[24:], np.int8).tolist() == document["data"]
    for bad in ({"points": 0}, {"points": 10**9}, {"format": "png"}):
        assert client.get(address, params=bad).status_code == 422


def test_it_is_made_once_and_goes_with_the_last_job(
    client: TestClient, context: Context, user_id: str
) -> None:
    first = add_noise(context, user_id)
    work(context)
    kept = list_peaks(context)
    assert len(kept) == 1
    second = client.post(f"/jobs/{first}/rerun", json={"beam_size": 1}).json()["id"]
    work(context)
    assert list_moves(context, second)[-1] == ("running", "completed")
    assert list_peaks(context) == kept
    with context.database.snapshot() as session:
        assert find_known_keys(session, kept) == set(kept)
        assert kept[0] in list_named_objects(session)
    client.delete(f"/jobs/{first}")
    assert list_peaks(context) == kept
    client.delete(f"/jobs/{second}")
    assert list(context.storage.find_objects()) == []


def test_of_two_that_are_made_at_once_one_is_kept(context: Context, user_id: str) -> None:
    # Another job over the same recording may be planned between a plan and its report.
    first = add_noise(context, user_id)
    work(context, 0)
    kept = list_peaks(context)
    writer = context.storage.create("peaks/" + "ab" * 16)
    writer.write(b"\0\0")
    late = writer.commit().key
    with context.database.unit_of_work() as uow:
        job = JobService(uow, context.queue, context.storage).find(user_id, first, lock=True)
        adopt_waveform(uow, context.storage, job, late)
    assert list_peaks(context) == kept


def test_a_plan_that_comes_too_late_leaves_nothing(
    client: TestClient, context: Context, user_id: str
) -> None:
    job_id = add_noise(context, user_id)
    claim = must_claim(context)
    plan = plan_recording(context, claim, FakeEngines().engine, "c" * 64, lambda done: None)
    assert list_peaks(context) == [plan.peaks_key]
    client.delete(f"/jobs/{job_id}")
    runner = Runner(context, FakeEngines(), worker_id="w1")
    with pytest.raises(LeaseLostError):
        runner._report(claim, lambda uow: runner._store_plan(uow, claim, plan), is_last=True)
    assert list(context.storage.find_objects()) == []


def test_a_recording_decoded_by_an_older_release_says_so(
    client: TestClient, context: Context, user_id: str
) -> None:
    job_id = add_noise(context, user_id)
    work(context)
    recording_id = read_job(context, job_id).recording_id
    with context.database.unit_of_work() as uow:
        uow.session.connection().exec_driver_sql("UPDATE recordings SET peaks_key = NULL")
    answer = client.get(f"/recordings/{recording_id}/peaks")
    assert (answer.status_code, answer.json()["code"]) == (404, "peaks_missing")
    # Running it again decodes it anyway, and makes one.
    client.post(f"/jobs/{job_id}/rerun")
    work(context)
    assert client.get(f"/recordings/{recording_id}/peaks").status_code == 200
