"""Many recordings in one request: a job each, an answer each."""

import errno
import os
import secrets
from dataclasses import replace
from typing import Any

import pytest
from httpx import Response
from starlette.testclient import TestClient

from service_context import open_client
from transcriber.infra.context import Context
from transcriber.infra.storage.errors import translate_os_error
from transcriber.recordings.batch import MAX_FILES

BOUNDARY = "xxBOUNDARYxx"
END = f"--{BOUNDARY}--\r\n".encode()


def part(name: str, value: bytes, filename: bytes | None = None) -> bytes:
    header = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'.encode()
    if filename is not None:
        header += b'; filename="' + filename + b'"'
    return header + b"\r\n\r\n" + value + b"\r\n"


def file(number: int, data: bytes | None = None) -> bytes:
    return part(
        "file", f"bytes {number}".encode() if data is None else data, b"talk%d.mp3" % number
    )


def send(client: TestClient, *parts: bytes, key: str | None = None) -> Response:
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    if key is not None:
        headers["Idempotency-Key"] = key
    return client.post("/jobs/batch", content=b"".join(parts), headers=headers)


def count_objects(context: Context) -> int:
    return sum(1 for _ in context.storage.find_objects())


def test_each_file_becomes_a_job_with_the_same_options(
    client: TestClient, context: Context
) -> None:
    answer = send(client, part("beam_size", b"2"), file(1), file(2), part("language", b"de"), END)
    assert answer.status_code == 207, answer.text
    body = answer.json()
    assert (body["accepted"], body["refused"]) == (2, 0)
    assert [item["status"] for item in body["items"]] == [201, 201]
    jobs = [item["job"] for item in body["items"]]
    assert [job["name"] for job in jobs] == ["talk1.mp3", "talk2.mp3"]
    assert {(job["options"]["beam_size"], job["options"]["language"]) for job in jobs} == {
        (2, "de")
    }
    assert {job["id"] for job in jobs} == {
        job["id"] for job in client.get("/jobs/").json()["items"]
    }
    assert count_objects(context) == 2


def test_one_bad_file_loses_none_of_the_others(client: TestClient, context: Context) -> None:
    settings = context.settings.model_copy(update={"max_upload_bytes": 1_000_000})
    with open_client(replace(context, settings=settings)) as small:
        small.headers["Authorization"] = client.headers["Authorization"]
        answer = send(
            small,
            file(0),
            file(1, b""),
            file(2, b"x" * 1_500_000),
            part("file", b"data", b"\xed\xa0\x80.mp3"),
            file(4),
            END,
        )
    assert answer.status_code == 207
    items = answer.json()["items"]
    assert [item["index"] for item in items] == [0, 1, 2, 3, 4]
    assert [item["status"] for item in items] == [201, 422, 413, 422, 201]
    codes = [item["problem"] and item["problem"]["code"] for item in items]
    assert codes == [None, "empty", "too_large", "invalid", None]
    assert [item["name"] for item in items][::4] == ["talk0.mp3", "talk4.mp3"]
    assert items[2]["problem"]["max_bytes"] == 1_000_000
    assert items[1]["problem"]["request_id"] == answer.headers["x-request-id"]
    assert (client.get("/jobs/").json()["total"], count_objects(context)) == (2, 2)


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ((file(1), part("beam_size", b"99"), END), 422),
        ((file(1), part("name", b"one name for all"), END), 422),
        ((file(1), part("model", b"huge"), END), 422),
        ((file(1), part("other", b"x", b"a.mp3"), END), 422),
        ((part("beam_size", b"1"), END), 422),
        ((*(file(number) for number in range(MAX_FILES + 1)), END), 422),
        ((file(1), *(part(f"f{number}", b"") for number in range(2_000)), END), 400),
        ((file(1), file(2)), 400),
        ((b"no form",), 400),
    ],
)
def test_a_bad_form_is_refused_as_a_whole_and_leaves_nothing(
    client: TestClient, context: Context, parts: tuple[bytes, ...], status: int
) -> None:
    assert send(client, *parts).status_code == status
    assert count_objects(context) == 0
    assert client.get("/jobs/").json()["total"] == 0


class FillingStorage:
    """A storage that is full for a while after its first object."""

    def __init__(self, context: Context) -> None:
        self._storage = context.storage
        self.is_full = True
        self.count = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def create(self, key: str) -> Any:
        self.count += 1
        if self.is_full and self.count == 2:
            number = errno.ENOSPC
            raise translate_os_error(OSError(number, os.strerror(number)), "store it")
        return self._storage.create(key)


def test_a_repeated_batch_makes_only_what_is_missing(client: TestClient, context: Context) -> None:
    storage = FillingStorage(context)
    key = secrets.token_hex(8)
    with open_client(replace(context, storage=storage)) as filling:
        filling.headers["Authorization"] = client.headers["Authorization"]
        parts = (file(1), file(2), file(3), END)
        first = send(filling, *parts, key=key).json()
        assert [item["status"] for item in first["items"]] == [201, 507, 201]
        assert first["items"][1]["problem"]["code"] == "storage_full"
        storage.is_full = False
        second = send(filling, *parts, key=key).json()
        third = send(filling, *parts, key=key).json()
        moved = send(filling, file(2), file(1), END, key=key).json()
    assert [item["status"] for item in second["items"]] == [201, 201, 201]
    ids = [[item["job"]["id"] for item in answer["items"]] for answer in (second, third)]
    assert ids[0] == ids[1]
    assert [first["items"][n]["job"]["id"] for n in (0, 2)] == [ids[0][0], ids[0][2]]
    assert [item["problem"]["code"] for item in moved["items"]] == ["idempotency_conflict"] * 2
    assert (client.get("/jobs/").json()["total"], count_objects(context)) == (3, 3)


def test_the_same_file_twice_is_stored_once(client: TestClient, context: Context) -> None:
    items = send(client, file(1), file(1), END).json()["items"]
    assert items[0]["job"]["duplicate_of"] is None
    assert items[1]["job"]["duplicate_of"]["recording_id"] == items[0]["job"]["recording_id"]
    assert (client.get("/jobs/").json()["total"], count_objects(context)) == (2, 1)


def test_nobody_sends_without_signing_in(client: TestClient, context: Context) -> None:
    with open_client(context) as anonymous:
        assert send(anonymous, file(1), END).status_code == 401
    assert count_objects(context) == 0
