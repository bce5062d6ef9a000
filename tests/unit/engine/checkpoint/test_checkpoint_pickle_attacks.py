"""Hostile input 101: a pickle that calls os.system is refused and not executed."""

import os
import pickle
import time
from pathlib import Path

import pytest

from checkpoint_builder import build_checkpoint, pickle_call
from transcriber.engine.checkpoint import read_checkpoint
from transcriber.engine.checkpoint.pickle_reader import MAX_PICKLE_BYTES, read_pickle
from transcriber.engine.errors import ModelError


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_a_pickle_that_calls_os_system_is_refused_and_not_executed(
    tmp_path: Path, protocol: int
) -> None:
    marker = tmp_path / "executed"
    attack = pickle_call(os.system, f"touch {marker}", protocol=protocol)
    path = tmp_path / "base.pt"
    path.write_bytes(build_checkpoint(data_pkl=attack))

    with pytest.raises(ModelError) as caught:
        read_checkpoint(path)

    assert caught.value.code == "model_unsafe"
    assert not marker.exists()
    # The same bytes do run under the ordinary unpickler, so the attack is a real one.
    pickle.loads(attack)
    assert marker.exists()


@pytest.mark.parametrize("name", ["posix.system", "builtins.eval", "torch.load", "torch.storage"])
def test_names_the_symbol(name: str) -> None:
    module, _, attribute = name.rpartition(".")

    with pytest.raises(ModelError, match=f"names '{name}'.*nothing was executed") as caught:
        read_pickle(memoryview(f"\x80\x02c{module}\n{attribute}\n.".encode("latin-1")))

    assert caught.value.code == "model_unsafe"


REBUILD = b"ctorch._utils\n_rebuild_tensor_v2\n"
ATTACKS = {
    "attributes of an allowed symbol": REBUILD + b"}(X\x08\0\0\0__code__K\1ub.",
    "an instance": b"ios\nsystem\n(.",
    "an object": b"ccollections\nOrderedDict\n)\x81.",
    "an extension": b"\x82\x01.",
    "a buffer": b"\x97.",
    "a call with arguments": b"ccollections\nOrderedDict\n(K\1tR.",
    "a call of a number": b"K\1)R.",
    "a storage of another kind": b"(X\1\0\0\0aK\1tQ.",
    "a negative count": (
        b"(X\7\0\0\0storagectorch\nHalfStorage\nX\1\0\0\0aX\1\0\0\0bJ\xff\xff\xff\xfftQ."
    ),
    "a tuple as a key": b"}K\1K\2\x86K\3s.",
    "items of a number": b"K\1K\2K\3s.",
    "an odd number of items": b"}(K\1u.",
    "an unknown memo": b"h\x07.",
    "an empty stack": b"s.",
    "a missing mark": b"K\1t.",
    "a mark as a value": b"(K\1\x86.",
    "two values": b"K\1K\2.",
    "no end": b"K\1",
    "an unknown opcode": b"\xff.",
    "a short string": b"X\xff\xff\xff\x7fa.",
    "nothing": b"",
}


@pytest.mark.parametrize("body", ATTACKS.values(), ids=ATTACKS)
def test_refuses(body: bytes) -> None:
    with pytest.raises(ModelError) as caught:
        read_pickle(memoryview(b"\x80\x02" + body))

    assert caught.value.code in {"model_unsafe", "model_malformed"}


def test_refuses_a_huge_pickle_unread() -> None:
    with pytest.raises(ModelError, match="has 1,048,577 bytes; a Whisper"):
        read_pickle(memoryview(bytes(MAX_PICKLE_BYTES + 1)))


def test_bounds_the_work_of_the_densest_pickle() -> None:
    dense = b"\x80\x02" + b"}" * (MAX_PICKLE_BYTES - 3) + b"."
    before = time.monotonic()

    with pytest.raises(ModelError, match="leaves 1048573 values"):
        read_pickle(memoryview(dense))

    assert time.monotonic() - before < 30


def test_shows_shared_references_without_expanding_them(tmp_path: Path) -> None:
    # Each level holds the one below twice: written out, 2**60 values.
    levels = b"".join(b"h%c" % (i % 256) * 2 + b"\x86q%c" % ((i + 1) % 256) for i in range(60))
    bomb = b"\x80\x02)q\x00" + levels
    path = tmp_path / "base.pt"
    path.write_bytes(build_checkpoint(data_pkl=bomb + b"\x85\x85."))

    with pytest.raises(ModelError) as caught:
        read_checkpoint(path)

    assert len(str(caught.value)) < 600


def test_quotes_hostile_text_bounded_and_escaped() -> None:
    name = "evil\x1b[31m\u202e" + "x" * 5_000
    data = b"\x80\x02c" + name.encode() + b"\nsystem\n."

    with pytest.raises(ModelError) as caught:
        read_pickle(memoryview(data))

    assert len(str(caught.value)) < 200
    assert "\x1b" not in str(caught.value)
    assert "\u202e" not in str(caught.value)
