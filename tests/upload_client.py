"""The canonical upload protocol as a client of the API speaks it."""

import base64
import hashlib
import random
from collections.abc import Sequence
from typing import Any

from httpx import Response
from starlette.testclient import TestClient


def make_bytes(size: int, seed: int = 0) -> bytes:
    """Bytes that differ everywhere, so that no chunk can stand in for another."""
    return random.Random(seed).randbytes(size)


def hash_bytes(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest_header(data: bytes, algorithm: str = "sha-256") -> dict[str, str]:
    state = hashlib.new(algorithm.replace("-", ""), data)
    return {"Content-Digest": f"{algorithm}=:{base64.b64encode(state.digest()).decode()}:"}


def initialize(client: TestClient, size: int, **fields: Any) -> dict[str, Any]:
    headers = fields.pop("headers", {})
    body = {"name": "talk.mp3", "size_bytes": size, **fields}
    answer = client.post("/uploads/", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    upload: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/uploads/{upload['id']}"
    return upload


def cut_chunk(upload: dict[str, Any], data: bytes, number: int) -> bytes:
    start = number * upload["chunk_bytes"]
    return data[start : start + upload["chunk_bytes"]]


def send_chunk(
    client: TestClient, upload: dict[str, Any], data: bytes, number: int, **headers: str
) -> Response:
    return client.put(
        f"/uploads/{upload['id']}/chunks/{number}",
        content=cut_chunk(upload, data, number),
        headers=headers,
    )


def send_chunks(
    client: TestClient, upload: dict[str, Any], data: bytes, numbers: Sequence[int] | None = None
) -> None:
    for number in range(upload["chunk_count"]) if numbers is None else numbers:
        answer = send_chunk(client, upload, data, number)
        assert answer.status_code == 200, answer.text


def read_state(client: TestClient, upload: dict[str, Any]) -> dict[str, Any]:
    answer = client.get(f"/uploads/{upload['id']}")
    assert answer.status_code == 200, answer.text
    state: dict[str, Any] = answer.json()
    return state


def list_missing(client: TestClient, upload: dict[str, Any]) -> list[int]:
    return [
        number
        for each in read_state(client, upload)["missing"]
        for number in range(each["first"], each["last"] + 1)
    ]


def finalize(client: TestClient, upload: dict[str, Any]) -> Response:
    return client.post(f"/uploads/{upload['id']}/finalize")


def upload_whole(client: TestClient, data: bytes, **fields: Any) -> dict[str, Any]:
    """Send everything; gives the job."""
    upload = initialize(client, len(data), **fields)
    send_chunks(client, upload, data)
    answer = finalize(client, upload)
    assert answer.status_code == 201, answer.text
    job: dict[str, Any] = answer.json()
    return job
