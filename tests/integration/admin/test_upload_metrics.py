"""`/metrics` of what comes in and goes out: bytes by way, uploads by end, streams, disks."""

import shutil
from collections.abc import Generator
from datetime import timedelta
from functools import partial

import pytest
from starlette.testclient import TestClient

import tus_client
from live_api import LiveApi, add_account, serve_api
from scrapes import HERE, read_family, scrape, scrape_client
from service_context import open_client, require_first_admin, sign_in
from transcriber.admin.disk_gauges import DiskGauges
from transcriber.app import _count_streams
from transcriber.infra.context import Context
from transcriber.infra.meter import Meter
from transcriber.infra.metric_rows import MetricDelta
from transcriber.infra.metric_writer import MetricWriter
from transcriber.uploads.finalizing import run_claim, take_over_verifications
from transcriber.uploads.models import Upload
from transcriber.uploads.upkeep import expire_uploads
from transcriber.uploads.verification import take_claim
from upload_client import finalize, initialize, make_bytes, send_chunks

LONG_AGO = timedelta(days=30)


@pytest.fixture
def http(context: Context) -> Generator[TestClient]:
    """A signed-in program, in a service with a model."""
    context.settings.models_dir.mkdir(exist_ok=True)
    (context.settings.models_dir / "base.pt").write_bytes(b"not looked at here")
    with open_client(context) as client:
        client.headers.update(sign_in(client, require_first_admin(context)))
        yield client


def read_ends(context: Context) -> dict[tuple[str, ...], float]:
    """Uploads by outcome and way, without what did not happen."""
    found = read_family(scrape(context), "transcriber_uploads_ended_total")
    assert len(found) == 12
    return {labels: count for labels, count in found.items() if count}


def test_bytes_and_ends_are_counted_by_way(context: Context, http: TestClient) -> None:
    data = make_bytes(3_000)
    assert http.post("/jobs/", files={"file": ("a.wav", data)}).status_code == 201
    assert http.post("/jobs/", files={"file": ("a.wav", b"")}).status_code == 422
    files = [("file", ("b.wav", make_bytes(100, 1))), ("file", ("c.wav", b""))]
    assert http.post("/jobs/batch", files=files).status_code < 300
    upload = initialize(http, 5_000)
    send_chunks(http, upload, make_bytes(5_000, 2))
    # Sent again, it is compared and adds nothing.
    send_chunks(http, upload, make_bytes(5_000, 2))
    assert finalize(http, upload).status_code == 201
    address = tus_client.begin(http, 700)
    assert tus_client.append(http, address, 0, make_bytes(300)).status_code == 204
    received = read_family(scrape(context), "transcriber_upload_bytes_total")
    assert received == {("form",): 3_100, ("chunks",): 5_000, ("tus",): 300}
    assert tus_client.append(http, address, 300, make_bytes(400)).status_code == 204
    received = read_family(scrape(context), "transcriber_upload_bytes_total")
    assert received == {("form",): 3_100, ("chunks",): 5_000, ("tus",): 700}
    ends = read_ends(context)
    ends.pop(("completed", "tus"), None)  # It may still be verified.
    assert ends == {("completed", "form"): 2, ("failed", "form"): 2, ("completed", "chunks"): 1}


def test_uploads_that_come_to_nothing_are_counted_by_how(
    context: Context, http: TestClient
) -> None:
    cancelled, left, wrong = (
        initialize(http, 10, **({"sha256": "0" * 64} if is_wrong else {}))
        for is_wrong in (False, False, True)
    )
    assert http.delete(f"/uploads/{cancelled['id']}").status_code == 204
    send_chunks(http, wrong, make_bytes(10))
    assert finalize(http, wrong).status_code == 422
    with context.database.unit_of_work() as uow:
        upload = uow.session.get_one(Upload, left["id"])
        upload.expires_at -= LONG_AGO
    assert expire_uploads(context) == 1
    assert read_ends(context) == {
        ("cancelled", "chunks"): 1,
        ("expired", "chunks"): 1,
        ("failed", "chunks"): 1,
    }


def test_a_verification_that_is_taken_over_is_an_expiry_and_a_fence(
    context: Context, http: TestClient
) -> None:
    upload = initialize(http, 10)
    send_chunks(http, upload, make_bytes(10))
    with context.database.unit_of_work() as uow:
        row = uow.session.get_one(Upload, upload["id"])
        claim = take_claim(uow.session, row, "api:gone", 0.0)
        row.lease_until -= timedelta(minutes=1)
    assert take_over_verifications(context, "worker") == 1
    # The one that was thought dead comes back to it.
    run_claim(context, claim)
    samples = scrape(context)
    assert read_family(samples, "transcriber_lease_expiries_total")["upload",] == 1
    assert read_family(samples, "transcriber_fences_total")["upload",] == 1
    assert read_ends(context) == {("completed", "chunks"): 1}


def test_open_streams_are_those_of_all_processes(context: Context) -> None:
    _, token = add_account(context)
    with serve_api(context) as one, serve_api(context) as two:
        writers = [build_writer(api) for api in (one, two)]
        with one.read("/jobs/events", token), two.read("/jobs/events", token):
            with two.read("/jobs/events", token):
                for writer in writers:
                    writer.write()
                assert read_streams(context) == 3
            # What a process said last holds until it says something else.
            assert read_streams(context) == 3
        writers[0].close()
        assert read_streams(context) == 2
        with context.database.unit_of_work() as uow:
            # The other one was killed, and is silent.
            for row in uow.session.query(MetricDelta):
                row.written_at -= timedelta(seconds=31)
        assert read_streams(context) == 0


def build_writer(api: LiveApi) -> MetricWriter:
    return MetricWriter(api.context.database, Meter(), [partial(_count_streams, api.hub)])


def read_streams(context: Context) -> float:
    with open_client(context, client=HERE) as client:
        return read_family(scrape_client(client), "transcriber_event_streams")[()]


def test_disks_are_told_by_host_and_by_what_lies_on_them(context: Context) -> None:
    disks = DiskGauges(context.settings)
    assert disks.read() == {}
    disks.look()
    # Two processes of one machine say the same thing.
    for _ in range(2):
        MetricWriter(context.database, context.meter, [disks.read]).write()
    with open_client(context, client=HERE) as client:
        samples = scrape_client(client)
    usage = shutil.disk_usage(context.settings.data_dir)
    [labels] = read_family(samples, "transcriber_disk_size_bytes")
    assert "data" in labels[1].split(",")
    assert read_family(samples, "transcriber_disk_size_bytes") == {labels: usage.total}
    free = read_family(samples, "transcriber_disk_free_bytes")[labels]
    assert free == pytest.approx(usage.free, rel=0.1)
    low_water = read_family(samples, "transcriber_disk_low_water_bytes")[labels]
    assert 0 < low_water <= context.settings.disk_low_water_bytes
