"""A real `serve` behind a real proxy, with one signed-in administrator."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from proxy_servers import Proxy, run_proxy
from serve_process import serve
from service_context import (
    build_settings,
    open_client,
    open_context,
    require_first_admin,
    sign_in,
)
from transcriber.accounts.passwords import IssuedPassword

METRICS_TOKEN = "a-token-of-the-scraper"
HEARTBEAT_SECONDS = 0.5


@dataclass(frozen=True)
class Site:
    """Both servers, and who may sign in.

    Attributes:
        service: Its address without the proxy.
        headers: Of a program that is signed in.
    """

    proxy: Proxy
    service: str
    admin: IssuedPassword
    headers: dict[str, str]


@contextmanager
def open_site(kind: str, directory: Path) -> Generator[Site]:
    """Start the service without workers, and the proxy before it."""
    settings = build_settings(
        directory / "data",
        port=0,
        worker_processes=0,
        disk_low_water_bytes=0,
        trusted_proxies=("127.0.0.1",),
        metrics_token=METRICS_TOKEN,
        stream_heartbeat_seconds=HEARTBEAT_SECONDS,
        max_streams_per_account=1,
    )
    with open_context(settings) as context, open_client(context) as client:
        admin = require_first_admin(context)
        headers = sign_in(client, admin)
        settings.models_dir.mkdir()
        (settings.models_dir / "base.pt").write_bytes(b"not looked at here")
    with serve(settings) as service:
        service.wait_until_up(children=1)
        with run_proxy(kind, service.address.removeprefix("http://")) as proxy:
            yield Site(proxy, service.address, admin, headers)


def build_head(site: Site, target: str, **headers: str) -> bytes:
    """The head of a signed-in request, for what is sent by hand."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    fields = {"Host": f"localhost:{site.proxy.port}", **site.headers, **named}
    lines = [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([f"{target} HTTP/1.1", *lines, "", ""]).encode()
