"""Recordings on every way in, over TLS: whole, cut, resumed, too long."""

import subprocess
import time
from pathlib import Path

import httpx
import pytest

from proxied_service import Site, build_head
from proxy_servers import Proxy
from tus_client import PATH, VERSION, append, begin, checksum_header, create, read_offset
from upload_client import (
    digest_header,
    finalize,
    hash_bytes,
    initialize,
    list_missing,
    make_bytes,
    send_chunk,
    send_chunks,
)

MEBIBYTE = 1024**2
CHUNK_BYTES = 8 * MEBIBYTE
DATA = make_bytes(2 * CHUNK_BYTES + 77)


def await_offset(http: httpx.Client, address: str, least: int) -> int:
    deadline = time.monotonic() + 60
    while (found := read_offset(http, address)) < least:
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found


def resume(http: httpx.Client, address: str, data: bytes) -> httpx.Response:
    """Ask and go on, as often as it takes: the service still keeps what it read before a cut."""
    deadline = time.monotonic() + 60
    while True:
        offset = read_offset(http, address)
        answer = append(http, address, offset, data[offset:])
        if answer.status_code == 204:
            return answer
        assert answer.json()["code"] in {"chunk_busy", "offset_mismatch"}, answer.text
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_chunks_of_which_one_is_cut(site: Site, http: httpx.Client) -> None:
    upload = initialize(http, len(DATA), sha256=hash_bytes(DATA))
    assert (upload["chunk_bytes"], upload["chunk_count"]) == (CHUNK_BYTES, 3)
    first = send_chunk(http, upload, DATA, 0, **digest_header(DATA[:CHUNK_BYTES]))
    assert first.status_code == 200, first.text
    target = f"PUT /uploads/{upload['id']}/chunks/1"
    with site.proxy.connect() as connection:
        connection.sendall(build_head(site, target, Content_Length=str(CHUNK_BYTES)))
        connection.sendall(DATA[CHUNK_BYTES : CHUNK_BYTES + 5 * MEBIBYTE])
        # Under way: somebody else who sends it is told so, through the proxy.
        deadline = time.monotonic() + 60
        while (busy := send_chunk(http, upload, DATA, 1)).status_code != 423:
            assert time.monotonic() < deadline, busy.text
        assert busy.json()["code"] == "chunk_busy"
        assert site.proxy.list_kept_files() == []
    assert list_missing(http, upload) == [1, 2]
    deadline = time.monotonic() + 60
    while (status := send_chunk(http, upload, DATA, 1).status_code) == 423:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert status == 200
    send_chunks(http, upload, DATA, [2])
    answer = finalize(http, upload)
    assert (answer.status_code, answer.json()["size_bytes"]) == (201, len(DATA)), answer.text


def test_a_body_over_tus_arrives_while_it_is_sent_and_stays_when_it_is_cut(
    site: Site, http: httpx.Client
) -> None:
    data = DATA[::-1]
    address = begin(http, len(data))
    assert address.startswith(PATH)
    head = build_head(
        site,
        f"PATCH {address}",
        **VERSION,
        Content_Type="application/offset+octet-stream",
        Upload_Offset="0",
        Content_Length=str(len(data)),
    )
    sent = CHUNK_BYTES + 3 * MEBIBYTE
    with site.proxy.connect() as connection:
        connection.sendall(head + data[:sent])
        # The body is not at its end, and what came is durable already.
        assert CHUNK_BYTES <= await_offset(http, address, CHUNK_BYTES) <= sent
        assert site.proxy.list_kept_files() == []
    answer = resume(http, address, data)
    assert answer.headers["upload-offset"] == str(len(data))
    assert answer.headers["tus-resumable"] == "1.0.0"
    job = http.get(f"/jobs/{answer.headers['job-id']}").json()
    assert job["size_bytes"] == len(data)


def test_refusals_of_tus_keep_their_status_and_their_document(http: httpx.Client) -> None:
    address = begin(http, len(DATA))
    wrong = append(http, address, 0, DATA[:1_000], **checksum_header(b"other bytes"))
    assert (wrong.status_code, wrong.json()["code"]) == (460, "checksum_mismatch")
    for offset, data, status, code in (
        (5, DATA, 409, "offset_mismatch"),
        (0, DATA + DATA, 413, "upload_too_long"),
    ):
        answer = append(http, address, offset, data)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    names = " ".join(f"{PATH}/{number:032x}" for number in range(1_000))
    joined = create(http, None, Upload_Concat=f"final;{names}")
    assert joined.headers["content-type"] == "application/problem+json"
    stopped = http.delete(address, headers=VERSION)
    assert stopped.status_code == 204
    assert http.head(address, headers=VERSION).status_code == 410
    assert http.options(PATH).headers["tus-version"] == "1.0.0"


def test_a_whole_recording_in_one_request_and_pieces_of_it(http: httpx.Client) -> None:
    data = make_bytes(20 * MEBIBYTE, seed=1)
    answer = http.post("/jobs/", files={"file": ("talk.mp3", data)})
    assert answer.status_code == 201, answer.text
    media = f"/recordings/{answer.json()['recording_id']}/media"
    part = http.get(media, headers={"Range": "bytes=9000000-9999999"})
    assert (part.status_code, part.content) == (206, data[9_000_000:10_000_000])
    assert part.headers["content-range"] == f"bytes 9000000-9999999/{len(data)}"
    beyond = http.get(media, headers={"Range": f"bytes={len(data)}-"})
    assert (beyond.status_code, beyond.json()["code"]) == (416, "range_not_satisfiable")
    assert http.head(media).headers["content-length"] == str(len(data))
    assert http.get(media).content == data


def test_a_chunk_that_is_too_long_is_refused(kind: str, http: httpx.Client) -> None:
    upload = initialize(http, len(DATA))
    address = f"/uploads/{upload['id']}/chunks/0"
    answer = http.put(address, content=bytes(20_000_000))
    assert answer.status_code == 413
    # nginx says it itself; through Caddy it is the service, as below nginx's limit.
    is_document = answer.headers["content-type"] == "application/problem+json"
    assert is_document is (kind == "caddy")
    answer = http.put(address, content=bytes(CHUNK_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "chunk_too_long")
    assert list_missing(http, upload) == [0, 1, 2]


@pytest.mark.parametrize("is_cut", [False, True])
def test_over_http_2_too(site: Site, http: httpx.Client, tmp_path: Path, *, is_cut: bool) -> None:
    (tmp_path / "body").write_bytes(DATA)
    address = begin(http, len(DATA))
    headers = {
        **site.headers,
        **VERSION,
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": "0",
    }
    # Broken off after two seconds, in which less than all was sent.
    pace = ["--limit-rate", "5M", "--max-time", "2"] if is_cut else []
    found = run_curl(site.proxy, address, headers, "PATCH", tmp_path / "body", *pace)
    if not is_cut:
        assert found == "2 204"
        assert read_offset(http, address) == len(DATA)
        return
    assert 0 < await_offset(http, address, 1) < len(DATA)
    assert resume(http, address, DATA).headers["upload-offset"] == str(len(DATA))


def run_curl(
    proxy: Proxy, path: str, headers: dict[str, str], method: str, body: Path, *options: str
) -> str:
    """The version and the status of the answer."""
    fields = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["curl", "-s", "--http2", "--cacert", str(proxy.certificate), "-X", method]
    shown = ["-o", "/dev/null", "-w", "%{http_version} %{http_code}"]
    done = subprocess.run(
        [*command, "-T", str(body), *fields, *shown, *options, proxy.origin + path],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout
