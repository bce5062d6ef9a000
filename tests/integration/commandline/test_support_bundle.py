"""`transcriber support-bundle`: everything a report needs, and nothing that is anybody's."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from canaries import Canaries
from checkpoint_builder import build_checkpoint
from job_builders import add_job, must_claim
from service_context import build_settings, create_postgres_database, open_context
from transcriber.accounts.repository import AccountRepository
from transcriber.accounts.service import AccountService
from transcriber.accounts.sessions import read_session_lifetime
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.context import Context
from transcriber.infra.heartbeats import Doing, record_heartbeat
from transcriber.infra.settings import Settings
from transcriber.jobs.models import Job

TRANSCRIBER = Path(sys.executable).parent / "transcriber"
PARTS = {
    *("installation", "settings", "models", "broker", "storage", "log", "readiness"),
    *("database", "jobs", "failures", "workers", "stored"),
}


def make_bundle(settings: Settings, folder: Path, *arguments: str) -> tuple[str, dict[str, str]]:
    """What the command says, and the texts of its file."""
    target = folder / "bundle.zip"
    done = subprocess.run(
        [TRANSCRIBER, "support-bundle", "--output", target, *arguments],
        env={**os.environ, **settings.to_environment()},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(target) as bundle:
        texts = {name: bundle.read(name).decode() for name in bundle.namelist()}
    return done.stdout + done.stderr, texts


def seed(context: Context, canaries: Canaries) -> str:
    """A job that failed, an account and a worker, each with words that are somebody's own."""
    with context.database.unit_of_work() as uow:
        service = AccountService(
            AccountRepository(uow.session), read_session_lifetime(context.settings)
        )
        made = service.create_account(canaries.make("account"), "none", "user", actor="test")
        token = service.open_session(made.user_id, "bearer").token
        canaries.add("session", token)
        user_id = made.user_id
    options = TranscribeOptions(
        initial_prompt=canaries.make("prompt"), hotwords=canaries.make("hotwords")
    )
    name = f"{canaries.make('recording')}.mp3"
    job_id = add_job(context, user_id, name=name, options=options)
    must_claim(context)
    with context.database.unit_of_work() as uow:
        job = uow.session.get_one(Job, job_id)
        job.state, job.error_code = "failed", "media_damaged"
        job.error_message = f"{canaries.make('message of the error')} cannot be read."
        job.finished_at = job.created_at
        reason = f"/srv/{canaries.make('path of a model')} is damaged."
        record_heartbeat(uow, "a" * 32, reason, None, Doing(model="base", resident_bytes=5))
    return job_id


@pytest.mark.postgres
def test_a_bundle_has_every_part_and_no_secret(tmp_path: Path) -> None:
    canaries = Canaries()
    seal_key = 2 * canaries.make("seal key")
    with create_postgres_database() as url:
        settings = build_settings(
            tmp_path / canaries.make("data folder"),
            database_url=url.replace("postgres@", f"postgres:{canaries.make('database')}@"),
            broker_url=f"redis://:{canaries.make('broker')}@127.0.0.1:1",
            metrics_token=canaries.make("metrics token"),
            audit_seal_key=seal_key,
            s3_secret_access_key=canaries.make("bucket"),
            first_admin_name=canaries.make("administrator"),
            webhook_allowed_hosts=f"{canaries.make('host')}.example.org",
            disk_low_water_bytes=0,
        )
        settings.models_dir.mkdir(parents=True)
        (settings.models_dir / "base.pt").write_bytes(build_checkpoint())
        (settings.models_dir / "tiny.pt").write_bytes(b"no checkpoint")
        log = tmp_path / "service.log"
        log.write_text(json.dumps({"event": "request_failed", "error": canaries.make("log")}))
        with open_context(settings) as context:
            job_id = seed(context, canaries)
            said, texts = make_bundle(settings, tmp_path, "--log", str(log))
    assert texts.keys() == {"README.txt", "metrics.txt", *(f"{name}.json" for name in PARTS)}
    assert not canaries.find({"output": said, **texts})
    found: dict[str, Any] = {name: json.loads(texts[f"{name}.json"]) for name in PARTS}
    assert {name for name, part in found.items() if part["problem"]} == set()
    content = {name: part["content"] for name, part in found.items()}
    assert content["installation"]["packages"]["sqlalchemy"]
    assert content["settings"]["database_url"] == "(set, not shown)"
    assert [(each["name"], each["code"] is None) for each in content["models"]] == [
        ("base", True),
        ("tiny", False),
    ]
    assert not content["broker"]["is_there"]
    assert content["database"]["revision"] == content["database"]["expected_revision"]
    assert content["database"]["rows"]["jobs"] == 1
    assert content["jobs"]["jobs"] == {"failed": 1}
    [failure] = content["failures"]
    assert (failure["id"], failure["error_code"]) == (job_id, "media_damaged")
    [worker] = content["workers"]
    assert (worker["state"], worker["machine"], worker["has_span"]) == ("refusing", 1, False)
    failing = {each["name"] for each in content["readiness"] if not each["is_ok"]}
    assert failing == {"broker", "workers"}
    assert content["log"] == [{"event": "request_failed"}]
    assert 'transcriber_jobs{state="failed"} 1.0' in texts["metrics.txt"]


def test_a_bundle_is_made_where_everything_is_away(tmp_path: Path) -> None:
    canaries = Canaries()
    password = canaries.make("database")
    settings = build_settings(
        tmp_path / "data",
        database_url=f"postgresql://nobody-here:{password}@127.0.0.1:1/nowhere",
        broker_url=f"amqp://someone:{canaries.make('broker')}@127.0.0.1:1//",
    )
    said, texts = make_bundle(settings, tmp_path)
    assert not canaries.find({"output": said, **texts})
    found = {name: json.loads(text) for name, text in texts.items() if name.endswith(".json")}
    problems = {name: part["problem"] for name, part in found.items() if part["problem"]}
    away = {"database", "jobs", "failures", "workers", "stored", "metrics"}
    assert problems.keys() == {f"{name}.json" for name in {*away, "models"}}, problems
    assert "models_dir_missing" in found["models.json"]["problem"]
    failing = {each["name"] for each in found["readiness.json"]["content"] if not each["is_ok"]}
    assert {"database", "broker", "models", "workers"} <= failing
    assert found["installation.json"]["content"]["version"]


def test_an_installation_that_never_ran_is_not_begun_by_looking(tmp_path: Path) -> None:
    settings = build_settings(tmp_path / "data")
    _, texts = make_bundle(settings, tmp_path)
    assert json.loads(texts["database.json"])["problem"] == "There is no database yet."
    assert not (tmp_path / "data" / "transcriber.sqlite3").exists()
