"""A real S3-compatible server for tests: SeaweedFS as one process, gone afterwards."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from transcriber.infra.tether import build_tethered_command

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

ACCESS_KEY = "test-access-key"
SECRET_KEY = "test-secret-CANARY"
BUCKET = "recordings"
REGION = "us-east-1"
START_SECONDS = 60.0


@dataclass(frozen=True)
class S3Server:
    """Where the server listens; every signature is checked."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def choices(self) -> dict[str, str]:
        """The settings of a service that keeps its objects here."""
        return {
            "storage": "s3",
            "s3_bucket": BUCKET,
            "s3_endpoint_url": self.url,
            "s3_region": REGION,
            "s3_access_key_id": ACCESS_KEY,
            "s3_secret_access_key": SECRET_KEY,
        }

    def connect(self) -> "S3Client":
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=5,
                read_timeout=30,
                retries={"total_max_attempts": 1},
            ),
        )

    def list_keys(self) -> list[str]:
        found = self.connect().list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return [each.get("Key", "") for each in found]

    def list_unfinished(self) -> list[str]:
        found = self.connect().list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
        return [each.get("Key", "") for each in found]

    def empty(self) -> None:
        client = self.connect()
        for key in self.list_keys():
            client.delete_object(Bucket=BUCKET, Key=key)
        for upload in client.list_multipart_uploads(Bucket=BUCKET).get("Uploads", []):
            client.abort_multipart_upload(
                Bucket=BUCKET, Key=upload.get("Key", ""), UploadId=upload.get("UploadId", "")
            )


@contextmanager
def run_s3_server(directory: Path) -> Generator[S3Server]:
    """Start the server with an empty bucket; everything it writes lies in `directory`."""
    master, master_grpc, volume, volume_grpc, filer, filer_grpc, s3, s3_grpc = find_free_ports(8)
    identities = directory / "identities.json"
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    identities.write_text(json.dumps({"identities": [identity]}))
    command = [
        str(Path(sys.executable).parent / "weed"),
        f"-logdir={directory}",
        "server",
        f"-dir={directory}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=64",
        f"-master.port={master}",
        f"-master.port.grpc={master_grpc}",
        f"-volume.port={volume}",
        f"-volume.port.grpc={volume_grpc}",
        "-volume.max=100",
        "-filer",
        f"-filer.port={filer}",
        f"-filer.port.grpc={filer_grpc}",
        f"-filer.localSocket={directory / 'filer.sock'}",
        "-s3",
        f"-s3.port={s3}",
        f"-s3.port.grpc={s3_grpc}",
        # Otherwise on ports that a second test server would want, too.
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        f"-s3.config={identities}",
    ]
    with (directory / "server.log").open("wb") as log:
        process = subprocess.Popen(build_tethered_command(command), stdout=log, stderr=log)
        try:
            server = S3Server(s3)
            _await_bucket(server, process)
            yield server
        finally:
            process.kill()
            process.wait()


def find_free_ports(count: int) -> list[int]:
    """Ports of the loopback interface that nobody listened on a moment ago."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _await_bucket(server: S3Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    client = server.connect()
    while True:
        try:
            client.create_bucket(Bucket=BUCKET)
            # Listening is not yet being able to write: the first volume must exist.
            client.put_object(Bucket=BUCKET, Key="probe", Body=b"probe")
            client.delete_object(Bucket=BUCKET, Key="probe")
        except (BotoCoreError, ClientError) as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("SeaweedFS did not start; server.log says why.") from error
            time.sleep(0.2)
        else:
            return
