import pytest
from starlette.requests import Request

from transcriber.accounts.clients import Client, group_address, read_client
from transcriber.accounts.models import MAX_ADDRESS_LENGTH, MAX_DEVICE_LENGTH
from transcriber.accounts.throttling.limits import count_sign_in


def build_request(agent: bytes | None, client: tuple[str, int] | None) -> Request:
    headers = [] if agent is None else [(b"user-agent", agent)]
    return Request({"type": "http", "headers": headers, "client": client})


def test_the_device_is_what_the_program_says_and_the_address_the_clients() -> None:
    request = build_request(b" curl/8.1 ", ("203.0.113.7", 40_000))
    assert read_client(request) == Client("203.0.113.7", "curl/8.1")


@pytest.mark.parametrize("agent", [None, b"", b"  "])
def test_a_program_may_say_nothing(agent: bytes | None) -> None:
    assert read_client(build_request(agent, None)) == Client("unknown", None)


def test_what_is_kept_is_short_and_every_character_of_it_visible() -> None:
    hostile = b"\x1b[31m<script>\x85" + b"a" * 10_000
    client = read_client(build_request(hostile, ("x\r\n" * 100, 1)))
    assert client.device is not None
    assert client.device.startswith("\\x1b[31m<script>\\x85aaa")
    assert len(client.device) == MAX_DEVICE_LENGTH
    assert client.address.startswith("x\\x0d\\x0ax")
    assert len(client.address) <= MAX_ADDRESS_LENGTH


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
    ],
)
def test_one_subscriber_is_one_party(address: str, group: str) -> None:
    assert group_address(address) == group


def test_two_names_that_look_alike_are_counted_as_one() -> None:
    assert count_sign_in("203.0.113.7", " ADMIN") == count_sign_in("::ffff:203.0.113.7", "admin")
    assert count_sign_in("203.0.113.7", "admin") != count_sign_in("203.0.113.8", "admin")


def test_no_count_is_under_a_name_alone() -> None:
    first, second = (count_sign_in(address, "admin") for address in ("192.0.2.1", "192.0.2.2"))
    assert {each.key for each in first}.isdisjoint(each.key for each in second)
