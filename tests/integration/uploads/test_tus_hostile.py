"""The checklist of hostile uploads, over tus: nothing refused moves the offset."""

import base64
from datetime import timedelta

import pytest
from httpx import Response
from sqlalchemy import update
from starlette.testclient import TestClient

from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.uploads.models import Upload
from tus_client import (
    BODY,
    VERSION,
    append,
    ask,
    begin,
    checksum_header,
    create,
    encode_metadata,
    name_upload,
    read_offset,
)
from upload_checks import await_objects, check_all
from upload_client import make_bytes

CHUNK = 64 * 1024
DATA = make_bytes(2 * CHUNK + 100)


@pytest.fixture(name="address")
def begin_upload(client: TestClient) -> str:
    """An upload that goes on at 70,000: in the middle of its second chunk."""
    address = begin(client, len(DATA))
    assert append(client, address, 0, DATA[:70_000]).status_code == 204
    return address


def expect(client: TestClient, address: str, answer: Response, refusal: tuple[int, str]) -> None:
    """The answer is this refusal, and the upload goes on where it did."""
    assert (answer.status_code, answer.json()["code"]) == refusal, answer.text
    assert read_offset(client, address) == 70_000


@pytest.mark.parametrize("offset", ["0", "69999", "70001", str(len(DATA)), "1000000"])
def test_another_offset_is_a_conflict(client: TestClient, address: str, offset: str) -> None:
    answer = append(client, address, 0, b"x", Upload_Offset=offset)
    expect(client, address, answer, (409, "offset_mismatch"))
    assert answer.json()["offset"] == 70_000


@pytest.mark.parametrize("offset", ["-1", "x", "", "1.5", "0x10", "+1", str(2**63), "9" * 31, "٣"])
def test_what_is_no_offset_is_refused(client: TestClient, address: str, offset: str) -> None:
    headers = {**VERSION, **BODY, "Upload-Offset": offset.encode()}
    answer = client.patch(address, headers=headers, content=b"x")
    expect(client, address, answer, (400, "bad_upload_offset"))


@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_body_past_the_end_moves_nothing(
    client: TestClient, context: Context, address: str, *, is_streamed: bool
) -> None:
    for body in (DATA[70_000:] + b"x", DATA[70_000:] + b"x" * 1_000_000):
        answer = append(client, address, 70_000, iter([body]) if is_streamed else body)
        expect(client, address, answer, (413, "upload_too_long"))
    assert "job-id" in append(client, address, 70_000, DATA[70_000:]).headers
    check_all(context)


def test_a_body_of_unknown_length_is_taken(client: TestClient, address: str) -> None:
    pieces = [DATA[start : start + 9_000] for start in range(70_000, len(DATA), 9_000)]
    answer = append(client, address, 70_000, iter(pieces))
    assert answer.status_code == 204, answer.text
    assert "job-id" in answer.headers


@pytest.mark.parametrize(
    ("checksum", "refusal"),
    [
        ("crc32 AAAA", (400, "unknown_digest_algorithm")),
        ("", (400, "unknown_digest_algorithm")),
        ("sha1", (400, "bad_digest")),
        ("sha1 !!!", (400, "bad_digest")),
        ("sha1 AAAA", (400, "bad_digest")),
        (checksum_header(b"other")["Upload-Checksum"], (460, "checksum_mismatch")),
    ],
)
def test_a_bad_checksum_moves_nothing(
    client: TestClient, context: Context, address: str, checksum: str, refusal: tuple[int, str]
) -> None:
    answer = append(client, address, 70_000, DATA[70_000:], Upload_Checksum=checksum)
    expect(client, address, answer, refusal)
    check_all(context)


def test_other_content_is_unsupported(client: TestClient, address: str) -> None:
    for kind in ("application/octet-stream", "text/plain", "application/json"):
        answer = append(client, address, 70_000, b"[]", Content_Type=kind)
        assert answer.status_code == 415, answer.text
    answer = append(client, address, 70_000, b"x", Content_Encoding="gzip")
    expect(client, address, answer, (415, "unsupported_type"))


def test_an_announcement_with_another_body_is_unsupported(
    client: TestClient, context: Context
) -> None:
    headers = {**VERSION, "Upload-Length": "3", "Content-Type": "text/plain"}
    answer = client.post("/uploads/tus", headers=headers, content=b"abc")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_type")
    assert client.get("/uploads/").json()["items"] == []
    check_all(context)


def test_bytes_behind_the_end_are_refused(client: TestClient, address: str) -> None:
    append(client, address, 70_000, DATA[70_000:])
    answer = append(client, address, len(DATA), b"x")
    assert (answer.status_code, answer.json()["code"]) == (409, "upload_state")
    assert client.delete(address, headers=VERSION).status_code == 409


def test_an_expired_upload_is_gone(client: TestClient, context: Context, address: str) -> None:
    with context.database.unit_of_work() as uow:
        past = read_database_time(uow.session) - timedelta(seconds=1)
        query = update(Upload).where(Upload.id == name_upload(address))
        uow.session.execute(query.values(expires_at=past))
    assert ask(client, address).status_code == 410
    answer = append(client, address, 70_000, b"x")
    assert (answer.status_code, answer.json()["code"]) == (410, "upload_expired")


@pytest.mark.parametrize(
    ("length", "status", "code"),
    [
        ("0", 422, "empty"),
        (str(2**63), 413, "too_large"),
        ("9" * 30, 413, "too_large"),
        ("9" * 31, 400, "bad_upload_length"),
        ("-5", 400, "bad_upload_length"),
        ("x", 400, "bad_upload_length"),
        ("1e3", 400, "bad_upload_length"),
    ],
)
def test_a_bad_length_is_refused_and_reserves_nothing(
    client: TestClient, context: Context, length: str, status: int, code: str
) -> None:
    answer = create(client, None, Upload_Length=length)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert client.get("/uploads/").json()["items"] == []
    check_all(context)


def test_an_unknown_length_is_not_spoken_here(client: TestClient) -> None:
    for headers in ({}, {"Upload_Defer_Length": "1"}):
        answer = create(client, None, **headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_upload_length")


@pytest.mark.parametrize(
    ("metadata", "status", "code"),
    [
        ("filename !!!", 400, "bad_upload_metadata"),
        ("filename /////w==", 400, "bad_upload_metadata"),
        ("a YQ==,a YQ==", 400, "bad_upload_metadata"),
        (",", 400, "bad_upload_metadata"),
        ("x " + "A" * 8_192, 400, "bad_upload_metadata"),
        (encode_metadata(options="{"), 422, "bad_upload_options"),
        (encode_metadata(options='{"beam_size": 99}'), 422, "bad_upload_options"),
        (encode_metadata(options='{"user_id": "root"}'), 422, "bad_upload_options"),
        (encode_metadata(options='{"language": "tlh"}'), 422, "unknown_language"),
        (encode_metadata(options='{"model": "../../etc"}'), 422, "unknown_model"),
        (encode_metadata(sha256="x"), 422, "bad_upload_options"),
        (encode_metadata(filename="a\0b"), 422, "bad_upload_options"),
    ],
)
def test_bad_metadata_is_refused(
    client: TestClient, context: Context, metadata: str, status: int, code: str
) -> None:
    answer = create(client, 10, Upload_Metadata=metadata)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    check_all(context)


@pytest.mark.parametrize(
    "name",
    ["../../x", "/etc/passwd", "a\r\nb: c.mp3", "x" * 3_000, "<img onerror>", "\u202ea", "CON"],
)
def test_a_name_is_only_text(client: TestClient, context: Context, name: str) -> None:
    address = begin(client, 10, Upload_Metadata=encode_metadata(filename=name))
    assert append(client, address, 0, b"x" * 10).status_code == 204
    keys = await_objects(context, ["recordings"])
    assert len(keys[0]) == len("recordings/") + 32
    encoded = base64.b64encode(name.encode()).decode()
    assert ask(client, address).headers["upload-metadata"] == f"filename {encoded}"


def test_too_many_open_uploads_are_refused(client: TestClient, context: Context) -> None:
    limit = context.settings.max_open_uploads_per_account
    answers = [create(client, 1).status_code for _ in range(limit + 5)]
    assert answers == [201] * limit + [429] * 5
    check_all(context)


def test_nobody_goes_without_signing_in(client: TestClient, address: str) -> None:
    nobody = {"Authorization": "", **VERSION}
    assert client.post("/uploads/tus", headers={**nobody, "Upload-Length": "1"}).status_code == 401
    assert client.head(address, headers=nobody).status_code == 401
    assert client.delete(address, headers=nobody).status_code == 401
    assert append(client, address, 70_000, b"x", Authorization="").status_code == 401
    assert read_offset(client, address) == 70_000
