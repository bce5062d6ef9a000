"""Draining workers, looking at models again and collecting, as administrators ask for it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from checkpoint_builder import build_checkpoint
from service_context import require_first_admin, sign_in
from transcriber.admin.system.bounded_checks import BoundedChecks
from transcriber.infra.audit import AuditEntry
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.heartbeats import Doing, WorkerHeartbeat, record_heartbeat
from transcriber.infra.identifiers import create_id
from transcriber.infra.worker_drains import is_drained
from transcriber.jobs.idle_workers import count_idle_workers
from transcriber.jobs.model_rechecks import ModelRecheck
from transcriber.uploads.collecting import run_requested

Headers = dict[str, str]
UNKNOWN = "0" * 32


@pytest.fixture
def headers(context: Context, client: TestClient) -> Headers:
    # Examinations may take their time.
    client.app.state.system_checks = BoundedChecks(60)
    return sign_in(client, require_first_admin(context))


def beat(context: Context, worker_id: str | None = None, **doing: Any) -> str:
    worker_id = worker_id or create_id()
    with context.database.unit_of_work() as uow:
        said = Doing(**{"slot": f"place-{worker_id[:8]}", **doing})
        record_heartbeat(uow, worker_id, None, doing=said)
    return worker_id


def drain(client: TestClient, headers: Headers, worker_id: str, act: str = "drain") -> Any:
    return client.post(f"/api/admin/workers/{worker_id}/{act}", headers=headers)


def read_health(client: TestClient, headers: Headers) -> dict[str, Any]:
    answer = client.get("/api/admin/health/system", headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def find_worker(client: TestClient, headers: Headers, worker_id: str) -> dict[str, Any]:
    workers = read_health(client, headers)["workers"]
    return next(each for each in workers if each["id"] == worker_id)


def list_acts(context: Context, prefix: str) -> list[tuple[str, str]]:
    with context.database.snapshot() as session:
        query = select(AuditEntry.action, AuditEntry.object_id).order_by(AuditEntry.id)
        rows = session.execute(query.where(AuditEntry.action.startswith(prefix))).all()
    return [(str(action), str(object_id)) for action, object_id in rows]


def test_a_worker_is_drained_once_and_resumed(
    context: Context, client: TestClient, headers: Headers
) -> None:
    worker_id = beat(context)
    first = drain(client, headers, worker_id)
    assert first.status_code == 202, first.text
    assert drain(client, headers, worker_id).json() == first.json()
    shown = find_worker(client, headers, worker_id)
    assert (shown["state"], shown["drain"]) == ("draining", first.json())
    # As it ends and another takes its place, which stays drained.
    successor = beat(context, slot=f"place-{worker_id[:8]}", is_drained=True)
    assert find_worker(client, headers, successor)["state"] == "drained"
    assert drain(client, headers, successor).json() == first.json()
    with context.database.unit_of_work() as uow:
        gone = uow.session.get_one(WorkerHeartbeat, worker_id)
        uow.session.delete(gone)
    # By the id of the one that was drained, which is gone.
    assert drain(client, headers, worker_id, "resume").status_code == 204
    assert drain(client, headers, successor, "resume").status_code == 204
    with context.database.snapshot() as session:
        assert not is_drained(session, f"place-{worker_id[:8]}")
    assert list_acts(context, "worker.") == [
        ("worker.drain", worker_id),
        ("worker.resume", worker_id),
    ]


def test_what_is_no_live_worker_cannot_be_drained(
    context: Context, client: TestClient, headers: Headers
) -> None:
    for act in ("drain", "resume"):
        refusal = drain(client, headers, UNKNOWN, act)
        assert (refusal.status_code, refusal.json()["code"]) == (404, "worker_not_found")
        assert drain(client, headers, "w", act).status_code == 422
    silent, old = beat(context), beat(context, slot=None)
    with context.database.unit_of_work() as uow:
        long_ago = read_database_time(uow.session) - timedelta(minutes=2)
        row = update(WorkerHeartbeat).where(WorkerHeartbeat.id == silent)
        uow.session.execute(row.values(seen_at=long_ago))
    for worker_id, code in ((silent, "worker_gone"), (old, "worker_too_old")):
        refusal = drain(client, headers, worker_id)
        assert (refusal.status_code, refusal.json()["code"]) == (409, code)
    assert list_acts(context, "worker.") == []


def test_wake_ups_are_for_workers_that_take_work(context: Context) -> None:
    beat(context, is_drained=True)
    with context.database.snapshot() as session:
        assert count_idle_workers(session, read_database_time(session)) == 0
    beat(context)
    with context.database.snapshot() as session:
        assert count_idle_workers(session, read_database_time(session)) == 1


class Engines:
    """Loads whatever is asked for."""

    def find_problem(self, model: str) -> None:
        del model


def test_models_are_looked_at_again_by_all(
    context: Context, client: TestClient, headers: Headers
) -> None:
    context.settings.models_dir.mkdir()
    path = context.settings.models_dir / "base.pt"
    path.write_bytes(build_checkpoint())
    worker_id = beat(context)
    recheck = ModelRecheck(context, worker_id, Engines())
    recheck.look()
    assert read_health(client, headers)["validation"] is None
    asked = client.post("/api/admin/models/validation", headers=headers)
    assert asked.status_code == 202, asked.text
    validation = read_health(client, headers)["validation"]
    assert validation == {**asked.json(), "ended_at": None, "waits_for": [worker_id]}
    path.write_bytes(b"no checkpoint at all")
    recheck.look()
    found = read_health(client, headers)
    assert found["validation"]["waits_for"] == []
    assert found["validation"]["ended_at"] is not None
    [shown] = found["workers"]
    assert shown["validated_at"] == found["validation"]["ended_at"]
    [model] = found["models"]
    [refusal] = model["refused_by"]
    assert (refusal["worker_id"], list(shown["refused_models"])) == (worker_id, ["base"])
    assert (model["state"], refusal["problem"]) == ("damaged", model["problem"])
    assert model["examined_at"] is not None
    # Nothing is done twice, and what is mended is found to be at the next request.
    path.write_bytes(build_checkpoint())
    recheck.look()
    assert read_health(client, headers)["models"][0]["refused_by"] == [refusal]
    client.post("/api/admin/models/validation", headers=headers)
    recheck.look()
    assert read_health(client, headers)["models"][0]["refused_by"] == []
    assert len(list_acts(context, "model.validate")) == 2


def test_models_that_are_not_there_are_told_by_workers(
    context: Context, client: TestClient, headers: Headers
) -> None:
    worker_id = beat(context)
    recheck = ModelRecheck(context, worker_id, Engines())
    recheck.look()
    client.post("/api/admin/models/validation", headers=headers)
    recheck.look()
    refused = find_worker(client, headers, worker_id)["refused_models"]
    assert "does not exist" in refused["base"]


@pytest.mark.parametrize("path", ["/api/admin/models/validation", "/api/admin/collection"])
def test_a_key_asks_once(context: Context, client: TestClient, headers: Headers, path: str) -> None:
    keyed = {**headers, "Idempotency-Key": "once"}
    first = client.post(path, headers=keyed)
    assert first.status_code == 202, first.text
    assert client.post(path, headers=keyed).json() == first.json()
    prefix = "model." if "models" in path else "collection."
    assert [each for _, each in list_acts(context, prefix)] == [first.json()["id"]]
    refusal = client.post(path, headers={**headers, "Idempotency-Key": ""})
    assert (refusal.status_code, refusal.json()["code"]) == (422, "bad_idempotency_key")


def test_a_collection_is_asked_for_and_told(
    context: Context, client: TestClient, headers: Headers
) -> None:
    assert read_health(client, headers)["storage"]["collection"] is None
    asked = client.post("/api/admin/collection", headers=headers)
    assert asked.status_code == 202, asked.text
    assert asked.json()["started_at"] is None
    # There is one at a time: whoever asks meanwhile asks for that one, with a key for good.
    keyed = {**headers, "Idempotency-Key": "later"}
    for joined in (headers, keyed, keyed):
        assert client.post("/api/admin/collection", headers=joined).json() == asked.json()
    assert list_acts(context, "collection.") == [("collection.request", asked.json()["id"])]
    assert read_health(client, headers)["storage"]["collection"] == asked.json()
    assert run_requested(context)
    told = read_health(client, headers)["storage"]["collection"]
    assert (told["id"], told["problem"]) == (asked.json()["id"], None)
    assert set(told["counts"].values()) == {0}
    assert told["ended_at"] is not None
    assert not run_requested(context)
    assert client.post("/api/admin/collection", headers=keyed).json()["id"] == told["id"]
    assert client.post("/api/admin/collection", headers=headers).status_code == 202
