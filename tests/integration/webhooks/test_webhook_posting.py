import pytest

from receivers import (
    Behaviour,
    drip_header,
    open_receiver,
    open_socket_server,
    send_garbage,
    stay_silent,
)
from transcriber.webhooks.posting import post_message
from transcriber.webhooks.targets import read_target

HEADERS = {"Content-Type": "application/json"}


@pytest.mark.parametrize(("status", "is_delivered"), [(200, True), (204, True), (500, False)])
def test_the_status_tells_whether_a_message_was_taken(status: int, *, is_delivered: bool) -> None:
    with open_receiver() as received:
        received.status = status
        outcome = post_message(read_target(received.url), b"{}", HEADERS)
    assert outcome.status_code == status
    assert outcome.is_delivered is is_delivered
    assert received.bodies == [b"{}"]


def test_a_redirect_is_not_followed() -> None:
    with open_receiver() as received:
        received.status = 302
        outcome = post_message(read_target(received.url), b"{}", HEADERS)
    assert not outcome.is_delivered
    assert len(received.bodies) == 1


@pytest.mark.parametrize("behave", [drip_header, stay_silent])
def test_a_tarpit_is_left_at_the_deadline(behave: Behaviour) -> None:
    with open_socket_server(behave) as url:
        outcome = post_message(read_target(url), b"{}", HEADERS, deadline_seconds=0.5)
    assert outcome.status_code is None
    assert outcome.error == "It did not answer within 0.5 seconds."


def test_what_is_no_http_is_called_so() -> None:
    with open_socket_server(send_garbage) as url:
        outcome = post_message(read_target(url), b"{}", HEADERS)
    assert outcome.status_code is None
    assert outcome.error is not None
    assert "not HTTP" in outcome.error


def test_nobody_there_is_an_outcome_too() -> None:
    outcome = post_message(read_target("http://127.0.0.1:1/"), b"{}", HEADERS)
    assert outcome.error == "It could not be reached: Connection refused."


def test_a_name_that_nobody_knows_is_an_outcome_too() -> None:
    outcome = post_message(read_target("http://receiver.invalid/"), b"{}", HEADERS)
    assert outcome.error is not None
    assert outcome.status_code is None
