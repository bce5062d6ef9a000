"""One service for each database and file, where every test makes accounts of its own."""

import pytest
from starlette.testclient import TestClient

from light_passwords import hash_lightly
from people import PASSWORD, People


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hash_lightly(PASSWORD)


@pytest.fixture
def people(shared_client: TestClient, password_hash: str) -> People:
    return People(shared_client, password_hash)
