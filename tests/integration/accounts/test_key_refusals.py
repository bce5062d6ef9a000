"""Line 80 of the list of hostile inputs: what a key does not open, and what opens nothing."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from api_keys import bear, make_key
from live_api import add_account
from service_context import require_first_admin, sign_in
from transcriber.accounts.keys.models import ApiKey
from transcriber.accounts.keys.secret import create_secret
from transcriber.accounts.models import Account
from transcriber.infra.context import Context

SAFE = {"get", "head", "options"}
# Whatever makes, shows or ends credentials; a key may know for whom it acts.
CREDENTIALS = ("/auth/", "/api/admin/accounts", "/api/admin/invitations")
NO_CREDENTIALS = ("/auth/me", "/api/admin/accounts/{user_id}/retention")
# Who there is, and who is invited: an administrator's key may know, as no token is among it.
DIRECTORY = (
    *("/api/admin/accounts", "/api/admin/accounts/{user_id}"),
    "/api/admin/invitations",
)


def list_operations(client: TestClient) -> list[tuple[str, str]]:
    """Every method and path that a bearer token opens."""
    paths: dict[str, dict[str, Any]] = client.get("/openapi.json").json()["paths"]
    return [
        (method, path)
        for path, operations in paths.items()
        for method, operation in operations.items()
        if any("HTTPBearer" in scheme for scheme in operation.get("security", []))
    ]


def send(client: TestClient, method: str, path: str, key: dict[str, Any]) -> Any:
    parts = ["0" * 32 if part.startswith("{") else part for part in path.split("/")]
    headers = bear(key) | {"Tus-Resumable": "1.0.0"}
    return client.request(method, "/".join(parts), headers=headers)


def is_credential(method: str, path: str) -> bool:
    if method in SAFE and path in DIRECTORY:
        return False
    return path.startswith(CREDENTIALS) and path not in NO_CREDENTIALS


@pytest.fixture
def admin(context: Context, client: TestClient) -> dict[str, str]:
    return sign_in(client, require_first_admin(context))


def test_every_route_asks_a_key_for_its_scope(client: TestClient, admin: dict[str, str]) -> None:
    keys = {scope: make_key(client, admin, [scope]) for scope in ("read", "write", "admin")}
    both = make_key(client, admin, ["read", "write"])
    operations = [each for each in list_operations(client) if not is_credential(*each)]
    assert len(operations) > 30
    for method, path in operations:
        needed = "read" if method in SAFE else "write"
        for scope in {"read", "write", "admin"} - {needed}:
            refused = send(client, method, path, keys[scope])
            problem = refused.json() if method != "head" else {"code": "insufficient_scope"}
            assert (refused.status_code, problem["code"]) == (403, "insufficient_scope"), path
            assert problem.get("scope", needed) == needed
            assert f'scope="{needed}"' in refused.headers["www-authenticate"]
        if path.startswith("/api/admin/"):
            refused = send(client, method, path, both)
            assert refused.json()["scope"] == "admin", path


def test_no_key_manages_credentials(client: TestClient, admin: dict[str, str]) -> None:
    key = make_key(client, admin, ["read", "write", "admin"])
    operations = [each for each in list_operations(client) if is_credential(*each)]
    assert ("post", "/auth/password") in operations
    assert ("post", "/auth/keys") in operations
    assert ("post", "/api/admin/accounts") in operations
    for method, path in operations:
        refused = send(client, method, path, key)
        assert (refused.status_code, refused.json()["code"]) == (403, "session_required"), path


def test_an_admins_key_reads_and_changes_as_its_scopes_say(
    client: TestClient, admin: dict[str, str]
) -> None:
    watching = make_key(client, admin, ["read", "admin"])
    acting = make_key(client, admin, ["read", "write", "admin"])
    body = {"audio_days": 3, "transcript_days": None}
    user_id = client.get("/auth/me", headers=admin).json()["user_id"]
    path = f"/api/admin/accounts/{user_id}/retention"
    assert client.get(path, headers=bear(watching)).status_code == 200
    assert client.put(path, json=body, headers=bear(watching)).status_code == 403
    assert client.put(path, json=body, headers=bear(acting)).status_code == 200


def test_a_key_is_no_admin_any_more_when_its_account_is_none(
    context: Context, client: TestClient, admin: dict[str, str]
) -> None:
    key = make_key(client, admin, ["read", "write", "admin"])
    assert client.get("/api/admin/jobs", headers=bear(key)).status_code == 200
    with context.database.unit_of_work() as uow:
        uow.session.execute(update(Account).values(role="user"))
    refused = client.get("/api/admin/jobs", headers=bear(key))
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert client.get("/auth/me", headers=bear(key)).status_code == 200


def test_an_unknown_expired_or_revoked_key_or_one_of_a_locked_account_opens_nothing(
    context: Context, client: TestClient
) -> None:
    user_id, token = add_account(context)
    owner = {"Authorization": f"Bearer {token}"}
    expired, revoked, locked = (make_key(client, owner) for _ in range(3))
    unknown = {"secret": create_secret(locked["id"])}
    with context.database.unit_of_work() as uow:
        row = uow.session.get_one(ApiKey, expired["id"])
        row.expires_at = row.created_at - timedelta(seconds=1)
    client.delete(f"/auth/keys/{revoked['id']}", headers=owner)
    assert client.get("/auth/me", headers=bear(locked)).status_code == 200
    with context.database.unit_of_work() as uow:
        uow.session.execute(update(Account).where(Account.id == user_id).values(is_active=False))
    answers = [client.get("/auth/me", headers=bear(each)) for each in (expired, revoked, locked)]
    answers.append(client.get("/auth/me", headers=bear(unknown)))
    documents = [answer.json() | {"request_id": None} for answer in answers]
    assert [answer.status_code for answer in answers] == [401] * 4
    # The answer does not tell which of them it is.
    assert documents == [documents[0]] * 4
    assert documents[0]["code"] == "unauthenticated"


def test_a_key_is_no_cookie_and_wins_over_one(context: Context, client: TestClient) -> None:
    admin = require_first_admin(context)
    owner = {"Authorization": f"Bearer {add_account(context)[1]}"}
    key = make_key(client, owner)
    client.cookies = {"transcriber_session": key["secret"]}
    assert client.get("/auth/me").status_code == 401
    client.cookies = {}
    client.post("/auth/login", json={"name": admin.name, "password": admin.password})
    assert client.get("/auth/me").json()["role"] == "admin"
    assert client.get("/auth/me", headers=bear(key)).json()["role"] == "user"
    cut = {"Authorization": f"Bearer {key['secret'][:-1]}"}
    assert client.get("/auth/me", headers=cut).status_code == 401


def test_other_ways_to_say_who_asks_are_none(client: TestClient, admin: dict[str, str]) -> None:
    key = make_key(client, admin)["secret"]
    unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9."
    for headers in (
        {"Authorization": f"Basic {key}"},
        {"Authorization": key},
        {"X-API-Key": key},
        {"Authorization": f"Bearer {unsigned}"},
        {"Authorization": f"Bearer {key} {key}"},
    ):
        assert client.get("/auth/me", headers=headers).status_code == 401, headers
    assert client.get("/auth/me", params={"api_key": key}).status_code in {401, 422}
