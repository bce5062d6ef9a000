"""The database of a kept service."""

import pytest
from starlette.testclient import TestClient

from transcriber.infra.context import Context


@pytest.fixture
def context(kept_service: tuple[Context, TestClient]) -> Context:
    return kept_service[0]
