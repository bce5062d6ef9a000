"""Checklist, "Secrets": what is secret is in no log, no refusal, no document and no argument."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

import httpx
import psutil
import pytest

from authorisation.objects import encode_text
from canaries import Canaries
from job_builders import add_job, must_claim, store_plan, store_span
from light_passwords import hash_lightly
from live_api import add_account
from s3_server import S3Server
from serve_process import DEADLINE_SECONDS, Service, serve
from service_context import build_settings, create_postgres_database, open_context
from transcriber.accounts.models import Account
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.secret_files import SECRETS
from transcriber.infra.settings import Settings
from tus_client import VERSION

TRANSCRIBER = Path(sys.executable).parent / "transcriber"


class Visitor:
    """Sends requests and keeps what anybody but the secret's owner is told."""

    def __init__(self, address: str) -> None:
        self.client = httpx.Client(base_url=address, timeout=60, trust_env=False)
        self.texts: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.client.close()

    def send(self, method: str, path: str, *, expect: int, **request: Any) -> httpx.Response:
        answer = self.client.request(method, path, **request)
        assert answer.status_code == expect, (method, path, answer.text)
        if expect >= 400:
            self.keep(f"{method} {path} {expect} {len(self.texts)}", answer)
        return answer

    def keep(self, place: str, answer: httpx.Response) -> None:
        self.texts[place] = answer.text + "\n".join(answer.headers.values())


def make_seal_key(canaries: Canaries, name: str = "seal key") -> str:
    """Long enough to be one."""
    return 2 * canaries.make(name)


def read_processes(service: Service) -> dict[str, str]:
    """What `ps` shows of them to everybody on the machine."""
    processes = [psutil.Process(service.process.pid), *service.list_children()]
    return {f"argv of {each.pid}": " ".join(each.cmdline()) for each in processes}


def read_logs(service: Service) -> dict[str, str]:
    return {"stdout": service.out.read_text(), "log": service.err.read_text()}


def run_doctor(settings: Settings) -> dict[str, str]:
    return run_command(settings, "doctor")


def run_command(settings: Settings, *arguments: str) -> dict[str, str]:
    done = subprocess.run(
        [TRANSCRIBER, *arguments],
        env={**os.environ, **settings.to_environment()},
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    assert done.stdout
    return {" ".join(arguments): done.stdout + done.stderr}


@pytest.mark.postgres
def test_a_service_in_good_health_tells_no_secret(tmp_path: Path) -> None:
    canaries = Canaries()
    with create_postgres_database() as url:
        # The server trusts its own machine and reads no password.
        password = canaries.make("database password")
        settings = build_settings(
            tmp_path / "data",
            database_url=url.replace("postgres@", f"postgres:{password}@"),
            metrics_token=canaries.make("metrics token"),
            audit_seal_key=make_seal_key(canaries),
            sign_up="invitation",
            webhook_allowed_hosts="*.example.org",
            port=0,
            log_level="DEBUG",
            disk_low_water_bytes=0,
        )
        settings.models_dir.mkdir(parents=True)
        (settings.models_dir / "base.pt").write_bytes(b"no checkpoint")
        job_id, headers, name = seed(settings, canaries)
        with serve(settings) as service:
            service.wait_until_up(children=2)
            with Visitor(service.address) as visitor:
                sign_in_and_out(visitor, canaries, name)
                use(visitor, canaries, headers)
                hold_keys(visitor, canaries, headers)
                invite_and_reset(visitor, canaries, settings)
                look_around(visitor, canaries, headers, job_id)
            texts = {**visitor.texts, **read_processes(service), **read_logs(service)}
        texts |= run_command(settings, "audit", "verify")
        assert not canaries.find({**texts, **run_doctor(settings)})


def seed(settings: Settings, canaries: Canaries) -> tuple[str, Mapping[str, str], str]:
    """An account whose finished job has secrets in its options; the job, its headers, its name."""
    with open_context(settings) as context:
        user_id, token = add_account(context)
        canaries.add("session token", token)
        with context.database.unit_of_work() as uow:
            account = uow.session.get_one(Account, user_id)
            account.password_hash = hash_lightly(canaries.make("password"))
            name = account.name
        options = TranscribeOptions(
            initial_prompt=canaries.make("prompt"), hotwords=canaries.make("hotwords")
        )
        job_id = add_job(context, user_id, options=options)
        store_plan(context, must_claim(context), spans=1)
        store_span(context, must_claim(context))
    return job_id, {"Authorization": f"Bearer {token}"}, name


def sign_in_and_out(visitor: Visitor, canaries: Canaries, name: str) -> None:
    """Every way to give a password or a token, most of them wrong."""
    login, password = {"name": name, "kind": "bearer"}, canaries.known["password"]
    wrong = canaries.make("wrong password")
    visitor.send("POST", "/auth/login", json={**login, "password": wrong}, expect=401)
    visitor.send("POST", "/auth/login", json={**login, "password": [wrong]}, expect=422)
    visitor.send("POST", "/auth/login", json={**login, "pasword": wrong}, expect=422)
    visitor.send("POST", "/auth/login", json={"name": name, "kind": wrong}, expect=422)
    broken = f'{{"name": "a", "password": "{wrong}'
    json_type = {"Content-Type": "application/json"}
    visitor.send("POST", "/auth/login", content=broken, headers=json_type, expect=400)
    told = visitor.send("POST", "/auth/login", json={**login, "password": password}, expect=200)
    token = canaries.add("second session token", told.json()["token"])
    mine = {"Authorization": f"Bearer {token}"}
    chosen = {"current_password": wrong, "new_password": canaries.make("chosen password")}
    visitor.send("POST", "/auth/password", json=chosen, headers=mine, expect=401)
    visitor.send("POST", "/auth/logout", headers=mine, expect=204)
    visitor.send("GET", "/auth/me", headers=mine, expect=401)
    stranger = canaries.make("token of nobody")
    for sent in (
        {"Authorization": f"Bearer {stranger}"},
        {"Authorization": f"Basic {encode_text('user:' + stranger)}"},
        {"Cookie": f"transcriber_session={stranger}"},
        {"X-API-Key": stranger},
    ):
        visitor.send("GET", "/auth/me", headers=sent, expect=401)


def use(visitor: Visitor, canaries: Canaries, headers: Mapping[str, str]) -> None:
    """Secrets that people bring along with their work."""
    secret_path = canaries.make("path of a webhook")
    hook = {"url": f"https://hooks.example.org/in/{secret_path}"}
    made = visitor.send("POST", "/webhooks/", json=hook, headers=headers, expect=201)
    canaries.add("webhook secret", made.json()["secret"])
    elsewhere = {"url": f"https://other.example.com/{secret_path}"}
    visitor.send("POST", "/webhooks/", json=elsewhere, headers=headers, expect=403)
    options = {name: canaries.known[name] for name in ("prompt", "hotwords")}
    form = {"initial_prompt": options["prompt"], "hotwords": options["hotwords"]}
    files = {"file": ("talk.mp3", b"no audio")}
    job = visitor.send("POST", "/jobs/", data=form, files=files, headers=headers, expect=201)
    visitor.send("POST", f"/jobs/{job.json()['id']}/cancel", headers=headers, expect=200)
    wrong = {**form, "beam_size": options["prompt"]}
    visitor.send("POST", "/jobs/", data=wrong, files=files, headers=headers, expect=422)
    hidden = canaries.make("upload metadata")
    sent = {**headers, **VERSION, "Upload-Length": "4"}
    kept = {**sent, "Upload-Metadata": f"name YQ==,note {encode_text(hidden)}"}
    visitor.send("POST", "/uploads/tus", headers=kept, expect=201)
    bad = {**sent, "Upload-Metadata": f"options {encode_text(hidden)}"}
    visitor.send("POST", "/uploads/tus", headers=bad, expect=422)


def hold_keys(visitor: Visitor, canaries: Canaries, headers: Mapping[str, str]) -> None:
    """A key that is good, one that was made for less, and one that is good no more."""
    wish = {"name": "a program", "scopes": ["read"]}
    made = visitor.send("POST", "/auth/keys", json=wish, headers=headers, expect=201).json()
    secret = canaries.add("API key", made["secret"])
    bearer = {"Authorization": f"Bearer {secret}"}
    visitor.keep("list of keys", visitor.send("GET", "/auth/keys", headers=headers, expect=200))
    visitor.send("GET", "/jobs/", headers=bearer, expect=200)
    visitor.send("POST", "/webhooks/", json={"url": "x"}, headers=bearer, expect=403)
    visitor.send("GET", "/auth/keys", headers=bearer, expect=403)
    visitor.send("GET", "/jobs/", params={"key": secret}, headers=bearer, expect=422)
    visitor.send("GET", "/auth/me", headers={"X-API-Key": secret}, expect=401)
    visitor.send("DELETE", f"/auth/keys/{made['id']}", headers=headers, expect=204)
    visitor.send("GET", "/jobs/", headers=bearer, expect=401)
    acts = visitor.send("GET", "/auth/activity", headers=headers, expect=200)
    visitor.keep("activity", acts)


def invite_and_reset(visitor: Visitor, canaries: Canaries, settings: Settings) -> None:
    """Tokens that administrators hand to others, each used twice."""
    with open_context(settings) as context:
        _, token = add_account(context, "admin")
    admin = {"Authorization": f"Bearer {canaries.add('token of an admin', token)}"}
    path = "/api/admin/invitations"
    made = visitor.send("POST", path, json={}, headers=admin, expect=201).json()
    invitation = canaries.add("invitation", made["token"])
    visitor.keep(path, visitor.send("GET", path, headers=admin, expect=200))
    password = canaries.make("password of a guest")
    guest = {"name": "guest", "password": password, "invitation": invitation}
    visitor.send("POST", "/auth/sign-up", json={**guest, "name": [invitation]}, expect=422)
    made = visitor.send("POST", "/auth/sign-up", json=guest, expect=201)
    visitor.send("POST", "/auth/sign-up", json=guest, expect=410)
    address = f"/api/admin/accounts/{made.json()['user_id']}/reset"
    issued = visitor.send("POST", address, headers=admin, expect=200)
    reset = canaries.add("reset", issued.json()["token"])
    choice = {"token": reset, "new_password": canaries.make("password after the reset")}
    visitor.send("POST", "/auth/reset", json={**choice, "new_password": reset[:3]}, expect=422)
    visitor.send("POST", "/auth/reset", json=choice, expect=204)
    visitor.send("POST", "/auth/reset", json=choice, expect=410)
    for path in ("/api/admin/audit", "/api/admin/audit/verification", "/api/admin/audit/export"):
        visitor.keep(path, visitor.send("GET", path, headers=admin, expect=200))


def look_around(
    visitor: Visitor, canaries: Canaries, headers: Mapping[str, str], job_id: str
) -> None:
    """What is shown to anybody, and of a job to those who may read its transcript."""
    visitor.send("GET", f"/jobs/{job_id}", expect=401)
    own = visitor.send("GET", f"/jobs/{job_id}", headers=headers, expect=200)
    # What a secret looks like when it is found: its owner does see it.
    assert canaries.find({"own": own.text}) == ["prompt in own", "hotwords in own"]
    token = canaries.known["metrics token"]
    visitor.send("GET", "/metrics", headers={"Authorization": "Bearer no"}, expect=401)
    reader = {"Authorization": f"Bearer {token}"}
    visitor.send("GET", "/jobs/", params={"token": token}, headers=headers, expect=422)
    visitor.keep("/metrics", visitor.send("GET", "/metrics", headers=reader, expect=200))
    for path in ("/openapi.json", "/healthz"):
        visitor.keep(path, visitor.send("GET", path, expect=200))
    visitor.keep("/readyz", visitor.client.get("/readyz"))
    for extension in ("srt", "vtt", "txt", "json", "tsv"):
        address = f"/transcripts/{job_id}/export?format={extension}"
        answer = visitor.send("GET", address, headers=headers, expect=200)
        visitor.keep(f"export as {extension}", answer)


@pytest.mark.broker
@pytest.mark.parametrize(
    "broker", ["amqp://someone:{}@127.0.0.1:5672//", "redis://:{}@127.0.0.1:1"]
)
def test_a_service_that_others_refuse_tells_no_secret(
    tmp_path: Path, s3_server: S3Server, broker: str
) -> None:
    canaries = Canaries()
    refused = {"s3_secret_access_key": canaries.make("key of the bucket")}
    settings = build_settings(
        tmp_path / "data",
        **{**s3_server.choices, **refused},
        broker_url=broker.format(canaries.make("broker password")),
        port=0,
        worker_processes=0,
        log_level="DEBUG",
        disk_low_water_bytes=0,
    )
    settings.models_dir.mkdir(parents=True)
    (settings.models_dir / "base.pt").write_bytes(b"no checkpoint")
    with open_context(settings) as context:
        _, token = add_account(context)
    headers = {"Authorization": f"Bearer {canaries.add('session token', token)}"}
    with serve(settings) as service:
        service.wait_until_up(children=0)
        files = {"file": ("talk.mp3", b"no audio")}
        with Visitor(service.address) as visitor:
            visitor.send("POST", "/jobs/", files=files, headers=headers, expect=503)
            visitor.send("GET", "/readyz", expect=503)
        texts = {**visitor.texts, **read_processes(service), **read_logs(service)}
    assert not canaries.find({**texts, **run_doctor(settings)})


@pytest.mark.parametrize("port", [1, 5432])
def test_a_service_without_its_database_tells_no_secret(tmp_path: Path, port: int) -> None:
    canaries = Canaries()
    password = canaries.make("database password")
    settings = build_settings(
        tmp_path / "data",
        database_url=f"postgresql://nobody-here:{password}@127.0.0.1:{port}/nowhere",
        port=0,
        log_level="DEBUG",
    )
    with serve(settings) as service:
        assert service.process.wait(DEADLINE_SECONDS) == 1
        texts = read_logs(service)
    assert "The database cannot be used" in texts["log"]
    assert not canaries.find({**texts, **run_doctor(settings)})


def test_secrets_from_files_are_told_no_more_than_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    canaries = Canaries()
    for name in SECRETS:
        file = tmp_path / name
        file.write_text(f"{make_seal_key(canaries, name)}\n")
        monkeypatch.setenv(f"{name}_file".upper(), str(file))
    password = canaries.make("database password")
    address = f"postgresql://nobody-here:{password}@127.0.0.1:1/nowhere"
    (tmp_path / "database_url").write_text(address)
    (tmp_path / "broker_url").write_text(f"redis://:{canaries.known['broker_url']}@127.0.0.1:1")
    settings = Settings(
        _env_file=None, data_dir=tmp_path / "data", models_dir=tmp_path, port=0, log_level="DEBUG"
    )
    assert not canaries.find({"environment": str(settings.to_environment())})
    with serve(settings) as service:
        assert service.process.wait(DEADLINE_SECONDS) == 1
        texts = read_logs(service)
    assert "The database cannot be used" in texts["log"]
    assert not canaries.find({**texts, **run_doctor(settings)})


@pytest.mark.parametrize("source", ["AUDIT_SEAL_KEY", "AUDIT_SEAL_KEY_FILE"])
def test_a_seal_key_that_is_refused_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    canaries = Canaries()
    # Too short to be a key.
    secret = canaries.make("seal key")[:20]
    canaries.add("beginning of the seal key", secret)
    (tmp_path / "key").write_text(secret)
    given = secret if source == "AUDIT_SEAL_KEY" else str(tmp_path / "key")
    monkeypatch.setenv(source, given)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    done = subprocess.run(
        [TRANSCRIBER, "serve"],
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    assert done.returncode
    assert "at least" in done.stderr
    assert not canaries.find({"refusal": done.stdout + done.stderr})
