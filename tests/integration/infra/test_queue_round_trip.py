import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis

from patience import wait_until
from service_context import build_settings
from transcriber.infra.broker import is_listening, plan_broker
from transcriber.infra.celery_app import QUEUE_NAME, build_celery
from transcriber.infra.queue import Queue, build_queue
from transcriber.infra.settings import Settings
from transcriber.infra.supervisor import Supervisor

pytestmark = pytest.mark.usefixtures("brokers_alone")

REDIS = "redis://127.0.0.1:6379/13"
RABBITMQ = "amqp://guest:guest@127.0.0.1:5672//"
DEADLINE_SECONDS = 60


@contextmanager
def _embedded(settings: Settings) -> Generator[Supervisor]:
    supervisor = Supervisor([plan_broker(settings)])
    supervisor.start()
    try:
        wait_until(lambda: is_listening(settings.broker_socket))
        yield supervisor
    finally:
        supervisor.stop()


@contextmanager
def _open(settings: Settings) -> Generator[Queue]:
    queue = build_queue(settings)
    try:
        yield queue
    finally:
        queue.close()


@pytest.fixture(
    params=[
        "embedded",
        pytest.param(REDIS, marks=pytest.mark.broker),
        pytest.param(RABBITMQ, marks=pytest.mark.broker),
    ]
)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Settings]:
    if request.param == "embedded":
        settings = build_settings(tmp_path)
        with _embedded(settings):
            yield settings
        return
    settings = build_settings(tmp_path, broker_url=request.param)
    _purge(settings)
    yield settings
    _purge(settings)


def _purge(settings: Settings) -> None:
    with build_celery(settings).connection_for_write() as connection:
        channel: Any = connection.default_channel  # type: ignore[attr-defined]
        channel.queue_declare(queue=QUEUE_NAME, durable=True, auto_delete=False)
        channel.queue_purge(queue=QUEUE_NAME)


class Consumer:
    def __init__(self, settings: Settings, target: Path, seconds: float) -> None:
        self._target = target
        script = Path(__file__).with_name("token_consumer.py")
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(target), str(seconds)],
            env={**os.environ, **settings.to_environment()},
        )

    def read(self, kind: str) -> list[dict[str, Any]]:
        text = self._target.read_text() if self._target.exists() else ""
        lines = [json.loads(line) for line in text.splitlines()]
        return [line for line in lines if line["kind"] == kind]


@contextmanager
def _consume(settings: Settings, target: Path, seconds: float = 0) -> Generator[Consumer]:
    consumer = Consumer(settings, target, seconds)
    try:
        yield consumer
    finally:
        consumer.process.kill()
        consumer.process.wait()


def test_tokens_reach_a_worker_and_sigterm_ends_its_slice(
    settings: Settings, tmp_path: Path
) -> None:
    with _open(settings) as queue, _consume(settings, tmp_path / "out", 30) as consumer:
        assert queue.ping()
        queue.publish("job-1", 3)
        wait_until(lambda: consumer.read("taken"))
        assert consumer.read("taken") == [{"kind": "taken", "job_id": "job-1", "span_index": 3}]
        consumer.process.send_signal(signal.SIGTERM)
        assert consumer.process.wait(DEADLINE_SECONDS) == 0
        assert consumer.read("done") == [{"kind": "done", "is_draining": True}]


def test_tokens_wait_for_a_worker(settings: Settings, tmp_path: Path) -> None:
    with _open(settings) as queue:
        assert queue.count_tokens() == 0
        for number in range(5):
            queue.publish(f"job-{number}")
        wait_until(lambda: queue.count_tokens() == 5)
    with _consume(settings, tmp_path / "out") as consumer:
        wait_until(lambda: len(consumer.read("done")) == 5)
        assert [token["job_id"] for token in consumer.read("taken")] == [
            f"job-{number}" for number in range(5)
        ]


def test_a_dead_broker_costs_a_request_nothing(tmp_path: Path) -> None:
    settings = build_settings(tmp_path, broker_url="redis://127.0.0.1:1/0")
    before = set(threading.enumerate())
    with _open(settings) as queue:
        started = time.monotonic()
        for number in range(100):
            queue.publish(f"job-{number}")
        assert time.monotonic() - started < 0.5
        assert not queue.ping()
        assert queue.count_tokens() is None
    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert "queue-publisher" not in left, "a closed queue goes on sending"


def test_a_frozen_broker_costs_a_request_nothing_and_recovers(tmp_path: Path) -> None:
    settings = build_settings(tmp_path)
    with _embedded(settings) as supervisor, _open(settings) as queue:
        pid = supervisor.list_pids()["broker"]
        os.kill(pid, signal.SIGSTOP)
        try:
            started = time.monotonic()
            queue.publish("job-1")
            assert time.monotonic() - started < 0.5
            started = time.monotonic()
            assert not queue.ping()
            assert time.monotonic() - started < 6
        finally:
            os.kill(pid, signal.SIGCONT)
        with _consume(settings, tmp_path / "out") as consumer:
            queue.publish("job-2")
            wait_until(lambda: any(t["job_id"] == "job-2" for t in consumer.read("taken")))


def test_a_killed_broker_comes_back_and_worker_and_publisher_find_it(tmp_path: Path) -> None:
    settings = build_settings(tmp_path)
    with (
        _embedded(settings) as supervisor,
        _open(settings) as queue,
        _consume(settings, tmp_path / "out") as consumer,
    ):
        queue.publish("before")
        wait_until(lambda: consumer.read("done"))
        killed = supervisor.list_pids()["broker"]
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: supervisor.list_pids().get("broker", killed) != killed)
        wait_until(lambda: is_listening(settings.broker_socket))

        def is_heard() -> bool:
            # The reconciler publishes again what a dying broker took with it; so does this test.
            queue.publish("after")
            time.sleep(0.5)
            return any(token["job_id"] == "after" for token in consumer.read("taken"))

        wait_until(is_heard)


def test_the_embedded_broker_listens_on_a_private_socket_only(tmp_path: Path) -> None:
    settings = build_settings(tmp_path / ("long" * 40))
    with _embedded(settings) as supervisor:
        path = settings.broker_socket
        assert path.stat().st_mode & 0o077 == 0
        assert path.parent.stat().st_mode & 0o077 == 0
        with redis.Redis(unix_socket_path=str(path)) as client:
            found = client.config_get("port", "save", "appendonly", "maxmemory-policy")
        pid = supervisor.list_pids()["broker"]
        listening = subprocess.run(["ss", "-ltnp"], capture_output=True, text=True, check=False)
        assert f"pid={pid}," not in listening.stdout
    assert found == {
        "port": "0",
        "save": "",
        "appendonly": "no",
        "maxmemory-policy": "noeviction",
    }
    path.unlink(missing_ok=True)
