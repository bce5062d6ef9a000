"""nginx and Caddy with the files of deploy/, unprivileged, on ports and certificates of a test."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from s3_server import find_free_ports
from serve_process import wait_for

DEPLOY = Path(__file__).parents[1] / "deploy"
START_SECONDS = 30.0
SERVICE = "127.0.0.1:8000"
CERTIFICATE = "/etc/ssl/transcriber.example/fullchain.pem"
KEY = "/etc/ssl/transcriber.example/privkey.pem"
# What a server of its own machine gives to a file that is made to be included.
NGINX_FRAME = """
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path kept/bodies;
    proxy_temp_path kept/answers;
    fastcgi_temp_path kept/fastcgi;
    uwsgi_temp_path kept/uwsgi;
    scgi_temp_path kept/scgi;
{site}
}}
"""


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs: where it listens, and where it would put what it keeps."""

    kind: str
    directory: Path
    port: int

    @property
    def origin(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def certificate(self) -> Path:
        return self.directory / "certificate.pem"

    def list_kept_files(self) -> list[Path]:
        """Bodies that it wrote to its disk."""
        return [path for path in (self.directory / "kept").rglob("*") if path.is_file()]

    def open_client(
        self, headers: Mapping[str, str] | None = None, *, source: str = "127.0.0.1"
    ) -> httpx.Client:
        """A client that speaks TLS from an address of the loopback network."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        transport = httpx.HTTPTransport(verify=context, local_address=source)
        return httpx.Client(base_url=self.origin, headers=headers, transport=transport, timeout=60)

    @contextmanager
    def connect(self) -> Generator[ssl.SSLSocket]:
        """A connection for what no client would send."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=60) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as encrypted,
        ):
            yield encrypted


@contextmanager
def run_proxy(kind: str, *services: str) -> Generator[Proxy]:
    """Start `nginx` or `caddy` with our file before services at `host:port`."""
    port, plain_port = find_free_ports(2)
    with tempfile.TemporaryDirectory() as name:
        proxy = Proxy(kind, Path(name), port)
        (proxy.directory / "kept").mkdir()
        _make_certificate(proxy.directory)
        write = _write_nginx if kind == "nginx" else _write_caddy
        command = write(proxy, plain_port, services)
        # Neither needs more rights than anybody has.
        nobody = {"user": "nobody", "extra_groups": []} if os.getuid() == 0 else {}
        if nobody:
            for path in (proxy.directory, *proxy.directory.rglob("*")):
                shutil.chown(path, "nobody")
        log = proxy.directory / "log.txt"
        places = {"HOME": name, "XDG_DATA_HOME": name, "XDG_CONFIG_HOME": name}
        with log.open("wb") as out:
            process = subprocess.Popen(
                command, cwd=name, env=os.environ | places, stdout=out, stderr=out, **nobody
            )
        try:
            wait_for(lambda: _is_open(port) or process.poll() is not None, START_SECONDS)
            assert process.poll() is None, log.read_text()
            yield proxy
        finally:
            # nginx ends its workers at this signal; Caddy would wait for streams.
            process.send_signal(signal.SIGTERM if kind == "nginx" else signal.SIGKILL)
            process.wait(START_SECONDS)


def _write_nginx(proxy: Proxy, plain_port: int, services: Sequence[str]) -> list[str]:
    site = _adapt(
        (DEPLOY / "nginx.conf").read_text(),
        {
            f"server {SERVICE};": " ".join(f"server {each};" for each in services),
            "    listen [::]:80;\n": "",
            "listen 80;": f"listen 127.0.0.1:{plain_port};",
            "    listen [::]:443 ssl http2;\n": "",
            "    listen 443 ssl http2;": f"    listen 127.0.0.1:{proxy.port} ssl http2;",
            CERTIFICATE: "certificate.pem",
            KEY: "key.pem",
        },
    )
    file = proxy.directory / "nginx.conf"
    file.write_text(NGINX_FRAME.format(site=site))
    return [_find_program("nginx"), "-e", "stderr", "-p", str(proxy.directory), "-c", str(file)]


def _write_caddy(proxy: Proxy, plain_port: int, services: Sequence[str]) -> list[str]:
    # As the document has it for several.
    probes = "\n\t\thealth_uri /healthz\n\t\thealth_interval 2s" if len(services) > 1 else ""
    options = f"admin off\n\thttp_port {plain_port}\n\thttps_port {proxy.port}"
    site = _adapt(
        (DEPLOY / "Caddyfile").read_text(),
        {
            "{\n\tservers {": f"{{\n\t{options}\n\tdefault_bind 127.0.0.1\n\tservers {{",
            CERTIFICATE: "certificate.pem",
            KEY: "key.pem",
            "\ntranscriber.example {": "\nlocalhost {",
            f"{SERVICE} {{": f"{' '.join(services)} {{{probes}",
        },
    )
    file = proxy.directory / "Caddyfile"
    file.write_text(site)
    return [_find_program("caddy"), "run", "--config", str(file), "--adapter", "caddyfile"]


def find_program(kind: str) -> str | None:
    """Where the server is installed; Debian keeps nginx where only root looks."""
    return shutil.which(kind, path=os.pathsep.join([os.defpath, "/usr/sbin", "/usr/local/sbin"]))


def _find_program(kind: str) -> str:
    found = find_program(kind)
    assert found is not None
    return found


def _adapt(text: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def _make_certificate(directory: Path) -> None:
    made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1"
    named = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", str(directory / "key.pem"), "-out", str(directory / "certificate.pem")]
    command = ["openssl", *made.split(), *named, *files]
    subprocess.run(command, check=True, capture_output=True)


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
