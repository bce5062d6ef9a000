"""The doctor's view of real databases and brokers, and of ports where none listens."""

import socket

import pytest
from pydantic import SecretStr

from transcriber.commandline.checks.services import check_broker, check_database
from transcriber.infra.settings import Settings


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.mark.postgres
def test_a_postgresql_that_answers_is_examined() -> None:
    url = "postgresql://postgres@127.0.0.1:5432/postgres"
    (finding,) = check_database(Settings(database_url=SecretStr(url)))
    assert finding.state in {"ok", "warn"}
    assert "answers" in finding.finding


def test_a_postgresql_that_is_away_says_how_to_mend_it(closed_port: int) -> None:
    url = f"postgresql://someone:secret@127.0.0.1:{closed_port}/transcriber"
    (finding,) = check_database(Settings(database_url=SecretStr(url)))
    assert finding.state == "fail"
    assert "Connection refused" in finding.finding
    assert "DATABASE_URL" in finding.mend
    assert "secret" not in finding.finding


@pytest.mark.broker
@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:6379/15", "amqp://guest:guest@127.0.0.1:5672//"]
)
def test_a_broker_that_answers_is_well(url: str) -> None:
    (finding,) = check_broker(Settings(broker_url=SecretStr(url)))
    assert finding.state == "ok"
    assert "guest:guest" not in finding.finding


@pytest.mark.parametrize("scheme", ["redis", "amqp"])
def test_a_broker_that_is_away_says_how_to_mend_it(scheme: str, closed_port: int) -> None:
    url = f"{scheme}://someone:secret@127.0.0.1:{closed_port}/0"
    (finding,) = check_broker(Settings(broker_url=SecretStr(url)))
    assert finding.state == "fail"
    assert "BROKER_URL" in finding.mend
    assert "secret" not in finding.finding
