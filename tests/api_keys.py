"""API keys for tests, made as their owner makes them."""

from collections.abc import Sequence
from typing import Any

from starlette.testclient import TestClient


def make_key(
    client: TestClient,
    headers: dict[str, str],
    scopes: Sequence[str] = ("read", "write"),
    **wishes: Any,
) -> dict[str, Any]:
    """The answer about a new key of whoever `headers` signs in."""
    body = {"name": "a program", "scopes": list(scopes), **wishes}
    answer = client.post("/auth/keys", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


def bear(key: dict[str, Any]) -> dict[str, str]:
    """The headers of a program that has the key."""
    return {"Authorization": f"Bearer {key['secret']}"}
