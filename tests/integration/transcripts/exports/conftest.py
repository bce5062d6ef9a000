"""Transcripts to export in a kept service."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from job_builders import add_job, must_claim, store_plan, store_span
from transcriber.infra.context import Context

AddTranscript = Callable[..., str]
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
def add_transcript(context: Context, user_id: str) -> AddTranscript:
    """Adds the transcript of a finished job: the caller's, unless another owner is named."""

    def add(*texts: str, name: str = "talk.mp3", owner: str = user_id) -> str:
        job_id = add_job(context, owner, name=name)
        store_plan(context, must_claim(context), 1)
        store_span(context, must_claim(context), texts)
        return job_id

    return add
