"""Reading from a real S3-compatible server over a connection that breaks in every way it can.

Whatever happens, a read gives all bytes or an error: never a shorter file, never fewer samples.
"""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import s3_faults as faults
from s3_objects import MEBIBYTE, PIECE, store_parts, store_small
from s3_proxy import Fault, S3Proxy
from s3_server import S3Server
from service_context import build_settings
from transcriber.infra.errors import UnavailableError
from transcriber.infra.identifiers import create_id
from transcriber.infra.storage import build_storage
from transcriber.infra.storage.errors import ObjectMissingError
from transcriber.infra.storage.s3 import S3Storage

if TYPE_CHECKING:
    from collections.abc import Callable

ATTEMPTS = 2
SILENCE_SECONDS = 3.0


@pytest.fixture(name="storage")
def get_storage(s3_storage: S3Storage) -> S3Storage:
    return s3_storage


@pytest.fixture(name="proxy")
def get_proxy(s3_proxy: S3Proxy) -> S3Proxy:
    return s3_proxy


@pytest.fixture(name="server")
def get_server(s3_server: S3Server) -> S3Server:
    return s3_server


def read_file(storage: S3Storage, key: str) -> bytes:
    with storage.local_file(key) as path:
        return path.read_bytes()


BROKEN_OFF: dict[str, Fault] = {
    "cut": faults.cut_download(MEBIBYTE),
    "short": faults.shorten_download(MEBIBYTE),
    "stall": faults.stall_download(MEBIBYTE),
    "slow_down": faults.answer(*faults.SLOW_DOWN),
    "refuse": faults.refuse_connection,
}


@pytest.mark.parametrize("fault", BROKEN_OFF.values(), ids=BROKEN_OFF)
def test_a_download_goes_on_where_it_broke(
    storage: S3Storage, proxy: S3Proxy, fault: Fault
) -> None:
    key = store_parts(storage)
    proxy.break_next(fault, "get")
    assert read_file(storage, key) == PIECE * 9
    proxy.break_next(fault, "get")
    assert (
        storage.read_range(key, MEBIBYTE - 3, 5 * MEBIBYTE)
        == (PIECE[-3:] + PIECE * 5)[: 5 * MEBIBYTE]
    )


NEVER_COMING: dict[str, Fault] = {
    "cut": faults.cut_download(0),
    "short": faults.shorten_download(0),
    "stall_body": faults.stall_download(0),
    "no_range": faults.drop_header("content-range"),
    "slow_down": faults.answer(*faults.SLOW_DOWN),
    "page": faults.answer_with_page(200),
    "refuse": faults.refuse_connection,
    "stall": faults.stall,
}


@pytest.mark.parametrize("fault", NEVER_COMING.values(), ids=NEVER_COMING)
def test_a_download_that_does_not_come_is_an_error_and_never_a_shorter_one(
    storage: S3Storage, proxy: S3Proxy, fault: Fault
) -> None:
    key = store_parts(storage)
    proxy.break_always(fault, "get")
    with pytest.raises(UnavailableError):
        storage.read_range(key, MEBIBYTE, 2 * MEBIBYTE)
    with pytest.raises(UnavailableError), storage.local_file(key):
        pytest.fail("A file that is not whole was given out.")


def test_many_breaks_that_each_bring_some_bytes_are_borne(
    storage: S3Storage, proxy: S3Proxy
) -> None:
    key = store_parts(storage)
    proxy.break_always(faults.cut_download(3 * MEBIBYTE), "get")
    assert read_file(storage, key) == PIECE * 9


@pytest.mark.parametrize(
    ("fault", "operation"),
    [
        (faults.drop_header("content-length"), "head"),
        (faults.drop_header("date"), "head_bucket"),
        (faults.answer_with_page(200), "head_bucket"),
        (faults.answer_with_page(200), "list_objects"),
        (faults.answer_with_page(200), "list_uploads"),
    ],
)
def test_an_answer_that_is_none_of_s3_is_an_error_of_the_storage(
    storage: S3Storage, proxy: S3Proxy, fault: Fault, operation: str
) -> None:
    key = store_small(storage)
    proxy.break_always(fault, operation)
    ask = {
        "head": lambda: storage.size(key),
        "head_bucket": storage.read_time,
        "list_objects": lambda: list(storage.find_objects()),
        "list_uploads": lambda: list(storage.find_objects()),
    }[operation]
    with pytest.raises(UnavailableError) as caught:
        ask()
    assert not isinstance(caught.value, ObjectMissingError)


@pytest.mark.parametrize("operation", ["head_bucket", "put", "get", "delete"])
def test_a_store_that_stalls_is_given_up_within_its_bound(
    storage: S3Storage, proxy: S3Proxy, operation: str
) -> None:
    key = store_small(storage)
    proxy.break_always(faults.stall)
    begun = time.monotonic()
    ask: Callable[[], object] = {
        "head_bucket": lambda: storage.check_space(1),
        "put": lambda: store_small(storage),
        "get": lambda: storage.read_range(key, 0, 10),
        "delete": lambda: storage.delete(key),
    }[operation]
    with pytest.raises(UnavailableError) as caught:
        ask()
    # Each attempt may be silent for its time; botocore pauses for at most a second before another.
    attempts = 3 * ATTEMPTS if operation == "get" else ATTEMPTS
    assert time.monotonic() - begun < attempts * (SILENCE_SECONDS + 2.0) + 3.0
    assert caught.value.headers["Retry-After"]


def test_a_bucket_that_is_not_there_is_no_missing_object(server: S3Server, tmp_path: Path) -> None:
    choices = server.choices | {"s3_bucket": "nowhere"}
    storage = build_storage(build_settings(tmp_path, **choices))
    with pytest.raises(UnavailableError) as caught:
        storage.check_space(1)
    assert not isinstance(caught.value, ObjectMissingError)
    storage.close()


@pytest.mark.parametrize(
    ("code", "words"), [("RequestTimeTooSkewed", "clock"), ("AccessDenied", "credentials")]
)
def test_a_refusal_says_what_its_operator_must_do(
    storage: S3Storage, proxy: S3Proxy, code: str, words: str
) -> None:
    proxy.break_always(faults.answer(403, code), "get")
    with pytest.raises(UnavailableError, match=words):
        storage.read_range(f"recordings/{create_id()}", 0, 1)
