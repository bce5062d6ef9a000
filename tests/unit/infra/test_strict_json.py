import json

import pytest

from transcriber.infra.errors import BadRequestError
from transcriber.infra.strict_json import UnacceptableValueError, check_json


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": [1, 2.5, true, null, "text"]}',
        b'"\xc3\xa9"',
        b'{"a": "\\ud83d\\ude00"}',
        b"9223372036854775807",
        b"-9223372036854775807",
        b"[" * 63 + b"]" * 63,
    ],
)
def test_ordinary_documents_pass(body: bytes) -> None:
    check_json(body)
    json.loads(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": NaN}',
        b"[Infinity]",
        b"[-Infinity]",
        b"1e400",
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'["\\u0000"]',
        b'{"\\u0000": 1}',
        b"9223372036854775808",
        b"-9223372036854775808",
        b"1" * 5_000,
    ],
)
def test_values_that_cannot_be_held_are_422(body: bytes) -> None:
    with pytest.raises(UnacceptableValueError) as caught:
        check_json(body)
    assert caught.value.status == 422
    assert caught.value.fields[0].message == caught.value.detail


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[" * 100_000, "too_deep"),
        (b"[" * 65 + b"]" * 65, "too_deep"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, "too_deep"),
        (b'{"a": 1, "a": 2}', "duplicate_key"),
        ('{"a": 1}'.encode("utf-16"), "malformed_json"),
        (b"+AHsAfQ-", "malformed_json"),
        (b"\xef\xbb\xbf{}", "malformed_json"),
        (b"\xff", "malformed_json"),
        (b"{'a': 1}", "malformed_json"),
        (b"", "malformed_json"),
    ],
)
def test_documents_that_cannot_be_read_are_400(body: bytes, code: str) -> None:
    with pytest.raises(BadRequestError) as caught:
        check_json(body)
    assert (caught.value.status, caught.value.code) == (400, code)
