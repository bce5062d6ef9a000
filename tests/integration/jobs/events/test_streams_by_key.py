"""Line 95 of the list of hostile inputs: a stream ends with what opened it, a key as a session."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import update

from api_keys import bear, make_key
from job_builders import add_job
from live_api import LiveApi, add_account, serve_api
from transcriber.accounts.keys.models import ApiKey
from transcriber.accounts.models import Account
from transcriber.infra.context import Context
from transcriber.jobs.events.pump import PumpTimes

TIMES = PumpTimes(sessions_seconds=0.2)


def end_key(api: LiveApi, key_id: str, user_id: str) -> None:
    with api.context.database.unit_of_work() as uow:
        row = uow.session.get_one(ApiKey, key_id)
        row.revoked_at = row.created_at


def expire_key(api: LiveApi, key_id: str, user_id: str) -> None:
    with api.context.database.unit_of_work() as uow:
        row = uow.session.get_one(ApiKey, key_id)
        row.expires_at = row.created_at


def lock_account(api: LiveApi, key_id: str, user_id: str) -> None:
    with api.context.database.unit_of_work() as uow:
        uow.session.execute(update(Account).where(Account.id == user_id).values(is_active=False))


@pytest.mark.parametrize("end", [end_key, expire_key, lock_account])
def test_a_stream_ends_with_its_key(
    context: Context, end: Callable[[LiveApi, str, str], None]
) -> None:
    user_id, token = add_account(context)
    _, other = add_account(context)
    with serve_api(context, times=TIMES, stream_heartbeat_seconds=0.2) as api:
        with api.open_client(token) as client:
            key = make_key(client, dict(client.headers))
        with (
            api.read("/jobs/events", key["secret"]) as reading,
            api.read("/jobs/events", other) as going_on,
        ):
            reading.take("snapshot")
            reading.wait_for_heartbeat()
            going_on.take("snapshot")
            end(api, key["id"], user_id)
            reading.take_until_end()
            going_on.wait_for_heartbeat()
        with api.open_client(key["secret"]) as client:
            assert client.get("/jobs/events").status_code == 401


def test_anybodys_stream_needs_the_scope_of_an_admin_and_ends_with_the_role(
    context: Context,
) -> None:
    admin_id, token = add_account(context, "admin")
    job_id = add_job(context, add_account(context)[0])
    path = f"/api/admin/jobs/{job_id}/events"
    with serve_api(context, times=TIMES) as api, api.open_client(token) as client:
        plain = make_key(client, dict(client.headers), ["read"])
        assert client.get(path, headers=bear(plain)).json()["scope"] == "admin"
        key = make_key(client, dict(client.headers), ["read", "admin"])
        with api.read(path, key["secret"]) as reading:
            reading.take("snapshot")
            with context.database.unit_of_work() as uow:
                demote = update(Account).where(Account.id == admin_id).values(role="user")
                uow.session.execute(demote)
            reading.take_until_end()


def test_a_stream_of_the_legacy_header_ends_with_its_account(context: Context) -> None:
    user_id, _ = add_account(context)
    settings = context.settings.model_copy(update={"legacy_user_header_enabled": True})
    with (
        serve_api(replace(context, settings=settings), times=TIMES) as api,
        api.open_client("unused") as client,
    ):
        del client.headers["authorization"]
        headers = {"X-User-ID": user_id}
        with client.stream("GET", "/jobs/events", headers=headers) as response:
            assert response.status_code == 200
            lines = response.iter_lines()
            assert any(line == "event: snapshot" for line in lines)
            lock_account(api, "", user_id)
            assert [line for line in lines if line.startswith("event: ")] == []
        assert client.get("/jobs/events", headers=headers).status_code == 401


def test_a_stream_that_was_opened_during_the_check_is_left_alone(context: Context) -> None:
    _, token = add_account(context)
    with (
        serve_api(context, stream_heartbeat_seconds=0.2) as api,
        api.read("/jobs/events", token) as reading,
    ):
        reading.take("snapshot")
        [watch] = api.hub.list_watches()
        api.hub.end_unwelcome(set(), {})
        reading.wait_for_heartbeat()
        reading.wait_for_heartbeat()
        api.hub.end_unwelcome({watch.proof}, {})
        reading.take_until_end()
