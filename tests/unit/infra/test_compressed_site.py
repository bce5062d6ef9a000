import gzip
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service_context import build_settings, open_context
from transcriber.app import create_app

SCRIPT = b"export const words = 'spoken';" * 50
# No decoder of it is at hand, and none is needed to see which file was sent.
BROTLI = b"as brotli"
FORMS = {"br": BROTLI, "gzip": gzip.compress(SCRIPT), None: SCRIPT}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    directory = tmp_path / "static"
    (directory / "assets").mkdir(parents=True)
    (directory / "index.html").write_text("<!doctype html><title>Transcriber</title>")
    (directory / "assets" / "app-abc123.js").write_bytes(SCRIPT)
    (directory / "assets" / "app-abc123.js.br").write_bytes(BROTLI)
    (directory / "assets" / "app-abc123.js.gz").write_bytes(FORMS["gzip"])
    (directory / "assets" / "icon-abc123.png").write_bytes(b"\x89PNG")
    return directory


@pytest.fixture
def client(tmp_path: Path, site: Path) -> Generator[TestClient]:
    with open_context(build_settings(tmp_path / "data")) as context:
        yield TestClient(create_app(context, static_dir=site))


def read_raw(client: TestClient, path: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    headers = {"Accept-Encoding": "", **{k.replace("_", "-"): v for k, v in headers.items()}}
    with client.stream("GET", path, headers=headers) as answer:
        assert answer.status_code == 200
        return b"".join(answer.iter_raw()), dict(answer.headers)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, *;q=0.1", "gzip"),
        ("identity", None),
        ("gzip;q=0", None),
        ("", None),
    ],
)
def test_the_form_that_the_client_asks_for_is_sent(
    client: TestClient, accepted: str, coding: str | None
) -> None:
    body, headers = read_raw(client, "/assets/app-abc123.js", Accept_Encoding=accepted)
    assert body == FORMS[coding]
    assert headers.get("content-encoding") == coding
    assert headers["content-length"] == str(len(body))
    assert headers["content-type"].split(";")[0].endswith("/javascript")
    assert "immutable" in headers["cache-control"]
    assert headers["vary"] == "Accept-Encoding"


def test_each_form_has_a_tag_of_its_own_and_is_not_sent_twice(client: TestClient) -> None:
    tags: set[str] = set()
    for accepted in ("br", "gzip", "identity"):
        asked = {"Accept-Encoding": accepted}
        tag = client.get("/assets/icon-abc123.png", headers=asked).headers["etag"]
        assert tag.startswith('"')
        _, headers = read_raw(client, "/assets/app-abc123.js", Accept_Encoding=accepted)
        tags.add(headers["etag"])
        for known in (headers["etag"], f'"other", W/{headers["etag"]}'):
            answer = client.get("/assets/app-abc123.js", headers=asked | {"If-None-Match": known})
            assert (answer.status_code, answer.content) == (304, b"")
            assert answer.headers["etag"] == headers["etag"]
            assert answer.headers["vary"] == "Accept-Encoding"
            assert "content-length" not in answer.headers
    assert len(tags) == 3
    unknown = client.get("/assets/app-abc123.js", headers={"If-None-Match": '"other"'})
    assert unknown.status_code == 200


def test_a_tag_tells_pages_of_one_size_and_time_apart(site: Path, client: TestClient) -> None:
    page = site / "index.html"
    tags: set[str] = set()
    for title in ("Transcriber", "Transcribes"):
        page.write_text(f"<!doctype html><title>{title}</title>")
        # A copy under another name and with the same times, as an installer lays it.
        copy = page.with_name(f"{title}.html")
        copy.write_text(page.read_text())
        os.utime(copy, ns=(1, 1))
        tags.add(client.get(f"/{title}.html").headers["etag"])
    assert len(tags) == 2


def test_head_tells_of_the_same_form(client: TestClient) -> None:
    for accepted, coding in (("br", "br"), ("gzip", "gzip"), ("identity", None)):
        asked = {"Accept-Encoding": accepted}
        answer = client.head("/assets/app-abc123.js", headers=asked)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == str(len(FORMS[coding]))
        assert answer.headers.get("content-encoding") == coding
        with client.stream("GET", "/assets/app-abc123.js", headers=asked) as read:
            assert read.headers["etag"] == answer.headers["etag"]


def test_what_has_no_compressed_form_is_sent_as_it_is(client: TestClient) -> None:
    body, headers = read_raw(client, "/assets/icon-abc123.png", Accept_Encoding="br, gzip")
    assert body == b"\x89PNG"
    assert "content-encoding" not in headers
    assert headers["content-type"] == "image/png"
    assert headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize("suffix", [".br", ".gz"])
def test_a_compressed_form_has_no_address(client: TestClient, suffix: str) -> None:
    answer = client.get(f"/assets/app-abc123.js{suffix}", headers={"Accept": "*/*"})
    assert answer.status_code == 404
