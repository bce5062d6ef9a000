"""tus 1.0 as a client of the API speaks it, header by header."""

import base64
import hashlib
from typing import Any

from httpx import Response
from starlette.testclient import TestClient

PATH = "/uploads/tus"
VERSION = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}


def encode_metadata(**values: str) -> str:
    return ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items()
    )


def checksum_header(data: bytes, algorithm: str = "sha1") -> dict[str, str]:
    digest = hashlib.new(algorithm, data).digest()
    return {"Upload-Checksum": f"{algorithm} {base64.b64encode(digest).decode()}"}


def create(client: TestClient, size: int | None, **headers: str) -> Response:
    length = {} if size is None else {"Upload-Length": str(size)}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(PATH, headers={**VERSION, **length, **named})


def begin(client: TestClient, size: int | None, **headers: str) -> str:
    """The address of a new upload."""
    answer = create(client, size, **headers)
    assert answer.status_code == 201, answer.text
    return answer.headers["location"]


def append(client: TestClient, address: str, offset: int, content: Any, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.patch(
        address,
        content=content,
        headers={**VERSION, **BODY, "Upload-Offset": str(offset), **named},
    )


def ask(client: TestClient, address: str) -> Response:
    return client.head(address, headers=VERSION)


def read_offset(client: TestClient, address: str) -> int:
    answer = ask(client, address)
    assert answer.status_code == 200, answer.status_code
    assert answer.headers["cache-control"] == "no-store"
    return int(answer.headers["upload-offset"])


def name_upload(address: str) -> str:
    return address.rpartition("/")[2]
