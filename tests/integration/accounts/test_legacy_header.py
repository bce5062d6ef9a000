"""`X-User-ID`: line 84 of the list of hostile inputs, and whose word counts with the switch on."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update
from starlette.testclient import TestClient

from live_api import add_account
from service_context import open_client, require_first_admin, sign_in
from transcriber.accounts.models import Account
from transcriber.accounts.names import fold_name
from transcriber.infra.context import Context

LOOPBACK = ("127.0.0.1", 50_000)
PROXY = ("10.0.0.7", 50_000)


@contextmanager
def open_legacy(
    context: Context, peer: tuple[str, int] = LOOPBACK, host: str = "localhost", **choices: Any
) -> Generator[TestClient]:
    """The service with the switch on, and a client that connects from `peer`."""
    choices = {"legacy_user_header_enabled": True} | choices
    settings = context.settings.model_copy(update=choices)
    moved = replace(context, settings=settings)
    with open_client(moved, client=peer, base_url=f"http://{host}") as client:
        yield client


def name_account(context: Context, user_id: str, name: str) -> None:
    with context.database.unit_of_work() as uow:
        account = uow.session.get_one(Account, user_id)
        account.name, account.name_key = name, fold_name(name)


def ask(client: TestClient, named: str | bytes, **headers: str) -> Any:
    return client.get("/auth/me", headers={"X-User-ID": named, **headers})


def test_without_the_switch_it_is_ignored(context: Context, client: TestClient) -> None:
    user_id, token = add_account(context)
    victim, _ = add_account(context)
    assert ask(client, user_id).status_code == 401
    with open_legacy(context, legacy_user_header_enabled=False) as local:
        assert ask(local, user_id).status_code == 401
        answer = ask(local, victim, Authorization=f"Bearer {token}")
        assert answer.json()["user_id"] == user_id
    with open_legacy(context, PROXY, legacy_user_header_enabled=False) as proxied:
        assert ask(proxied, user_id).status_code == 401


def test_with_it_an_account_is_named_by_id_or_else_by_name(context: Context) -> None:
    alice, _ = add_account(context)
    name_account(context, alice, "Alicé")
    mallory, _ = add_account(context)
    # Nobody gets another's requests by taking their id for a name.
    name_account(context, mallory, alice)
    with open_legacy(context) as client:
        for named in (alice, "alicé".encode(), "ALICÉ".encode(), f" {alice} "):
            assert ask(client, named).json()["user_id"] == alice, named
        for named in ("nobody", "", " ", "a" * 65, b"\xff\xfe", "0" * 32, "Alic%"):
            refused = ask(client, named)
            assert (refused.status_code, refused.json()["code"]) == (401, "unauthenticated"), named
        twice = [("X-User-ID", alice), ("X-User-ID", mallory)]
        assert client.get("/auth/me", headers=twice).status_code == 401
        with context.database.unit_of_work() as uow:
            uow.session.execute(update(Account).values(is_active=False))
        assert ask(client, alice).status_code == 401


def test_whatever_proves_something_wins(context: Context) -> None:
    user_id, token = add_account(context)
    victim, _ = add_account(context)
    with open_legacy(context) as client:
        assert ask(client, victim, Authorization=f"Bearer {token}").json()["user_id"] == user_id
        for useless in ("Bearer gone", "Basic YTpi", "nonsense"):
            assert ask(client, victim, Authorization=useless).status_code == 401
        client.cookies = {"transcriber_session": "gone"}
        assert ask(client, victim).status_code == 401


def test_it_opens_ones_own_things_and_neither_credentials_nor_the_operators(
    context: Context,
) -> None:
    admin_id, _ = add_account(context, "admin")
    named = {"X-User-ID": admin_id}
    with open_legacy(context) as client:
        assert client.get("/jobs/", headers=named).status_code == 200
        wish = {"audio_days": 1, "transcript_days": None}
        assert client.put("/account/retention", json=wish, headers=named).status_code == 200
        refused = client.get("/api/admin/jobs", headers=named)
        assert (refused.status_code, refused.json()["scope"]) == (403, "admin")
        for method, path in (
            ("POST", "/auth/logout"),
            ("GET", "/auth/keys"),
            ("POST", "/auth/keys"),
            ("POST", "/auth/password"),
            ("POST", "/api/admin/accounts"),
        ):
            refused = client.request(method, path, headers=named)
            assert (refused.status_code, refused.json()["code"]) == (403, "session_required")


@pytest.mark.parametrize(
    ("peer", "host", "proxies", "headers", "status"),
    [
        (LOOPBACK, "localhost", (), {}, 200),
        (("::1", 1), "[::1]:8000", (), {}, 200),
        (LOOPBACK, "127.0.0.1:8000", (), {}, 200),
        # Others than this machine.
        (PROXY, "localhost", (), {}, 401),
        (("testclient", 1), "localhost", (), {}, 401),
        (PROXY, "localhost", (), {"X-Forwarded-For": "127.0.0.1"}, 401),
        # A proxy of this machine that nobody named.
        (LOOPBACK, "localhost", (), {"X-Forwarded-For": "203.0.113.9"}, 401),
        (LOOPBACK, "localhost", (), {"Forwarded": "for=203.0.113.9"}, 401),
        # A page whose name was made to lead here.
        (LOOPBACK, "evil.example", (), {}, 401),
        (LOOPBACK, "127.0.0.1.evil.example", (), {}, 401),
        # With proxies named, those and nobody else.
        (PROXY, "transcriber.example", ("10.0.0.0/8",), {"X-Forwarded-For": "203.0.113.9"}, 200),
        (PROXY, "transcriber.example", ("10.0.0.7",), {}, 200),
        (PROXY, "transcriber.example", ("10.0.0.8",), {"X-Forwarded-For": "10.0.0.8"}, 401),
        (LOOPBACK, "localhost", ("10.0.0.7",), {}, 401),
        (LOOPBACK, "localhost", ("10.0.0.7",), {"X-Forwarded-For": "10.0.0.7"}, 401),
    ],
)
def test_it_counts_from_this_machine_or_from_trusted_proxies_alone(
    context: Context,
    *,
    peer: tuple[str, int],
    host: str,
    proxies: tuple[str, ...],
    headers: dict[str, str],
    status: int,
) -> None:
    user_id, _ = add_account(context)
    with open_legacy(context, peer, host, trusted_proxies=proxies) as client:
        assert ask(client, user_id, **headers).status_code == status


def test_no_page_of_another_site_uses_it(context: Context) -> None:
    user_id, _ = add_account(context)
    wish = {"audio_days": 1, "transcript_days": None}
    with open_legacy(context, PROXY, "transcriber.example", trusted_proxies=(PROXY[0],)) as client:
        for origin in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
            headers = {"X-User-ID": user_id, **origin}
            refused = client.put("/account/retention", json=wish, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (403, "cross_site")


def test_its_uses_are_counted_for_the_operator(context: Context) -> None:
    with open_client(context) as plain:
        admin = sign_in(plain, require_first_admin(context))
    user_id, _ = add_account(context)
    with open_legacy(context) as client:
        for agent in ("old-app/1.0", "old-app/1.1", "other/1"):
            ask(client, user_id, **{"User-Agent": agent})
        ask(client, "nobody", **{"User-Agent": "guesser/1"})
        client.app.state.alias_counter.write()
        text = client.get("/metrics").text
        listed = client.get("/api/admin/uploads/aliases", headers=admin).json()["items"]
    counted = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if "legacy" in sample.name or "alias" in sample.name
    }
    assert counted == {
        ("transcriber_legacy_header_uses_total", "old-app"): 2,
        ("transcriber_legacy_header_uses_total", "other"): 1,
    }
    assert user_id not in text
    assert {(row["alias"], row["client"], row["user_id"], row["uses"]) for row in listed} == {
        ("X-User-ID", "old-app", user_id, 2),
        ("X-User-ID", "other", user_id, 1),
    }
