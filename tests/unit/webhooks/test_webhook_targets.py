import pytest

from transcriber.infra.errors import ForbiddenError, InvalidError
from transcriber.webhooks.targets import Target, check_allowed, read_target


def test_an_address_is_taken_apart() -> None:
    assert read_target("https://hooks.example.org:8443/in?a=1#part") == Target(
        "https", "hooks.example.org", 8443, "/in?a=1"
    )
    assert read_target("http://10.0.0.7") == Target("http", "10.0.0.7", 80, "/")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.org/in",
        "ftp://hooks.example.org/in",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@hooks.example.org/",
        "https://hooks.example.org:0/",
        "https://hooks.example.org:99999/",
        "https://hooks.example.org/a b",
        "https://hooks.example.org/\r\nX-Evil: 1",
        "https://höoks.example.org/",
        "https://[::1/",
        "https://hooks.example.org/" + "a" * 2_000,
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidError) as caught:
        read_target(url)
    assert caught.value.code == "bad_webhook_url"


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("https://hooks.example.org/", "hooks.example.org"),
        ("https://HOOKS.example.org/", "Hooks.Example.org"),
        ("https://a.b.example.org/", "*.example.org"),
        ("http://10.1.2.3/", "10.0.0.0/8"),
        ("http://10.1.2.3/", "10.1.2.3"),
        ("http://[fd00::1]/", "fd00::/8"),
    ],
)
def test_hosts_that_the_operator_names_are_reached(url: str, entry: str) -> None:
    check_allowed(read_target(url), ["other.example.net", entry])


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/",
        "https://evilexample.org/",
        "https://hooks.example.org.evil.net/",
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://10.0.0.1/",
        "http://[::ffff:10.1.2.3]/",
    ],
)
def test_every_other_host_is_refused(url: str) -> None:
    with pytest.raises(ForbiddenError) as caught:
        check_allowed(read_target(url), ["*.example.org", "10.1.2.0/24"])
    assert caught.value.code == "webhook_host"


def test_webhooks_are_off_until_hosts_are_named() -> None:
    with pytest.raises(ForbiddenError) as caught:
        check_allowed(read_target("https://hooks.example.org/"), [])
    assert caught.value.code == "webhooks_disabled"
