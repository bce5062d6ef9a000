import base64
import hashlib

import pytest

from transcriber.infra.errors import BadRequestError
from transcriber.uploads.digests import read_content_digest
from transcriber.uploads.errors import ChecksumMismatchError

DATA = b"some bytes"


def encode(name: str, data: bytes = DATA) -> str:
    digest = hashlib.new(name.replace("-", ""), data).digest()
    return f"{name}=:{base64.b64encode(digest).decode()}:"


def test_without_a_header_only_our_own_digest_is_kept() -> None:
    digests = read_content_digest(None)
    digests.update(DATA[:3])
    digests.update(DATA[3:])
    digests.check()
    assert digests.sha256 == hashlib.sha256(DATA).hexdigest()


@pytest.mark.parametrize(
    "header", [encode("sha-256"), encode("sha-512"), f"{encode('sha-256')}, {encode('sha-512')}"]
)
def test_what_was_announced_is_compared(header: str) -> None:
    good = read_content_digest(header)
    good.update(DATA)
    good.check()
    bad = read_content_digest(header)
    bad.update(DATA + b"!")
    with pytest.raises(ChecksumMismatchError):
        bad.check()


def test_one_wrong_digest_of_two_is_enough() -> None:
    digests = read_content_digest(f"{encode('sha-256')},{encode('sha-512', b'other')}")
    digests.update(DATA)
    with pytest.raises(ChecksumMismatchError) as caught:
        digests.check()
    assert caught.value.extra["algorithm"] == "sha512"


@pytest.mark.parametrize("name", ["md5", "sha-1", "crc32c", "unixsum"])
def test_an_unknown_algorithm_is_named_with_the_known_ones(name: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        read_content_digest(f"{name}=:AAAA:")
    assert caught.value.code == "unknown_digest_algorithm"
    assert caught.value.extra["algorithms"] == ["sha-256", "sha-512"]


@pytest.mark.parametrize(
    "header",
    [
        "sha-256",
        "sha-256=abc",
        "sha-256=:AAAA:",
        "sha-256=:A:",
        "SHA-256=:AAAA:",
        ",",
        "sha-256=:" + "A" * 5_000 + ":",
        encode("sha-256") + ";q=1",
    ],
)
def test_what_is_no_digest_is_refused(header: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        read_content_digest(header)
    assert caught.value.code == "bad_digest"
