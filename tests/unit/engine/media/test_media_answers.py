"""The parent believes nothing that a child writes."""

import contextlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcriber.engine.media import MediaInfo, wire
from transcriber.engine.media.answers import read_info, read_layers, read_refusal, read_summary
from transcriber.engine.media.stream import clean_samples

INFO = {
    "container": "wav",
    "codec": "pcm_s16le",
    "duration": 1.5,
    "sample_rate": 16_000,
    "channels": 1,
    "has_video": False,
    "size_bytes": 48_044,
}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*INFO, "layers", "code", "message"]), inner)
    ),
    max_leaves=12,
)


def test_an_honest_description_is_read() -> None:
    expected = MediaInfo(
        container="wav",
        codec="pcm_s16le",
        duration=1.5,
        sample_rate=16_000,
        channels=1,
        has_video=False,
        size_bytes=48_044,
    )
    assert read_info(json.dumps(INFO).encode()) == expected


@pytest.mark.parametrize(
    "lie",
    [
        {"container": "\x1b[2J"},
        {"codec": "x" * 201},
        {"duration": float("nan")},
        {"duration": -1},
        {"channels": "2"},
        {"size_bytes": -1},
    ],
)
def test_a_lie_in_a_description_is_caught(lie: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="is not"):
        read_info(json.dumps(INFO | lie).encode())


def test_an_unknown_code_is_not_passed_on() -> None:
    with pytest.raises(ValueError, match="unknown"):
        read_refusal(b'{"code": "ok", "message": "is fine."}')


@given(JSON)
def test_no_answer_raises_anything_unexpected(value: object) -> None:
    payload = json.dumps(value).encode()
    for read in (read_info, read_summary, read_refusal, read_layers):
        with contextlib.suppress(KeyError, TypeError, ValueError):
            read(payload)


@pytest.mark.parametrize(
    ("tag", "length", "accepted"),
    [
        (wire.AUDIO, 65_536, True),
        (wire.AUDIO, 65_537, False),
        (wire.AUDIO, 1 << 31, False),
        (wire.INFO, 1 << 20, False),
        (b"?", 4, False),
    ],
)
def test_record_lengths_are_bounded(tag: bytes, length: int, *, accepted: bool) -> None:
    assert wire.is_acceptable_length(tag, length) is accepted


def test_samples_are_finite_and_in_range() -> None:
    raw = np.array([np.nan, np.inf, -np.inf, 7, -7, 0.5], np.float32)
    assert clean_samples(raw.tobytes()).tolist() == [0, 0, 0, 1, -1, 0.5]
