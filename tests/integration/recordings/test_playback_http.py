"""Playing a recording: ranges, versions, types, ownership, and clients that leave."""

import asyncio
import secrets
import time
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient
from starlette.types import Message

from hostile_media import build_noise, build_wav
from job_builders import FakeEngines, add_job, read_job
from media_corpus import Encoding, write_recording
from service_context import open_client
from transcriber.infra.context import Context
from transcriber.jobs.runner import Runner
from transcriber.recordings.models import Recording
from transcriber.recordings.playback import PIECE_BYTES, MediaRequest, answer_media

DATA = bytes(range(256)) * 5_000
SIZE = len(DATA)


def add_recording(context: Context, user_id: str, **choices: Any) -> str:
    job_id = add_job(context, user_id, **({"data": DATA, "name": "talk.mp3"} | choices))
    return read_job(context, job_id).recording_id


def tell_container(context: Context, recording_id: str, container: str) -> None:
    with context.database.unit_of_work() as uow:
        statement = update(Recording).where(Recording.id == recording_id)
        uow.session.execute(statement.values(container=container, has_video=False))


def test_the_whole_recording_is_sent_in_pieces(
    client: TestClient, context: Context, user_id: str
) -> None:
    assert SIZE > 2 * PIECE_BYTES
    recording_id = add_recording(context, user_id)
    tell_container(context, recording_id, "mp3")
    answer = client.get(f"/recordings/{recording_id}/media")
    assert (answer.status_code, answer.content) == (200, DATA)
    headers = answer.headers
    assert headers["content-type"] == "audio/mpeg"
    assert headers["content-length"] == str(SIZE)
    assert headers["accept-ranges"] == "bytes"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "private, no-cache"
    assert headers["content-disposition"].startswith('inline; filename="talk.mp3"')
    assert headers["etag"] == f'"{client.get(f"/recordings/{recording_id}").json()["sha256"]}"'


def test_head_tells_what_get_would_say(client: TestClient, context: Context, user_id: str) -> None:
    address = f"/recordings/{add_recording(context, user_id)}/media"
    got, asked = client.get(address), client.head(address, headers={"Range": "bytes=0-1"})
    assert (asked.status_code, asked.content) == (200, b"")
    named = ("content-length", "content-type", "etag", "accept-ranges", "content-disposition")
    assert [asked.headers[name] for name in named] == [got.headers[name] for name in named]


def test_one_range_is_sent_as_it_is(client: TestClient, context: Context, user_id: str) -> None:
    address = f"/recordings/{add_recording(context, user_id)}/media"
    answer = client.get(address, headers={"Range": f"bytes=100-{PIECE_BYTES + 200}"})
    assert (answer.status_code, answer.content) == (206, DATA[100 : PIECE_BYTES + 201])
    assert answer.headers["content-range"] == f"bytes 100-{PIECE_BYTES + 200}/{SIZE}"
    tail = client.get(address, headers={"Range": "bytes=-5"})
    assert (tail.content, tail.headers["content-length"]) == (DATA[-5:], "5")


def test_several_ranges_are_sent_as_parts(
    client: TestClient, context: Context, user_id: str
) -> None:
    address = f"/recordings/{add_recording(context, user_id)}/media"
    answer = client.get(address, headers={"Range": "bytes=0-9,700000-1299999,500-509,505-600"})
    assert answer.status_code == 206
    assert int(answer.headers["content-length"]) == len(answer.content)
    kind, _, boundary = answer.headers["content-type"].partition("; boundary=")
    assert kind == "multipart/byteranges"
    before, *parts, after = answer.content.split(f"--{boundary}".encode())
    assert (before, after) == (b"", b"--\r\n")
    heads, bodies = zip(*(part.split(b"\r\n\r\n", 1) for part in parts), strict=True)
    ranges = [head.decode().split("Content-Range: ")[1] for head in heads]
    assert ranges == [f"bytes {each}/{SIZE}" for each in ("0-9", "500-600", f"700000-{SIZE - 1}")]
    assert [body.removesuffix(b"\r\n") for body in bodies] == [
        DATA[:10],
        DATA[500:601],
        DATA[700_000:],
    ]


@pytest.mark.parametrize(
    ("header", "code"), [(f"bytes={SIZE}-", 416), ("bytes=" + ",".join(["0-0"] * 200), 416)]
)
def test_bad_ranges_are_refused_with_the_size_and_at_once(
    client: TestClient, context: Context, user_id: str, header: str, code: int
) -> None:
    address = f"/recordings/{add_recording(context, user_id)}/media"
    client.get(address, headers={"Range": "bytes=0-0"})
    spent: list[float] = []
    for _ in range(3):
        started = time.process_time()
        answer = client.get(address, headers={"Range": header})
        spent.append(time.process_time() - started)
    assert (answer.status_code, answer.json()["code"]) == (code, "range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{SIZE}"
    # Other threads of this process, and the collection of their garbage, count as well.
    assert min(spent) < 0.05


def test_versions_are_compared(client: TestClient, context: Context, user_id: str) -> None:
    address = f"/recordings/{add_recording(context, user_id)}/media"
    etag = client.head(address).headers["etag"]
    known = client.get(address, headers={"If-None-Match": f'W/"x", {etag}'})
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", etag)
    same = client.get(address, headers={"Range": "bytes=0-0", "If-Range": etag})
    other = client.get(address, headers={"Range": "bytes=0-0", "If-Range": '"another"'})
    assert (same.status_code, other.status_code, other.content) == (206, 200, DATA)


def test_what_a_file_is_decides_and_not_its_name(
    client: TestClient, context: Context, user_id: str
) -> None:
    unknown = add_recording(context, user_id, name="a.mp3.html", data=b"<script>alert(1)</script>")
    answer = client.get(f"/recordings/{unknown}/media")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith('attachment; filename="a.mp3.bin"')
    wave = add_recording(context, user_id, name="evil\r\nSet-Cookie: a=b.html")
    tell_container(context, wave, "wav")
    shown = client.get(f"/recordings/{wave}/media")
    assert shown.headers["content-type"] == "audio/wav"
    assert shown.headers["content-disposition"].startswith("inline; ")
    assert "set-cookie" not in shown.headers
    saved = client.get(f"/recordings/{wave}/media", params={"download": "true"})
    assert saved.headers["content-disposition"].startswith("attachment; ")
    assert saved.headers["content-disposition"].endswith(".wav")


def test_a_webm_is_told_from_other_matroska_files(
    client: TestClient, context: Context, user_id: str, tmp_path: Any
) -> None:
    types = []
    for suffix, container in (("webm", None), ("mka", "matroska")):
        path = tmp_path / f"talk.{suffix}"
        write_recording(path, Encoding(suffix, "libopus", rate=48_000, container=container))
        recording_id = add_recording(context, user_id, data=path.read_bytes())
        Runner(context, FakeEngines(), worker_id="w1").run_token()
        types.append(client.get(f"/recordings/{recording_id}").json()["media_type"])
    assert types == ["audio/webm", "audio/x-matroska"]


def test_nobody_hears_what_belongs_to_somebody_else(client: TestClient, context: Context) -> None:
    recording_id = add_recording(context, "somebody else")
    missing = "0" * 32
    for path in ("", "/media", "/peaks"):
        answers = [client.get(f"/recordings/{each}{path}") for each in (recording_id, missing)]
        assert [answer.status_code for answer in answers] == [404, 404]
        shapes = [{**answer.json(), "request_id": None} for answer in answers]
        assert shapes[0] == shapes[1]
        assert shapes[0]["code"] == "recording_not_found"
    assert client.head(f"/recordings/{recording_id}/media").status_code == 404
    listed = client.get("/recordings/").json()
    assert (listed["items"], listed["total"]) == ([], 0)
    with open_client(context) as anonymous:
        for path in (
            "/recordings/",
            *(f"/recordings/{missing}{p}" for p in ("", "/media", "/peaks")),
        ):
            assert anonymous.get(path).status_code == 401


def test_removed_audio_is_gone_and_says_so(
    client: TestClient, context: Context, user_id: str
) -> None:
    job_id = add_job(context, user_id, data=build_wav(build_noise(3)))
    Runner(context, FakeEngines(), worker_id="w1").run_token()
    recording_id = read_job(context, job_id).recording_id
    assert len(list(context.storage.find_objects())) == 2
    assert client.delete(f"/recordings/{recording_id}").status_code == 204
    assert client.delete(f"/recordings/{recording_id}").status_code == 204
    assert list(context.storage.find_objects()) == []
    for path in ("media", "peaks"):
        answer = client.get(f"/recordings/{recording_id}/{path}")
        assert (answer.status_code, answer.json()["code"]) == (410, "recording_gone")
    facts = client.get(f"/recordings/{recording_id}").json()
    assert (facts["has_audio"], facts["has_peaks"]) == (False, False)
    assert client.get(f"/transcripts/{job_id}").status_code == 200


def test_audio_that_a_job_still_needs_stays(
    client: TestClient, context: Context, user_id: str
) -> None:
    recording_id = add_recording(context, user_id)
    answer = client.delete(f"/recordings/{recording_id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "recording_in_use")
    theirs = add_recording(context, "somebody else")
    assert client.delete(f"/recordings/{theirs}").json()["code"] == "recording_not_found"


def test_a_lost_or_damaged_object_is_told_before_anything_is_sent(
    client: TestClient, context: Context, user_id: str
) -> None:
    recording_id = add_recording(context, user_id)
    with context.database.unit_of_work() as uow:
        statement = update(Recording).where(Recording.id == recording_id)
        uow.session.execute(statement.values(size_bytes=SIZE + 1))
    damaged = client.get(f"/recordings/{recording_id}/media")
    assert (damaged.status_code, damaged.json()["code"]) == (503, "object_damaged")
    with context.database.snapshot() as session:
        context.storage.delete(session.get_one(Recording, recording_id).storage_key)
    lost = client.get(f"/recordings/{recording_id}/media")
    assert (lost.status_code, lost.json()["code"]) == (503, "object_missing")


class CountingStorage:
    """The storage, counting what is read of it."""

    def __init__(self, context: Context) -> None:
        self._storage = context.storage
        self.read_bytes = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)

    def read_range(self, key: str, offset: int, length: int) -> bytes:
        data = self._storage.read_range(key, offset, length)
        self.read_bytes += len(data)
        return data


def test_only_what_was_asked_for_is_read(
    client: TestClient, context: Context, user_id: str
) -> None:
    address = f"/recordings/{add_recording(context, user_id)}/media"
    storage = CountingStorage(context)
    with open_client(replace(context, storage=storage)) as counted:
        counted.headers["Authorization"] = client.headers["Authorization"]
        counted.get(address, headers={"Range": "bytes=5-9"})
        counted.head(address)
        counted.get(address, headers={"Range": "bytes=0-9,20-29"})
    assert storage.read_bytes == 25


def test_an_own_list_is_paged_and_filtered_by_hash(
    client: TestClient, context: Context, user_id: str
) -> None:
    ids = [add_recording(context, user_id, data=f"data {n}".encode()) for n in range(3)]
    first = client.get("/recordings/", params={"limit": 2}).json()
    second = client.get("/recordings/", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    found = [item["id"] for page in (first, second) for item in page["items"]]
    assert found == ids[::-1]
    assert (first["total"], second["next_cursor"]) == (3, None)
    known = second["items"][0]["sha256"]
    assert [
        item["id"] for item in client.get("/recordings/", params={"sha256": known}).json()["items"]
    ] == [ids[0]]
    unknown = client.get("/recordings/", params={"sha256": secrets.token_hex(32)}).json()
    assert (unknown["items"], unknown["total"]) == ([], 0)
    for bad in ("A" * 64, "a" * 63, "x"):
        assert client.get("/recordings/", params={"sha256": bad}).status_code == 422
    jobs = client.get("/jobs/", params={"recording_id": ids[1]}).json()
    assert [job["recording_id"] for job in jobs["items"]] == [ids[1]]
    assert jobs["total"] == 1


@pytest.mark.parametrize("spec_version", ["2.3", "2.4"])
def test_a_player_that_leaves_costs_nothing_more(
    context: Context, user_id: str, spec_version: str
) -> None:
    with context.database.snapshot() as session:
        recording = session.get_one(Recording, add_recording(context, user_id))
    storage = CountingStorage(context)
    response = answer_media(storage, recording, MediaRequest())

    async def play() -> None:
        has_left = asyncio.Event()
        pieces = 0

        async def send(message: Message) -> None:
            nonlocal pieces
            pieces += message["type"] == "http.response.body"
            if pieces == 0:
                return
            has_left.set()
            if spec_version == "2.4":
                raise OSError("The connection is gone.")
            # A server of the older kind lets a full connection wait, and tells of its end apart.
            await asyncio.Event().wait()

        async def receive() -> Message:
            await has_left.wait()
            return {"type": "http.disconnect"}

        scope = {"type": "http", "method": "GET", "asgi": {"spec_version": spec_version}}
        async with asyncio.timeout(10):
            await response(scope, receive, send)

    if spec_version == "2.4":
        with pytest.raises(ClientDisconnect):
            asyncio.run(play())
    else:
        asyncio.run(play())
    assert storage.read_bytes == PIECE_BYTES
