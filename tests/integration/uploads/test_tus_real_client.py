"""tuspy against `serve`: sent, cut by the death of the server, resumed, finished."""

import hashlib
import io
import threading
import time
from pathlib import Path

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError
from tusclient.uploader import Uploader

from serve_process import Service, serve
from service_context import (
    build_settings,
    open_client,
    open_context,
    require_first_admin,
    sign_in,
)
from transcriber.infra.settings import Settings
from upload_checks import check_all
from upload_client import make_bytes

STEP_BYTES = 200_000
DATA = make_bytes(6 * 1024**2 + 77)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return build_settings(
        tmp_path / "data",
        port=0,
        worker_processes=0,
        disk_low_water_bytes=0,
        upload_chunk_bytes=1024**2,
        lease_seconds=2,
        heartbeat_seconds=1,
    )


def start_uploader(service: Service, headers: dict[str, str], path: str | None) -> Uploader:
    client = TusClient(f"{service.address}/uploads/tus", headers=headers)
    sha256 = hashlib.sha256(DATA).hexdigest()
    return client.uploader(
        file_stream=io.BytesIO(DATA),
        url=path and service.address + path,
        chunk_size=STEP_BYTES,
        metadata={"filename": "interview.wav", "sha256": sha256},
        upload_checksum=True,
    )


def test_tuspy_goes_on_where_a_killed_server_had_come(settings: Settings) -> None:
    with open_context(settings) as context:
        with open_client(context) as client:
            headers = sign_in(client, require_first_admin(context))
        with serve(settings) as service:
            service.wait_until_up(children=1)
            uploader = start_uploader(service, headers, None)
            killer = threading.Timer(0.0, service.process.kill)
            uploader.upload_chunk()
            path = str(uploader.url).removeprefix(service.address)
            killer.start()
            with pytest.raises(TusCommunicationError):
                uploader.upload()
        with serve(settings) as service:
            service.wait_until_up(children=1)
            uploader = start_uploader(service, headers, path)
            assert STEP_BYTES <= uploader.offset < len(DATA)
            uploader.upload()
            assert uploader.offset == len(DATA)
            upload_id = str(uploader.url).rpartition("/")[2]
            deadline = time.monotonic() + 60
            with open_client(context) as client:
                client.headers.update(headers)
                while (found := client.get(f"/uploads/{upload_id}").json())["job_id"] is None:
                    assert time.monotonic() < deadline, found
                    time.sleep(0.1)
                job = client.get(f"/jobs/{found['job_id']}").json()
        assert (job["name"], job["size_bytes"]) == ("interview.wav", len(DATA))
        check_all(context)
