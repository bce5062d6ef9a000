"""Private servers for one run: PostgreSQL, Redis and RabbitMQ with a folder and ports of their own.

Each has the same six verbs.  Nothing here touches the machine's own servers.
"""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import amqp
import psutil
import psycopg
import redis

from chaos.processes import end_process, find_free_port, spawn, wait_until
from transcriber.infra.celery_app import QUEUE_NAME

PROCESS = subprocess.Popen[bytes]


class Server(Protocol):
    """A server that can be hurt."""

    name: str

    @property
    def url(self) -> str:
        """The address as the service's settings take it."""
        ...

    def start(self) -> None:
        """Start it and return once it answers."""
        ...

    def kill(self) -> None:
        """SIGKILL, at once."""
        ...

    def stop(self) -> None:
        """SIGSTOP: connections stay open and nothing answers."""
        ...

    def cont(self) -> None:
        """SIGCONT, after `stop`."""
        ...

    def restart(self) -> None:
        """Kill it and start it again over what it kept."""
        ...

    def wipe(self) -> None:
        """Lose all that it holds while it runs."""
        ...

    def close(self) -> None:
        """End it for good."""
        ...


class ServerProcess:
    """One process group and its folder.

    Args:
        folder: Its own; made here, and given to the user it runs as.
        address: What it binds to.
        user: Whom it runs as when we are root.
        prefix: What runs it, such as `ip netns exec NAME`.
    """

    name = "server"

    def __init__(
        self,
        folder: Path,
        *,
        address: str = "127.0.0.1",
        user: str | None = None,
        prefix: Sequence[str] = (),
    ) -> None:
        self.folder = folder
        self.address = address
        self.port = find_free_port()
        self.log = folder / "server.log"
        self.process: PROCESS | None = None
        self._user = user
        self._prefix = tuple(prefix)
        folder.mkdir(parents=True)
        if user is not None and os.getuid() == 0:
            known = pwd.getpwnam(user)
            os.chown(folder, known.pw_uid, known.pw_gid)

    def kill(self) -> None:
        """SIGKILL, at once."""
        end_process(self.process)
        self.process = None

    def stop(self) -> None:
        """SIGSTOP every process of it; connections stay open and nothing answers."""
        self._signal_all(signal.SIGSTOP)

    def cont(self) -> None:
        """SIGCONT, after `stop`."""
        self._signal_all(signal.SIGCONT)

    def close(self) -> None:
        """End it for good."""
        self.cont()
        self.kill()

    def restart(self) -> None:
        """Kill it and start it again over what it kept."""
        self.kill()
        self.start()

    def start(self) -> None:
        """Start it and return once it answers."""
        raise NotImplementedError

    def _signal_all(self, number: signal.Signals) -> None:
        if self.process is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            root = psutil.Process(self.process.pid)
            # PostgreSQL's backends and Erlang's port program lead groups of their own.
            for each in (root, *root.children(recursive=True)):
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.send_signal(number)

    def _spawn(self, command: Sequence[str], environment: dict[str, str] | None = None) -> PROCESS:
        return spawn(
            command,
            log=self.log,
            environment=environment,
            cwd=self.folder,
            user=self._user,
            prefix=self._prefix,
        )


class Postgres(ServerProcess):
    """A cluster of its own, with the durable settings of a product (fsync stays on)."""

    name = "PostgreSQL"
    database = "transcriber"

    def __init__(
        self, folder: Path, *, address: str = "127.0.0.1", prefix: Sequence[str] = ()
    ) -> None:
        super().__init__(folder, address=address, user="postgres", prefix=prefix)
        self._binaries = find_postgres_binaries()
        self._cluster = folder / "cluster"
        command = [self._binaries / "initdb", "-D", self._cluster, "-U", "postgres", "-A", "trust"]
        initialising = self._spawn([*map(str, command), "-E", "UTF8", "--locale=C"])
        assert initialising.wait(120) == 0, self.log.read_text()
        with (self._cluster / "pg_hba.conf").open("a") as rules:
            rules.write("host all all 0.0.0.0/0 trust\n")

    @property
    def url(self) -> str:
        """The address of the service's database."""
        return f"postgresql://postgres@{self.address}:{self.port}/{self.database}"

    def start(self) -> None:
        """Start the postmaster; recovery after a kill is awaited, and the database is made."""
        self._boot()
        wait_until(self._is_answering, self.name, log=self.log)
        with self.connect("postgres") as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(query, [self.database]).fetchone() is None:
                connection.execute(f"CREATE DATABASE {self.database}".encode())

    def connect(self, database: str | None = None) -> "psycopg.Connection[tuple[object, ...]]":
        """A connection that commits each statement."""
        return psycopg.connect(
            host=self.address,
            port=self.port,
            user="postgres",
            dbname=database or self.database,
            autocommit=True,
            connect_timeout=3,
        )

    def list_backends(self) -> list[int]:
        """Process ids of the connections to the service's database, but for this one."""
        query = (
            "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' ORDER BY pid"
        )
        with self.connect() as connection:
            return [int(str(row[0])) for row in connection.execute(query, [self.database])]

    def wipe(self) -> None:
        """Lose the service's database."""
        with self.connect("postgres") as connection:
            connection.execute(f"DROP DATABASE {self.database} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {self.database}".encode())

    def _boot(self) -> None:
        # After a SIGKILL orphaned backends hold the shared memory for a moment.
        self.process = self._spawn(
            [
                str(self._binaries / "postgres"),
                *("-D", str(self._cluster), "-p", str(self.port)),
                *("-c", f"listen_addresses={self.address}", "-k", str(self.folder)),
            ]
        )

    def _is_answering(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            self._boot()
        try:
            self.connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True


class Redis(ServerProcess):
    """Redis as the documentation asks for it: an append-only file and no eviction."""

    name = "Redis"

    @property
    def url(self) -> str:
        """The Celery address."""
        return f"redis://{self.address}:{self.port}/0"

    def start(self) -> None:
        """Start it over its append-only file."""
        options = ["--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"]
        place = ["--bind", self.address, "--port", str(self.port), "--dir", str(self.folder)]
        self.process = self._spawn(["redis-server", *place, *options, "--protected-mode", "no"])
        wait_until(self._is_answering, self.name, log=self.log)

    def wipe(self) -> None:
        """FLUSHALL."""
        wipe_redis(self.url)

    def _is_answering(self) -> bool:
        with contextlib.suppress(redis.RedisError), redis.Redis.from_url(self.url) as client:
            return bool(client.ping())
        return False


class RabbitMq(ServerProcess):
    """A RabbitMQ node with its own name, Erlang port mapper and folders."""

    name = "RabbitMQ"

    def __init__(
        self, folder: Path, *, address: str = "127.0.0.1", prefix: Sequence[str] = ()
    ) -> None:
        super().__init__(folder, address=address, prefix=prefix)
        self._epmd: PROCESS | None = None
        self._node = f"chaos-{secrets.token_hex(4)}@localhost"
        self._epmd_port = find_free_port()
        (folder / "enabled_plugins").write_text("[].\n")
        (folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.default = {address}:{self.port}\nloopback_users = none\n"
            # The limits of a small test machine are no part of what is tested.
            "vm_memory_high_watermark.absolute = 2GB\ndisk_free_limit.absolute = 50MB\n"
        )

    @property
    def url(self) -> str:
        """The Celery address."""
        return f"amqp://guest:guest@{self.address}:{self.port}//"

    def start(self) -> None:
        """Start the node over its folders."""
        if self._epmd is None:
            self._epmd = self._spawn(["epmd", "-port", str(self._epmd_port)])
        self.process = self._spawn([find_rabbitmq_script()], self._build_environment())
        wait_until(self._is_answering, self.name, log=self.log)

    def close(self) -> None:
        """End the node and its port mapper."""
        super().close()
        end_process(self._epmd)
        self._epmd = None

    def wipe(self) -> None:
        """Purge and delete the queue."""
        wipe_rabbitmq(self.url)

    def _build_environment(self) -> dict[str, str]:
        folder = str(self.folder)
        return os.environ | {
            "HOME": folder,
            "ERL_EPMD_PORT": str(self._epmd_port),
            "RABBITMQ_NODENAME": self._node,
            "RABBITMQ_DIST_PORT": str(find_free_port()),
            "RABBITMQ_MNESIA_BASE": f"{folder}/mnesia",
            "RABBITMQ_LOG_BASE": folder,
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            "RABBITMQ_PID_FILE": f"{folder}/node.pid",
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            # One process instead of a shell around it, so that a signal reaches the node.
            "RABBITMQ_ALLOW_INPUT": "true",
            "RABBITMQ_SERVER_START_ARGS": "-noinput",
        }

    def _is_answering(self) -> bool:
        try:
            with _connect_amqp(self.url):
                return True
        except (OSError, amqp.AMQPError):
            return False


def wipe_redis(url: str) -> None:
    """Forget every token of a Redis or Valkey, whatever socket it listens on."""
    with redis.Redis.from_url(url.replace("redis+socket://", "unix://")) as client:
        client.flushall()


def wipe_rabbitmq(url: str) -> None:
    """Purge and delete the service's queue."""
    with (
        _connect_amqp(url) as connection,
        connection.channel() as channel,
        contextlib.suppress(amqp.NotFound),
    ):
        channel.queue_purge(QUEUE_NAME)
        channel.queue_delete(QUEUE_NAME)


def _connect_amqp(url: str) -> amqp.Connection:
    parts = urlsplit(url)
    return amqp.Connection(
        f"{parts.hostname}:{parts.port}",
        userid=parts.username,
        password=parts.password,
        connect_timeout=3,
        read_timeout=5,
        write_timeout=5,
    )


def find_postgres_binaries() -> Path:
    """Where PostgreSQL's programs are; Debian keeps them off the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb") or (str(versions[-1]) if versions else None)
    assert found is not None, "PostgreSQL is not installed: run `make services`."
    return Path(found).resolve().parent


def find_rabbitmq_script() -> str:
    """RabbitMQ's own start script; Debian's wrapper around it would change the user."""
    inner = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
    found = str(inner) if inner.exists() else shutil.which("rabbitmq-server")
    assert found is not None, "RabbitMQ is not installed: run `make services`."
    return found
