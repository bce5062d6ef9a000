"""A finished transcript in a kept service."""

import pytest
from starlette.testclient import TestClient

from transcriber.infra.context import Context
from transcript_builders import add_transcript

KeptService = tuple[Context, TestClient]


@pytest.fixture
def context(kept_service: KeptService) -> Context:
    return kept_service[0]


@pytest.fixture
def client(kept_service: KeptService) -> TestClient:
    """Signed in as an administrator."""
    return kept_service[1]


@pytest.fixture
def user_id(client: TestClient) -> str:
    return str(client.get("/auth/me").json()["user_id"])


@pytest.fixture
def path(context: Context, user_id: str) -> str:
    """The address of a transcript of the caller's."""
    return f"/transcripts/{add_transcript(context, user_id)}"
