"""The direct upload over HTTP: what it takes, and every hostile form of it."""

import errno
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from httpx import Response
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from service_context import open_client
from transcriber.infra.context import Context
from transcriber.infra.database import Database, UnitOfWork
from transcriber.infra.identifiers import create_id
from transcriber.infra.storage import LocalStorage, StoredObject
from transcriber.infra.storage.errors import translate_os_error
from transcriber.infra.storage.local_writer import LocalWriter

BOUNDARY = "xxBOUNDARYxx"


def part(name: str, value: bytes, *, filename: bytes | None = None, extra: bytes = b"") -> bytes:
    disposition = b'Content-Disposition: form-data; name="' + name.encode() + b'"'
    if filename is not None:
        disposition += b'; filename="' + filename + b'"'
    return b"--" + BOUNDARY.encode() + b"\r\n" + disposition + extra + b"\r\n\r\n" + value + b"\r\n"


FILE = part("file", b"some bytes", filename=b"talk.mp3")
END = b"--" + BOUNDARY.encode() + b"--\r\n"


def send(
    client: TestClient, *parts: bytes, content_type: str | None = None, **headers: str
) -> Response:
    kind = content_type or f"multipart/form-data; boundary={BOUNDARY}"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/jobs/", content=b"".join(parts), headers={"Content-Type": kind, **named})


def count_objects(context: Context) -> int:
    return sum(1 for _ in context.storage.find_objects())


def test_a_recording_is_taken_with_options_before_and_after_the_file(
    client: TestClient, context: Context
) -> None:
    answer = send(
        client, part("language", b"de"), FILE, part("beam_size", b"1"), part("hotwords", b""), END
    )
    assert answer.status_code == 201, answer.text
    job = answer.json()
    assert answer.headers["location"] == f"/jobs/{job['id']}"
    assert (job["state"], job["name"], job["model"]) == ("queued", "talk.mp3", "base")
    assert (job["options"]["language"], job["options"]["beam_size"]) == ("de", 1)
    assert job["options"]["hotwords"] is None
    assert (job["queue_position"], job["progress"], job["eta_seconds"]) == (1, None, None)
    assert client.get(f"/jobs/{job['id']}").json()["id"] == job["id"]
    assert count_objects(context) == 1


@pytest.mark.parametrize(
    ("parts", "status", "code"),
    [
        ((part("file", b"", filename=b"a.mp3"), END), 422, "empty"),
        ((part("language", b"en"), END), 422, "invalid"),
        ((FILE, FILE, END), 422, "invalid"),
        ((part("other", b"x", filename=b"a.mp3"), FILE, END), 422, "invalid"),
        ((FILE, part("user_id", b"root"), END), 422, "invalid"),
        ((FILE, part("beam_size", b"99"), END), 422, "invalid"),
        ((FILE, part("beam_size", b"9" * 5000), END), 422, "invalid"),
        ((FILE, part("patience", b"NaN"), END), 422, "invalid"),
        ((FILE, part("patience", b"1e400"), END), 422, "invalid"),
        ((FILE, part("language", b"tlh"), END), 422, "unknown_language"),
        ((FILE, part("model", b"../../etc"), END), 422, "unknown_model"),
        ((FILE, part("initial_prompt", b"a\x00b"), END), 422, "invalid"),
        ((FILE, part("initial_prompt", b"\xed\xa0\x80"), END), 422, "invalid"),
        ((FILE, part("task", b"en"), part("task", b"en"), END), 422, "invalid"),
        ((FILE, part("hotwords", b"x" * 70_000), END), 400, "bad_request"),
        ((FILE, *(part(f"f{number}", b"") for number in range(2_000)), END), 400, "bad_request"),
        ((part("a", b"", extra=b"\r\nX-Long: " + b"y" * 1024**2), FILE, END), 400, "bad_request"),
        ((FILE,), 400, "bad_request"),
        ((b"no form at all",), 400, "bad_request"),
    ],
)
def test_a_bad_form_is_refused_and_leaves_nothing(
    client: TestClient, context: Context, parts: tuple[bytes, ...], status: int, code: str
) -> None:
    answer = send(client, *parts)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert count_objects(context) == 0
    assert client.get("/jobs/").json()["total"] == 0


def test_an_unknown_model_is_answered_with_the_staged_ones(client: TestClient) -> None:
    answer = send(client, FILE, part("model", b"huge"), END)
    assert answer.json()["models"] == ["base"]
    assert "base" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=", 400),
        (f"multipart/form-data; boundary={'b' * 5000}", 400),
        ("application/octet-stream", 415),
    ],
)
def test_a_bad_boundary_or_type_is_refused(
    client: TestClient, content_type: str, status: int
) -> None:
    assert send(client, FILE, END, content_type=content_type).status_code == status


def test_a_compressed_body_is_refused(client: TestClient) -> None:
    assert send(client, FILE, END, Content_Encoding="gzip").status_code == 415


@contextmanager
def open_variant(context: Context, client: TestClient, **parts: Any) -> Generator[TestClient]:
    """The same service with another part; `client`'s sign-in holds there too."""
    with open_client(replace(context, **parts)) as variant:
        variant.headers["Authorization"] = client.headers["Authorization"]
        yield variant


def test_a_file_over_the_limit_is_refused_however_it_is_announced(
    client: TestClient, context: Context
) -> None:
    settings = context.settings.model_copy(update={"max_upload_bytes": 10_000})
    over = part("file", b"x" * 12_000, filename=b"a.mp3")
    endless = part("file", b"x" * 5 * 1024**2, filename=b"a.mp3")

    def stream(body: bytes) -> Iterator[bytes]:
        for start in range(0, len(body), 65_536):
            yield body[start : start + 65_536]

    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    with open_variant(context, client, settings=settings) as small:
        answers = [
            small.post("/jobs/", content=body, headers=headers)
            for body in (over + END, endless + END, stream(over + END), stream(endless + END))
        ]
        within = send(small, part("file", b"x" * 10_000, filename=b"a.mp3"), END)
    assert [answer.status_code for answer in answers] == [413] * 4
    assert {answer.json()["max_bytes"] for answer in answers} == {10_000}
    assert within.status_code == 201
    assert count_objects(context) == 1


def test_replays_of_a_key_give_the_same_answer(client: TestClient, context: Context) -> None:
    answers = [send(client, FILE, END, Idempotency_Key="k-1") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert count_objects(context) == 1
    changed = send(client, FILE, part("beam_size", b"2"), END, Idempotency_Key="k-1")
    assert (changed.status_code, changed.json()["code"]) == (409, "idempotency_conflict")
    assert count_objects(context) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\u00e9"])
def test_a_bad_idempotency_key_is_refused(client: TestClient, key: str) -> None:
    answer = client.post(
        "/jobs/",
        content=FILE + END,
        headers=[
            (b"content-type", f"multipart/form-data; boundary={BOUNDARY}".encode()),
            (b"idempotency-key", key.encode()),
        ],
    )
    assert answer.status_code == 422


NAMES = [
    (b"../../x", "../../x"),
    (b"/etc/passwd", "/etc/passwd"),
    (b"a\x00b.mp3", "a\\x00b.mp3"),
    (b"a%0d%0aSet-Cookie: x=1.mp3", "a%0d%0aSet-Cookie: x=1.mp3"),
    (b"<img src=x onerror=alert(1)>.mp3", "<img src=x onerror=alert(1)>.mp3"),
    ("\u202e3pm.exe".encode(), "\\u202e3pm.exe"),
    (b"CON", "CON"),
    (b".htaccess", ".htaccess"),
    (b"-i", "-i"),
    (b"--exec", "--exec"),
    (b"a.mp3.html", "a.mp3.html"),
    (b"\x1b[31mred.mp3", "\\x1b[31mred.mp3"),
    (b"n" * 5000, "n" * 255),
    (b"", "recording"),
]


@pytest.mark.parametrize(("sent", "shown"), NAMES)
def test_file_names_are_only_text(
    client: TestClient, context: Context, sent: bytes, shown: str
) -> None:
    answer = send(client, part("file", b"some bytes", filename=sent), END)
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == shown
    keys = [each.key for each in context.storage.find_objects()]
    assert len(keys) == 1
    assert keys[0].startswith("recordings/")


def test_a_lone_surrogate_in_a_name_is_refused(client: TestClient, context: Context) -> None:
    answer = send(client, part("file", b"some bytes", filename=b"\xed\xa0\x80.mp3"), END)
    assert answer.status_code == 422
    assert count_objects(context) == 0


class FailingWriter(LocalWriter):
    """Fails as the system would, at the step a test names."""

    def __init__(self, *paths: Any, root: Path, step: str, number: int) -> None:
        super().__init__(*paths, root=root)
        self._step = step
        self._number = number

    def write(self, data: bytes) -> None:
        super().write(data)
        if self._step == "write":
            self._fail()

    def commit(self) -> StoredObject:
        self._fail()

    def _fail(self) -> NoReturn:
        self.abort()
        raise translate_os_error(OSError(self._number, os.strerror(self._number)), "store it")


class FailingStorage(LocalStorage):
    def __init__(self, root: Path, step: str, number: int) -> None:
        super().__init__(root, low_water_bytes=0)
        self._step = step
        self._number = number

    def create(self, key: str, *, may_use_reserve: bool = False) -> LocalWriter:
        unfinished = self._root / "unfinished" / create_id()
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        final = self._path(key)
        return FailingWriter(
            key, unfinished, final, root=self._root, step=self._step, number=self._number
        )


@pytest.mark.parametrize("step", ["write", "commit"])
@pytest.mark.parametrize(
    ("number", "status"), [(errno.ENOSPC, 507), (errno.EDQUOT, 507), (errno.EIO, 503)]
)
def test_a_failing_disk_leaves_no_row_and_no_object(
    client: TestClient, context: Context, step: str, number: int, status: int
) -> None:
    storage = FailingStorage(context.settings.resolved_storage_dir, step, number)
    with open_variant(context, client, storage=storage) as broken:
        answer = send(broken, FILE, END)
    assert answer.status_code == status
    assert client.get("/jobs/").json()["total"] == 0
    assert count_objects(context) == 0


class LostAnswers:
    """A database that commits, and whose connection is lost before it can say so."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    @contextmanager
    def unit_of_work(self) -> Generator[UnitOfWork]:
        with self._database.unit_of_work() as uow:
            yield uow
        raise OperationalError("COMMIT", {}, OSError("connection lost"))


def test_a_lost_answer_to_the_commit_loses_no_recording(
    client: TestClient, context: Context
) -> None:
    with open_variant(context, client, database=LostAnswers(context.database)) as broken:
        answer = send(broken, FILE, END, Idempotency_Key="k-lost")
    assert answer.status_code == 503
    assert client.get("/jobs/").json()["total"] == 1
    assert count_objects(context) == 1
    again = send(client, FILE, END, Idempotency_Key="k-lost")
    assert again.status_code == 201
    assert client.get("/jobs/").json()["total"] == 1
    assert count_objects(context) == 1


def test_nobody_uploads_without_signing_in(client: TestClient, context: Context) -> None:
    assert send(client, FILE, END, Authorization="").status_code == 401
    assert count_objects(context) == 0
