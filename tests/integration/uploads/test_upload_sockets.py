"""What only a socket can say: bodies that stall or end early, and requests with two lengths."""

import socket
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
import pytest
from starlette.testclient import TestClient

from socket_service import listen, read_answer
from transcriber.infra.context import Context
from transcriber.infra.impatient_protocol import ImpatientProtocol
from tus_client import append, begin, read_offset
from upload_checks import check_all
from upload_client import initialize, list_missing, make_bytes, send_chunk

DATA = make_bytes(64 * 1024)


class ImpatientNow(ImpatientProtocol):
    head_seconds = 1.0


@pytest.fixture(scope="module", name="place")
def serve_impatiently(local_context: Context) -> Generator[tuple[str, int]]:
    choices = {"upload_stall_seconds": 1.0, "upload_stall_bytes": 1_000}
    settings = local_context.settings.model_copy(update=choices)
    with listen(replace(local_context, settings=settings), ImpatientNow) as found:
        yield found


@pytest.fixture
def address(place: tuple[str, int], context: Context) -> tuple[str, int]:
    return place


@pytest.fixture
def sign_in_headers(local_client: TestClient) -> dict[str, str]:
    return {"Authorization": local_client.headers["Authorization"]}


@pytest.fixture
def http(address: tuple[str, int], sign_in_headers: dict[str, str]) -> Generator[httpx.Client]:
    url = f"http://{address[0]}:{address[1]}"
    with httpx.Client(base_url=url, headers=sign_in_headers, timeout=60) as client:
        yield client


def build_head(headers: dict[str, str], target: str, *lines: str) -> bytes:
    fixed = [target, "Host: a", f"Authorization: {headers['Authorization']}", *lines, "", ""]
    return "\r\n".join(fixed).encode()


def test_a_body_that_stalls_is_answered_and_frees_its_chunk(
    http: httpx.Client, address: tuple[str, int], sign_in_headers: dict[str, str]
) -> None:
    upload = initialize(http, len(DATA))
    target = f"PUT /uploads/{upload['id']}/chunks/0 HTTP/1.1"
    head = build_head(sign_in_headers, target, f"Content-Length: {len(DATA)}")
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(head + DATA[:2_000])
        started = time.monotonic()
        answer = read_answer(connection)
    assert answer.startswith(b"HTTP/1.1 408 "), answer
    assert b'"code": "too_slow"' in answer
    assert b"connection: close" in answer.lower()
    assert time.monotonic() - started < 30
    assert send_chunk(http, upload, DATA, 0).status_code == 200


def test_a_direct_upload_that_trickles_is_answered_too(
    context: Context, address: tuple[str, int], sign_in_headers: dict[str, str]
) -> None:
    lines = ("Content-Type: multipart/form-data; boundary=xx", "Content-Length: 100000")
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(build_head(sign_in_headers, "POST /jobs/ HTTP/1.1", *lines))
        connection.sendall(b'--xx\r\nContent-Disposition: form-data; name="file"\r\n\r\n')
        for _ in range(4):
            time.sleep(0.2)
            connection.sendall(b"x")
        answer = read_answer(connection)
    assert answer.startswith(b"HTTP/1.1 408 "), answer
    assert list(context.storage.find_objects()) == []


def test_a_body_that_is_cut_commits_nothing_and_frees_its_chunk(
    http: httpx.Client,
    address: tuple[str, int],
    context: Context,
    sign_in_headers: dict[str, str],
) -> None:
    upload = initialize(http, len(DATA))
    target = f"PUT /uploads/{upload['id']}/chunks/0 HTTP/1.1"
    head = build_head(sign_in_headers, target, f"Content-Length: {len(DATA)}")
    for cut in (0, 1, 1_000, len(DATA) - 1):
        with socket.create_connection(address, timeout=60) as connection:
            connection.sendall(head + DATA[:cut])
    deadline = time.monotonic() + 60
    while (status := send_chunk(http, upload, DATA, 0).status_code) == 423:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert status == 200
    assert list_missing(http, upload) == []
    check_all(context)


def build_tus_head(headers: dict[str, str], address: str, offset: int, length: int) -> bytes:
    fixed = ["Tus-Resumable: 1.0.0", "Content-Type: application/offset+octet-stream"]
    lines = [*fixed, f"Upload-Offset: {offset}", f"Content-Length: {length}"]
    return build_head(headers, f"PATCH {address} HTTP/1.1", *lines)


def await_offset(http: httpx.Client, address: str, least: int) -> int:
    deadline = time.monotonic() + 60
    while (found := read_offset(http, address)) < least:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found


def test_over_tus_a_body_that_is_cut_is_kept_as_far_as_it_was_read(
    http: httpx.Client,
    address: tuple[str, int],
    context: Context,
    sign_in_headers: dict[str, str],
) -> None:
    data = make_bytes(4 * 1024**2 + 500)
    place = begin(http, len(data))
    offset = 0
    while offset < 3 * 1024**2:
        head = build_tus_head(sign_in_headers, place, offset, len(data) - offset)
        sent = offset + 1024**2 + 70_000
        with socket.create_connection(address, timeout=60) as connection:
            connection.sendall(head + data[offset:sent])
            kept = await_offset(http, place, offset + 1024**2)
        assert kept <= sent
        check_all(context)
        offset = resume(http, place, data, 10)
        assert kept < offset <= sent + 10
    assert resume(http, place, data, len(data)) == len(data)
    check_all(context)


def resume(http: httpx.Client, address: str, data: bytes, count: int) -> int:
    """Ask and go on, as often as it takes: the server still keeps what it read before the cut."""
    deadline = time.monotonic() + 60
    while True:
        offset = read_offset(http, address)
        answer = append(http, address, offset, data[offset : offset + count])
        if answer.status_code == 204:
            return int(answer.headers["upload-offset"])
        assert answer.json()["code"] in {"chunk_busy", "offset_mismatch"}, answer.text
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_over_tus_a_body_that_stalls_is_kept_too_unless_it_has_a_checksum(
    http: httpx.Client, address: tuple[str, int], sign_in_headers: dict[str, str]
) -> None:
    place = begin(http, len(DATA))
    for checksum, offset in ((None, 2_000), ("Upload-Checksum: sha1 " + "A" * 27 + "=", 2_000)):
        head = build_tus_head(sign_in_headers, place, read_offset(http, place), 3_000)
        if checksum:
            head = head.replace(b"\r\n", f"\r\n{checksum}\r\n".encode(), 1)
        with socket.create_connection(address, timeout=60) as connection:
            connection.sendall(head + DATA[:2_000])
            answer = read_answer(connection)
        assert answer.startswith(b"HTTP/1.1 408 "), answer
        assert read_offset(http, place) == offset


def test_over_tus_of_two_at_once_one_has_to_wait(
    http: httpx.Client,
    address: tuple[str, int],
    context: Context,
    sign_in_headers: dict[str, str],
) -> None:
    data = make_bytes(3 * 1024**2)
    place = begin(http, len(data))
    append(http, place, 0, data[:1_000])
    sent = 3 * 1024**2 // 2

    def send_a_little() -> None:
        nonlocal sent
        connection.sendall(data[sent : sent + 1_000])
        sent += 1_000
        time.sleep(0.05)

    with socket.create_connection(address, timeout=60) as connection, ThreadPoolExecutor(1) as pool:
        head = build_tus_head(sign_in_headers, place, 1_000, len(data) - 1_000)
        connection.sendall(head + data[1_000:sent])
        deadline = time.monotonic() + 60
        # Before its first bytes are stored, the turn could still be the other's.
        while read_offset(http, place) == 1_000:
            assert time.monotonic() < deadline
            send_a_little()
        code = "offset_mismatch"
        while code == "offset_mismatch":
            # Whoever lost the connection asks, and goes on while the server still stores the old.
            offset = read_offset(http, place)
            other = pool.submit(append, http, place, offset, b"other bytes")
            while not other.done():
                send_a_little()
            code = other.result().json()["code"]
        assert code == "chunk_busy"
        connection.sendall(data[sent:])
        won = read_answer_head(connection)
    assert won.startswith(b"HTTP/1.1 204 "), won
    assert b"job-id" in won.lower()
    check_all(context)


def read_answer_head(connection: socket.socket) -> bytes:
    answer = b""
    while b"\r\n\r\n" not in answer and (piece := connection.recv(65_536)):
        answer += piece
    return answer


@pytest.mark.parametrize("target", ["PUT /uploads/{id}/chunks/0 HTTP/1.1", "POST /jobs/ HTTP/1.1"])
def test_two_lengths_are_refused_and_the_connection_closed(
    http: httpx.Client, address: tuple[str, int], sign_in_headers: dict[str, str], target: str
) -> None:
    upload = initialize(http, len(DATA))
    head = build_head(
        sign_in_headers,
        target.replace("{id}", upload["id"]),
        "Content-Type: application/octet-stream",
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
    )
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(
            head + b"5\r\nabcde\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
        )
        answer = read_answer(connection)
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    # What follows may have been meant as a request of somebody else's.
    assert answer.count(b"HTTP/1.1 ") == 1
    assert list_missing(http, upload) == [0]


@pytest.mark.parametrize("before", [b"", b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"])
def test_a_head_that_trickles_is_answered_and_the_connection_closed(
    address: tuple[str, int], before: bytes
) -> None:
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(before + b"GET /healthz HTTP/1.1\r\nX-Slow: ")
        for _ in range(4):
            time.sleep(0.1)
            connection.sendall(b"x")
        answer = read_answer(connection)
    assert answer.count(b"HTTP/1.1 ") == 1 + bool(before)
    assert b"HTTP/1.1 408 " in answer


def test_a_connection_that_says_nothing_is_closed(address: tuple[str, int]) -> None:
    with socket.create_connection(address, timeout=60) as connection:
        assert read_answer(connection).startswith(b"HTTP/1.1 408 ")
