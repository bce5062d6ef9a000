import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from service_context import RecordingQueue, build_settings, open_client, open_context
from transcriber.admin.readiness import check_readiness
from transcriber.admin.system.bounded_checks import BoundedChecks
from transcriber.infra.context import Context
from transcriber.infra.database import Database
from transcriber.infra.heartbeats import Doing, record_heartbeat


def _stage_model(context: Context) -> None:
    context.settings.models_dir.mkdir()
    (context.settings.models_dir / "base.pt").write_bytes(b"found, not yet examined")


def _read_checks(client: TestClient) -> dict[str, str]:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    document: dict[str, Any] = answer.json()
    assert document["code"] == "not_ready"
    return {c["name"]: c["detail"] for c in document["checks"] if not c["is_ok"]}


def test_a_complete_service_is_ready(context: Context, client: TestClient) -> None:
    _stage_model(context)
    with context.database.unit_of_work() as uow:
        record_heartbeat(uow, "a" * 32, None)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert {check["name"] for check in answer.json()["checks"]} == {
        *("process", "database", "migrations", "broker", "storage", "disk", "models", "workers")
    }


def test_everything_that_is_missing_is_listed(context: Context, client: TestClient) -> None:
    context.queue.close()
    with context.database.unit_of_work() as uow:
        record_heartbeat(uow, "a" * 32, f"{context.settings.models_dir} is missing.")
        uow.session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    checks = _read_checks(client)
    assert set(checks) == {"migrations", "broker", "models", "workers"}
    assert "transcriber db upgrade" in checks["migrations"]
    assert checks["workers"].startswith("Every worker refuses work")
    assert str(context.settings.data_dir) not in str(checks)
    assert client.get("/healthz").json() == {"status": "alive"}


def test_a_process_that_drains_sends_everybody_elsewhere(
    context: Context, client: TestClient
) -> None:
    assert "connection" not in client.get("/healthz").headers
    context.draining.set()
    assert _read_checks(client)["process"] == "This process is about to stop."
    alive = client.get("/healthz")
    assert (alive.status_code, alive.headers["connection"]) == (200, "close")


def test_another_model_than_the_default_is_not_enough(context: Context, client: TestClient) -> None:
    _stage_model(context)
    (context.settings.models_dir / "base.pt").rename(context.settings.models_dir / "tiny.pt")
    assert _read_checks(client)["models"] == "The default model 'base' is not staged."


def test_a_worker_that_drains_takes_no_work(context: Context, client: TestClient) -> None:
    _stage_model(context)
    with context.database.unit_of_work() as uow:
        record_heartbeat(uow, "a" * 32, None, doing=Doing(is_draining=True))
    assert _read_checks(client) == {"workers": "Every worker is about to stop."}


class SilentQueue(RecordingQueue):
    """A broker that takes a question and answers once the test is over."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def ping(self) -> bool:
        return self.gate.wait(30)


def test_a_part_that_is_silent_keeps_no_other_from_being_told(context: Context) -> None:
    queue = SilentQueue()
    found = check_readiness(replace(context, queue=queue), BoundedChecks(5))
    queue.gate.set()
    told = {check.name: check.detail for check in found}
    assert told["broker"] == "There was no answer in time."
    assert told["database"] == "ok"


@pytest.mark.postgres
def test_a_database_that_is_away_is_one_sentence_and_never_a_crash(tmp_path: Path) -> None:
    away = build_settings(tmp_path, database_url="postgresql://postgres:CANARY@127.0.0.1:1/none")
    with open_context(build_settings(tmp_path)) as context:
        broken = Context(
            settings=away,
            database=Database(away.resolved_database_url),
            storage=context.storage,
            queue=context.queue,
        )
        with open_client(broken) as client:
            checks = _read_checks(client)
            signed_in = client.get("/auth/me", headers={"Authorization": "Bearer abcdefgh"})
        broken.database.dispose()
    assert checks["database"] == checks["migrations"] == "The database does not answer."
    assert signed_in.status_code == 503
    assert signed_in.json()["code"] == "database_unavailable"
    assert int(signed_in.headers["retry-after"]) > 0
    assert "CANARY" not in signed_in.text
