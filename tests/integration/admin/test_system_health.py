"""`GET /api/admin/health/system`: each part as it is, and what is wrong with it."""

import threading
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update
from starlette.testclient import TestClient

from checkpoint_builder import build_checkpoint
from job_builders import add_job, must_claim, store_plan, store_span
from service_context import RecordingQueue, require_first_admin, sign_in
from transcriber.admin.system.bounded_checks import BoundedChecks
from transcriber.admin.system.report import report_system
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.heartbeats import Doing, WorkerHeartbeat, record_heartbeat
from transcriber.infra.memory_ledger import Room
from transcriber.jobs.model_validations import HeededValidations
from transcriber.migrations.head import HEAD
from upload_client import initialize


def ask(context: Context, checks: BoundedChecks | None = None) -> dict[str, Any]:
    """What the route answers, without the cost of signing in; examinations may take their time."""
    found = report_system(context, checks or BoundedChecks(60), HeededValidations())
    return found.model_dump(mode="json")


def list_problems(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["part"], each["detail"]) for each in found["problems"]]


def stage(context: Context, name: str = "base", data: bytes | None = None) -> None:
    context.settings.models_dir.mkdir(exist_ok=True)
    path = context.settings.models_dir / f"{name}.pt"
    path.write_bytes(build_checkpoint() if data is None else data)


def beat(context: Context, worker_id: str, reason: str | None = None, **doing: Any) -> None:
    with context.database.unit_of_work() as uow:
        said = Doing(resident_bytes=5_000, **doing)
        record_heartbeat(uow, worker_id, reason, Room(9_000, 4_000), said)


def test_a_whole_service_has_no_problems(context: Context, client: TestClient) -> None:
    stage(context)
    headers = sign_in(client, require_first_admin(context))
    answer = client.get("/api/admin/health/system", headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.json()["service"]["version"] == client.app.version
    beat(context, "w1", model="base", device="cpu int8")
    found = ask(context)
    assert list_problems(found) == []
    assert found["service"]["uptime_seconds"] > 0
    database = found["database"]
    assert database["kind"] == ("sqlite" if context.database.is_sqlite else "postgresql")
    assert (database["revision"], database["expected_revision"]) == (HEAD, HEAD)
    assert database["latency_seconds"] < 2
    assert database["size_bytes"] > 10_000
    assert database["version"][0].isdigit()
    assert found["broker"]["tokens"] == 0
    [model] = found["models"]
    assert model["state"] == "valid"
    assert model["checksum"] == "differs"
    assert "is not OpenAI's file" in model["warning"]
    assert (model["is_readable"], model["is_converted"], model["loaded_by"]) == (
        True,
        False,
        ["w1"],
    )
    assert len(model["sha256"]) == 64
    places = [place for disk in found["storage"]["disks"] for place in disk["places"]]
    assert sorted(places) == ["data", "model_cache", "models", "storage"]


def test_bytes_are_those_of_the_database(context: Context, client: TestClient) -> None:
    headers = sign_in(client, require_first_admin(context))
    user_id = client.get("/auth/me", headers=headers).json()["user_id"]
    add_job(context, user_id, data=b"0123456789")
    claim = must_claim(context)
    store_plan(context, claim, 1)
    store_span(context, must_claim(context))
    add_job(context, "bob", data=b"x" * 100)
    client.headers.update(headers)
    initialize(client, 1_000)
    stored = ask(context)["storage"]["stored"]
    accounts = {
        each["user_id"]: (each["name"], each["stored_bytes"], each["reserved_bytes"])
        for each in stored["accounts"]
    }
    assert accounts == {user_id: ("admin", 10, 1_000), "bob": (None, 100, 0)}
    assert (stored["recordings"], stored["recordings_bytes"]) == (2, 110)
    assert (stored["open_uploads"], stored["uploads_reserved_bytes"]) == (1, 1_000)
    assert (stored["uploads_received_bytes"], stored["transcripts"]) == (0, 1)
    if context.database.is_sqlite:
        assert stored["transcripts_bytes"] is None
    else:
        assert stored["transcripts_bytes"] > 8_192


def test_workers_are_told_with_what_they_hold(context: Context) -> None:
    add_job(context)
    claim = must_claim(context, "w1")
    beat(context, "w1", job_id=claim.job_id, span_index=-1, model="base", device="cpu int8")
    beat(context, "w2", "The model is damaged.")
    beat(context, "w3", is_draining=True)
    beat(context, "w4")
    with context.database.unit_of_work() as uow:
        silent = read_database_time(uow.session) - timedelta(minutes=2)
        row = update(WorkerHeartbeat).where(WorkerHeartbeat.id == "w4")
        uow.session.execute(row.values(seen_at=silent))
    found = ask(context)
    workers = {each["id"]: each for each in found["workers"]}
    assert {name: each["state"] for name, each in workers.items()} == {
        "w1": "ready",
        "w2": "refusing",
        "w3": "draining",
        "w4": "stale",
    }
    span = workers["w1"]["span"]
    assert (span["job_id"], span["index"]) == (claim.job_id, -1)
    assert workers["w2"]["span"] is None
    assert (workers["w1"]["resident_bytes"], workers["w1"]["memory_free_bytes"]) == (5_000, 4_000)
    assert workers["w4"]["silent_seconds"] == pytest.approx(120, abs=30)
    [problem] = [detail for part, detail in list_problems(found) if part == "workers"]
    assert problem.endswith("The model is damaged.")


def test_everything_that_is_wrong_is_told(context: Context) -> None:
    assert isinstance(context.queue, RecordingQueue)
    context.queue.is_up = False
    stage(context, "tiny", b"no checkpoint at all")
    with context.database.unit_of_work() as uow:
        uow.session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    settings = context.settings.model_copy(update={"disk_low_water_bytes": 10**18})
    context.draining.set()
    found = ask(replace(context, settings=settings))
    problems = list_problems(found)
    assert ("process", "This process is about to stop.") in problems
    assert ("broker", "The broker does not answer.") in problems
    assert ("workers", "No worker is alive.") in problems
    assert ("models", "The default model 'base' is not staged.") in problems
    assert found["broker"]["tokens"] is None
    [revision] = [detail for part, detail in problems if part == "database"]
    assert "older" in revision
    models = {each["name"]: each for each in found["models"]}
    assert (models["base"]["state"], models["base"]["is_present"]) == ("missing", False)
    assert (models["tiny"]["state"], models["tiny"]["is_readable"]) == ("damaged", True)


class SilentQueue(RecordingQueue):
    """A broker that takes a question and never answers it."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def count_tokens(self) -> int | None:
        self.gate.wait(30)
        return None


def test_a_part_that_hangs_delays_the_answer_by_the_bound_at_most(context: Context) -> None:
    queue = SilentQueue()
    began = time.monotonic()
    found = ask(replace(context, queue=queue), BoundedChecks(5))
    assert 5 <= time.monotonic() - began < 15
    queue.gate.set()
    assert found["broker"]["problem"] == "There was no answer within two seconds."
    assert found["database"]["problem"] is None


def test_a_models_directory_that_is_missing_is_told(context: Context) -> None:
    found = ask(context)
    assert "does not exist" in found["models_problem"]
    assert found["models"] == []
