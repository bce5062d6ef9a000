"""Writing to a real S3-compatible server over a connection that breaks in every way it can.

Whatever happens, a commit gives a whole object or an error, and what an error leaves behind is
found by the collection.
"""

import pytest

import s3_faults as faults
from s3_objects import MEBIBYTE, PIECE, SMALL, store_parts, store_small
from s3_proxy import Fault, S3Proxy
from s3_server import S3Server
from transcriber.infra.errors import ServiceError, StorageFullError, UnavailableError
from transcriber.infra.identifiers import create_id
from transcriber.infra.storage.s3 import S3Storage

ATTEMPTS = 2


@pytest.fixture(name="storage")
def get_storage(s3_storage: S3Storage) -> S3Storage:
    return s3_storage


@pytest.fixture(name="proxy")
def get_proxy(s3_proxy: S3Proxy) -> S3Proxy:
    return s3_proxy


@pytest.fixture(name="server")
def get_server(s3_server: S3Server) -> S3Server:
    return s3_server


PASSING: dict[str, Fault] = {
    "slow_down": faults.answer(*faults.SLOW_DOWN),
    "error": faults.answer(*faults.INTERNAL),
    "page": faults.answer_with_page(502),
    "refuse": faults.refuse_connection,
    "lose": faults.lose_answer,
    "cut": faults.cut_upload(MEBIBYTE),
    "stall": faults.stall,
}
over_passing = pytest.mark.parametrize("fault", PASSING.values(), ids=PASSING)


@pytest.mark.parametrize("operation", ["send_part", "complete_upload"])
@over_passing
def test_a_fault_that_passes_is_not_noticed(
    storage: S3Storage, proxy: S3Proxy, server: S3Server, fault: Fault, operation: str
) -> None:
    proxy.break_next(fault, operation)
    key = store_parts(storage)
    assert storage.size(key) == 9 * MEBIBYTE
    assert server.list_keys() == [key]


@over_passing
def test_a_small_object_outlasts_a_fault_that_passes(
    storage: S3Storage, proxy: S3Proxy, fault: Fault
) -> None:
    proxy.break_next(fault, "put")
    key = store_small(storage)
    assert storage.read_range(key, 0, MEBIBYTE) == SMALL


LASTING: dict[str, tuple[Fault, type[ServiceError]]] = {
    "slow_down": (faults.answer(*faults.SLOW_DOWN), UnavailableError),
    "full": (faults.answer(*faults.FULL), StorageFullError),
    "page": (faults.answer_with_page(200), UnavailableError),
    "refuse": (faults.refuse_connection, UnavailableError),
    "stall": (faults.stall, UnavailableError),
}
over_lasting = pytest.mark.parametrize("name", LASTING)


@pytest.mark.parametrize("operation", ["begin_upload", "send_part", "complete_upload"])
@over_lasting
def test_a_fault_that_lasts_is_told_and_leaves_neither_object_nor_parts(
    storage: S3Storage,
    proxy: S3Proxy,
    server: S3Server,
    name: str,
    operation: str,
) -> None:
    fault, error = LASTING[name]
    proxy.break_always(fault, operation)
    with pytest.raises(error):
        store_parts(storage)
    assert server.list_keys() == []
    assert server.list_unfinished() == []


@over_lasting
def test_a_small_object_is_not_there_after_a_fault_that_lasts(
    storage: S3Storage, proxy: S3Proxy, server: S3Server, name: str
) -> None:
    fault, error = LASTING[name]
    proxy.break_always(fault, "put")
    with pytest.raises(error):
        store_small(storage)
    assert server.list_keys() == []


def test_the_lost_answer_of_the_completion_is_found_out(
    storage: S3Storage, proxy: S3Proxy, server: S3Server
) -> None:
    proxy.break_always(faults.lose_answer, "complete_upload")
    key = store_parts(storage)
    assert proxy.count("complete_upload") == ATTEMPTS
    assert storage.read_range(key, 0, 10 * MEBIBYTE) == PIECE * 9
    assert server.list_unfinished() == []


def test_a_completion_nobody_can_ask_about_is_an_error_and_is_collected(
    storage: S3Storage, proxy: S3Proxy, server: S3Server
) -> None:
    proxy.break_always(faults.lose_answer, "complete_upload")
    proxy.break_always(faults.refuse_connection, "head", "abort_upload")
    with pytest.raises(UnavailableError):
        store_parts(storage)
    proxy.heal()
    # The object is there, no row names it, and the collection will find it.
    assert [each.key for each in storage.find_objects()] == server.list_keys()


def test_a_completion_that_fails_after_its_200_is_an_error(
    storage: S3Storage, proxy: S3Proxy, server: S3Server
) -> None:
    proxy.break_next(faults.fail_inside("InternalError"), "complete_upload")
    key = store_parts(storage)
    assert storage.size(key) == 9 * MEBIBYTE
    proxy.break_always(faults.fail_inside("InternalError"), "complete_upload")
    with pytest.raises(UnavailableError):
        store_parts(storage)
    assert server.list_keys() == [key]
    assert server.list_unfinished() == []


def test_an_upload_that_cannot_be_aborted_is_found_and_aborted_later(
    storage: S3Storage, proxy: S3Proxy, server: S3Server
) -> None:
    writer = storage.create(f"recordings/{create_id()}")
    for _ in range(9):
        writer.write(PIECE)
    proxy.break_always(faults.refuse_connection)
    writer.abort()
    with pytest.raises(UnavailableError):
        list(storage.find_objects())
    proxy.heal()
    assert len(server.list_unfinished()) == 1
    left = [each.key for each in storage.find_objects()]
    assert len(left) == 1
    storage.delete(left[0])
    assert server.list_unfinished() == []


@pytest.mark.parametrize("operation", ["put", "send_part"])
def test_bytes_that_change_on_their_way_are_refused(
    storage: S3Storage, proxy: S3Proxy, server: S3Server, operation: str
) -> None:
    proxy.break_always(faults.flip_upload, operation)
    with pytest.raises(UnavailableError):
        (store_small if operation == "put" else store_parts)(storage)
    assert server.list_keys() == []
    assert server.list_unfinished() == []
