"""One service for each database and file, where every test makes accounts of its own."""

import pytest
from starlette.testclient import TestClient

from people import PASSWORD, People
from transcriber.infra.security import hash_password


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def people(shared_client: TestClient, password_hash: str) -> People:
    return People(shared_client, password_hash)
