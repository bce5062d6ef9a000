"""Who asks and what for, as the service sees it from behind a proxy; and streams."""

import contextlib
import socket
import threading
import time
from collections.abc import Generator

import httpx
import pytest

from live_api import Reading
from proxied_service import METRICS_TOKEN, Site, build_head
from proxy_servers import run_proxy
from s3_server import find_free_ports
from serve_process import wait_for

PROMPT_SECONDS = 2.0
FORGED = {
    "X-Forwarded-For": "203.0.113.9",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9;proto=http;host=evil.example",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Host": "evil.example",
}


def fail_to_sign_in(site: Site, source: str, claimed: str, name: str) -> int:
    with site.proxy.open_client({**FORGED, "X-Forwarded-For": claimed}, source=source) as client:
        answer = client.post("/auth/login", json={"name": name, "password": "wrong"})
    return answer.status_code


def test_the_service_sees_the_client_and_believes_nothing_it_says(site: Site) -> None:
    # Failures count for each address and name; a tenth of them is the last.
    statuses = [
        fail_to_sign_in(site, "127.0.0.2", f"203.0.113.{number}", "victim") for number in range(12)
    ]
    assert statuses == [401] * 10 + [429] * 2
    # Were the address the proxy's, or the one that is claimed, this one would be turned away.
    assert fail_to_sign_in(site, "127.0.0.3", "127.0.0.2", "victim") == 401
    assert fail_to_sign_in(site, "127.0.0.2", "127.0.0.3", "victim") == 429


def test_a_browsers_cookie_is_bound_to_the_host_and_to_its_own_pages(site: Site) -> None:
    with site.proxy.open_client(FORGED) as client:
        body = {"name": site.admin.name, "password": site.admin.password, "kind": "cookie"}
        origin = {"Origin": site.proxy.origin}
        foreign = client.post("/auth/login", json=body, headers={"Origin": "https://evil.example"})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "cross_site")
        answer = client.post("/auth/login", json=body, headers=origin)
        assert answer.status_code == 200, answer.text
        assert answer.headers["set-cookie"].startswith("__Host-transcriber_session=")
        assert "strict-transport-security" in answer.headers
        assert client.post("/auth/logout", headers=origin).status_code == 204


@pytest.mark.parametrize(
    "target",
    [
        "/metrics",
        "/metrics/",
        "/metrics?a=b",
        "//metrics",
        "/./metrics",
        "/jobs/../metrics",
        "/%6Detrics",
        "/metrics%2F",
        "/jobs/%2e%2e/metrics",
        "/METRICS",
    ],
)
def test_metrics_are_not_to_be_had(site: Site, target: str) -> None:
    token = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    shown = httpx.get(f"{site.service}/metrics", headers=token)
    assert (shown.status_code, "transcriber_jobs" in shown.text) == (200, True)
    with site.proxy.connect() as connection:
        connection.sendall(build_head(site, f"GET {target}", **token, Connection="close"))
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    assert b"transcriber_" not in answer
    assert answer.split(b" ")[1] in {b"301", b"308", b"400", b"404"}, answer


@contextlib.contextmanager
def read_stream(http: httpx.Client) -> Generator[Reading]:
    """Open the account's stream once the one before it is known to be over."""
    deadline = time.monotonic() + 30
    while True:
        with http.stream("GET", "/jobs/events") as response:
            if response.status_code == 200:
                yield Reading(response)
                return
            assert response.status_code == 429
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_stream_passes_at_once_and_ends_behind_the_proxy_too(
    site: Site, http: httpx.Client
) -> None:
    # One stream is allowed: each time the service has learned that the one before was left.
    for number in range(3):
        with read_stream(http) as reading, site.proxy.open_client(site.headers) as other:
            started = time.monotonic()
            reading.take("snapshot")
            # Idle: nothing follows that could push out what is held back.
            assert time.monotonic() - started < PROMPT_SECONDS
            reading.wait_for_heartbeat()
            reading.wait_for_heartbeat()
            files = {"file": ("talk.mp3", f"recording {number}".encode())}
            job_id = other.post("/jobs/", files=files).json()["id"]
            assert reading.take("state").data["job_id"] == job_id


@contextlib.contextmanager
def close_after_the_head() -> Generator[tuple[str, list[bytes]]]:
    """A service that dies with every request; what it had read of each is kept."""
    heads: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    with connection:
                        heads.append(connection.recv(65_536))

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}", heads
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
def test_nothing_is_asked_twice(kind: str, method: str) -> None:
    with (
        close_after_the_head() as (service, heads),
        run_proxy(kind, service) as proxy,
        proxy.open_client() as client,
    ):
        answer = client.request(method, "/jobs/", content=b"a body")
    assert answer.status_code == 502
    assert len([head for head in heads if head]) == 1


def test_what_is_away_is_passed_over_for_bodies_too(site: Site, kind: str) -> None:
    (away,) = find_free_ports(1)
    services = (f"127.0.0.1:{away}", site.service.removeprefix("http://"))
    with run_proxy(kind, *services) as proxy, proxy.open_client(site.headers) as client:
        # Caddy has to ask both once before it knows.
        wait_for(lambda: all(client.get("/healthz").status_code == 200 for _ in range(4)))
        statuses = [
            client.post("/jobs/", files={"file": ("a.mp3", b"%d" % number)}).status_code
            for number in range(12)
        ]
    assert statuses == [201] * 12
