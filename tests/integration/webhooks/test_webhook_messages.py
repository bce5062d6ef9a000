import json
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from job_builders import add_job, must_claim, store_plan
from receivers import drip_header, open_receiver, open_socket_server
from service_context import build_settings, create_postgres_database, open_context
from transcriber.infra.clock import read_database_time
from transcriber.infra.context import Context
from transcriber.infra.settings import Settings
from transcriber.jobs.service import JobService
from transcriber.webhooks.deliveries import PAUSES, forget_old, take_due
from transcriber.webhooks.models import WebhookDelivery
from transcriber.webhooks.repository import list_deliveries
from transcriber.webhooks.sender import WebhookSender
from transcriber.webhooks.service import add_webhook, get_webhook
from transcriber.webhooks.signing import sign_message
from transcriber.webhooks.states import DeliveryState

ALLOWED = ("127.0.0.1",)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Settings]:
    if request.param == "sqlite":
        yield build_settings(tmp_path, webhook_allowed_hosts=ALLOWED)
        return
    with create_postgres_database() as url:
        yield build_settings(tmp_path, database_url=url, webhook_allowed_hosts=ALLOWED)


@pytest.fixture
def context(settings: Settings) -> Generator[Context]:
    with open_context(settings) as opened:
        yield opened


def test_the_end_of_a_job_is_told_and_signed(context: Context) -> None:
    with open_receiver() as received:
        webhook_id, secret = _add_webhook(context, received.url)
        job_id = _finish_silent_job(context)
        WebhookSender(context).send_due()
        delivery = _await_outcome(context, webhook_id)
    assert delivery.state == DeliveryState.DELIVERED
    message = json.loads(received.bodies[0])
    assert message["type"] == "job.completed"
    assert message["data"] == {
        "id": job_id,
        "name": "talk.mp3",
        "state": "completed",
        "generation": 1,
        "error_code": None,
    }
    headers = received.headers[0]
    expected = sign_message(
        secret, delivery.id, int(headers["webhook-timestamp"]), received.bodies[0]
    )
    assert headers["webhook-signature"] == expected["webhook-signature"]


def test_other_accounts_are_told_nothing(context: Context) -> None:
    with open_receiver() as received:
        webhook_id, _ = _add_webhook(context, received.url, user_id="bob")
        _finish_silent_job(context)
    assert _list(context, webhook_id, user_id="bob") == []


def test_a_refused_message_is_sent_again_with_the_same_id(context: Context) -> None:
    with open_receiver() as received:
        webhook_id, _ = _add_webhook(context, received.url)
        _finish_silent_job(context)
        received.status = 503
        WebhookSender(context).send_due()
        first = _await_outcome(context, webhook_id)
        assert (first.state, first.status_code, first.attempt) == (DeliveryState.WAITING, 503, 1)
        assert first.error == "It answered 503."
        received.status = 200
        _make_due(context, webhook_id)
        WebhookSender(context).send_due()
        second = _await_outcome(context, webhook_id, attempt=2)
    assert second.state == DeliveryState.DELIVERED
    assert received.headers[0]["webhook-id"] == received.headers[1]["webhook-id"]


def test_a_message_nobody_takes_is_given_up_in_the_end(context: Context) -> None:
    webhook_id, _ = _add_webhook(context, "http://127.0.0.1:1/")
    _finish_silent_job(context)
    for attempt in range(1, len(PAUSES) + 2):
        _make_due(context, webhook_id)
        WebhookSender(context).send_due()
        delivery = _await_outcome(context, webhook_id, attempt=attempt)
    assert delivery.state == DeliveryState.FAILED
    assert delivery.finished_at is not None


def test_a_tarpit_keeps_nothing_from_the_other_receivers(context: Context) -> None:
    with open_socket_server(drip_header) as tarpit, open_receiver() as received:
        slow_id, _ = _add_webhook(context, tarpit)
        quick_id, _ = _add_webhook(context, received.url)
        sender = WebhookSender(context, deadline_seconds=1.0)
        for _ in range(3):
            _finish_silent_job(context)
        began = time.monotonic()
        sender.send_due()
        assert time.monotonic() - began < 1.0
        for count in range(1, 4):
            sender.send_due()
            _await(lambda count=count: len(received.bodies) >= count)
            _await(lambda: quick_id not in sender.list_busy())
        _await(lambda: any(each.error for each in _list(context, slow_id)))
        _await(lambda: not sender.list_busy())
    assert all(each.state == DeliveryState.DELIVERED for each in _list(context, quick_id))
    # One at a time: a receiver that hangs holds one thread, however many messages wait for it.
    assert sum(each.attempt for each in _list(context, slow_id)) == 1


def test_processes_that_look_together_send_a_message_once(context: Context) -> None:
    _add_webhook(context, "http://127.0.0.1:1/")
    _finish_silent_job(context)
    taken: list[str] = []

    def take() -> None:
        with context.database.unit_of_work() as uow:
            now = read_database_time(uow.session)
            found = take_due(uow.session, now, without_webhooks=(), limit=5)
            taken.extend(message.id for message in found)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1


def test_nothing_of_a_deleted_job_waits_to_be_told(context: Context) -> None:
    webhook_id, _ = _add_webhook(context, "http://127.0.0.1:1/")
    job_id = _finish_silent_job(context)
    assert len(_list(context, webhook_id)) == 1
    with context.database.unit_of_work() as uow:
        JobService(uow, context.queue, context.storage).delete("alice", job_id)
    assert _list(context, webhook_id) == []


def test_a_host_that_is_no_longer_allowed_is_sent_nothing(context: Context) -> None:
    with open_receiver() as received:
        webhook_id, _ = _add_webhook(context, received.url)
        _finish_silent_job(context)
        stricter = context.settings.model_copy(update={"webhook_allowed_hosts": ("10.0.0.1",)})
        with open_context(stricter) as changed:
            WebhookSender(changed).send_due()
            delivery = _await_outcome(context, webhook_id)
    assert received.bodies == []
    assert delivery.error is not None
    assert "WEBHOOK_ALLOWED_HOSTS" in delivery.error


def test_messages_that_are_over_are_forgotten_after_a_week(context: Context) -> None:
    with open_receiver() as received:
        webhook_id, _ = _add_webhook(context, received.url)
        _finish_silent_job(context)
        WebhookSender(context).send_due()
        _await_outcome(context, webhook_id)
    with context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        forget_old(uow.session, now)
        assert len(_list_in(uow.session, webhook_id)) == 1
        row = _list_in(uow.session, webhook_id)[0]
        assert row.finished_at is not None
        row.finished_at = row.finished_at.replace(year=row.finished_at.year - 1)
        uow.session.flush()
        forget_old(uow.session, now)
        assert _list_in(uow.session, webhook_id) == []


def _add_webhook(context: Context, url: str, user_id: str = "alice") -> tuple[str, str]:
    with context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        row = add_webhook(uow.session, user_id, url, allowed_hosts=ALLOWED, now=now)
        return row.id, row.secret


def _finish_silent_job(context: Context) -> str:
    job_id = add_job(context)
    store_plan(context, must_claim(context), spans=0)
    return job_id


def _list(context: Context, webhook_id: str, user_id: str = "alice") -> list[WebhookDelivery]:
    with context.database.snapshot() as session:
        return _list_in(session, webhook_id, user_id)


def _list_in(session: Session, webhook_id: str, user_id: str = "alice") -> list[WebhookDelivery]:
    webhook = get_webhook(session, user_id, webhook_id)
    return list(list_deliveries(session, webhook, after=None, limit=50))


def _await_outcome(context: Context, webhook_id: str, attempt: int = 1) -> WebhookDelivery:
    def is_over() -> bool:
        row = _list(context, webhook_id)[0]
        has_outcome = row.error is not None or row.state == DeliveryState.DELIVERED
        return row.attempt == attempt and has_outcome

    _await(is_over)
    return _list(context, webhook_id)[0]


def _make_due(context: Context, webhook_id: str) -> None:
    with context.database.unit_of_work() as uow:
        now = read_database_time(uow.session)
        for row in _list_in(uow.session, webhook_id):
            row.not_before = now


def _await(is_met: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_met():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
