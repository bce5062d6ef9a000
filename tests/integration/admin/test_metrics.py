"""`/metrics`: who may read it, and that its figures are the database's."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from alias_service import open_alias_service
from job_builders import add_job, must_claim
from scrapes import HERE, read_samples
from service_context import (
    build_settings,
    open_client,
    open_context,
    require_first_admin,
    sign_in,
)
from transcriber.app import create_app
from transcriber.infra.context import Context
from transcriber.infra.database import Database
from transcriber.jobs.states import JobState
from transcriber.uploads.states import UploadState
from upload_client import initialize

TOKEN = "correct-horse-battery-staple"


@pytest.fixture(scope="module")
def open_app(tmp_path_factory: pytest.TempPathFactory) -> Generator[FastAPI]:
    """Without a token."""
    with open_context(build_settings(tmp_path_factory.mktemp("open"))) as context:
        yield create_app(context)


@pytest.fixture(scope="module")
def token_app(tmp_path_factory: pytest.TempPathFactory) -> Generator[FastAPI]:
    settings = build_settings(tmp_path_factory.mktemp("token"), metrics_token=TOKEN)
    with open_context(settings) as context:
        yield create_app(context)


def test_the_figures_are_those_of_the_database(context: Context) -> None:
    context.settings.models_dir.mkdir(exist_ok=True)
    (context.settings.models_dir / "base.pt").write_bytes(b"not looked at here")
    for _ in range(3):
        add_job(context)
    must_claim(context)
    with open_client(context) as plain:
        headers = sign_in(plain, require_first_admin(context))
    with open_alias_service(context, headers) as service:
        upload = initialize(service.client, 10)
        initialize(service.client, 10)
        assert service.client.delete(f"/uploads/{upload['id']}").status_code == 204
        service.enter("redirecting")
        for client in ("old-app/1", "old-app/2", 'we"ird\\/1'):
            service.send("POST", "/uploads/init", headers={"User-Agent": client})
    # Another process has counted them.
    with open_client(context, client=HERE) as client:
        answer = client.get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=")
        assert answer.headers["cache-control"] == "no-store"
        found = read_samples(answer.text)
        accept = {"Accept": "application/openmetrics-text; version=1.0.0"}
        open_metrics = client.get("/metrics", headers=accept)
    jobs = {state: found["transcriber_jobs", (("state", state),)] for state in JobState}
    assert jobs == {**dict.fromkeys(JobState, 0), "queued": 2, "running": 1}
    uploads = {state: found["transcriber_uploads", (("state", state),)] for state in UploadState}
    assert uploads == {**dict.fromkeys(UploadState, 0), "receiving": 1, "cancelled": 1}
    uses = {
        labels: value
        for (name, labels), value in found.items()
        if name == "transcriber_upload_alias_uses_total"
    }
    assert uses == {
        (("alias", "/uploads/init"), ("client", "old-app")): 2,
        (("alias", "/uploads/init"), ("client", "weird")): 1,
    }
    [build] = [dict(labels) for name, labels in found if name == "transcriber_build_info"]
    assert build["version"] == client.app.version
    assert open_metrics.headers["content-type"].startswith("application/openmetrics-text")
    assert open_metrics.text.endswith("# EOF\n")


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("127.8.8.8", {}, 200),
        ("::1", {}, 200),
        ("::ffff:127.0.0.1", {}, 200),
        ("10.0.0.7", {}, 404),
        ("::ffff:10.0.0.7", {}, 404),
        ("testclient", {}, 404),
        # A proxy of this machine that nobody named: it speaks for somebody else.
        ("127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, 404),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.9"}, 404),
        ("127.0.0.1", {"X-Real-IP": "203.0.113.9"}, 404),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 404),
        # Claims of somebody who is no proxy.
        ("10.0.0.7", {"X-Forwarded-For": "127.0.0.1"}, 404),
        ("10.0.0.7", {"Authorization": "Bearer "}, 404),
    ],
)
def test_without_a_token_only_this_machine_reads(
    open_app: FastAPI, peer: str, headers: dict[str, str], status: int
) -> None:
    answer = TestClient(open_app, client=(peer, 50_000)).get("/metrics", headers=headers)
    assert answer.status_code == status
    if status == 404:
        assert answer.json()["code"] == "not_found"
        assert "transcriber_" not in answer.text


def test_whoever_comes_through_a_trusted_proxy_is_not_this_machine(tmp_path: Path) -> None:
    settings = build_settings(tmp_path, trusted_proxies=("127.0.0.1",))
    with open_context(settings) as context, open_client(context, client=HERE) as client:
        for forwarded in ("203.0.113.9", "127.0.0.1, 203.0.113.9", "127.0.0.1"):
            answer = client.get("/metrics", headers={"X-Forwarded-For": forwarded})
            assert answer.status_code == 404
        assert client.get("/metrics").status_code == 200


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        ("", 401),
        ("Bearer ", 401),
        ("Bearer wrong", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"Basic {TOKEN}", 401),
        (TOKEN, 401),
    ],
)
@pytest.mark.parametrize("peer", ["127.0.0.1", "10.0.0.7"])
def test_with_a_token_it_alone_counts(
    token_app: FastAPI, peer: str, authorization: str, status: int
) -> None:
    client = TestClient(token_app, client=(peer, 50_000))
    answer = client.get("/metrics", headers={"Authorization": authorization})
    assert answer.status_code == status
    if status == 401:
        assert answer.json()["code"] == "unauthenticated"
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "transcriber_" not in answer.text


def test_an_account_is_no_scraper(client: TestClient, context: Context) -> None:
    headers = sign_in(client, require_first_admin(context))
    assert client.get("/metrics", headers=headers).status_code == 404
    assert client.get("/metrics?token=x", headers=headers).status_code in {404, 422}


def test_a_database_that_is_away_is_a_problem_and_no_half_answer(tmp_path: Path) -> None:
    with open_context(build_settings(tmp_path)) as context:
        away = Database(f"sqlite:///{tmp_path / 'a-folder'}")
        (tmp_path / "a-folder").mkdir()
        with open_client(replace(context, database=away), client=HERE) as client:
            answer = client.get("/metrics")
        away.dispose()
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
