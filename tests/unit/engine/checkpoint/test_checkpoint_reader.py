from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from checkpoint_builder import TINY, build_checkpoint, build_zip, make_tensors
from transcriber.engine.checkpoint import read_checkpoint
from transcriber.engine.checkpoint.archive import Archive
from transcriber.engine.checkpoint.pickle_reader import read_pickle
from transcriber.engine.checkpoint.references import StorageReference, StorageType, TensorReference
from transcriber.engine.checkpoint.tensors import map_tensor
from transcriber.engine.errors import ModelError


def test_reads_dims_and_every_tensor(tmp_path: Path) -> None:
    path = tmp_path / "tiny.pt"
    path.write_bytes(build_checkpoint())

    checkpoint = read_checkpoint(path)

    assert checkpoint.dims == TINY
    expected = make_tensors()
    assert list(checkpoint.tensors) == list(expected)
    for name, tensor in expected.items():
        np.testing.assert_array_equal(checkpoint.tensors[name], tensor)


def test_tensors_are_read_only_views(tmp_path: Path) -> None:
    path = tmp_path / "tiny.pt"
    path.write_bytes(build_checkpoint())

    tensor = read_checkpoint(path).tensors["decoder.ln.weight"]

    with pytest.raises(ValueError, match="read-only"):
        tensor[0] = 1


def test_reads_float32_under_another_root_without_byte_order(tmp_path: Path) -> None:
    path = tmp_path / "tiny.pt"
    tensors = make_tensors(dtype="float32")
    path.write_bytes(build_checkpoint(tensors=tensors, prefix="tiny", without="byteorder"))

    found = read_checkpoint(path).tensors["encoder.conv1.weight"]

    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, tensors["encoder.conv1.weight"])


def test_reads_the_metadata_that_state_dict_attaches(tmp_path: Path) -> None:
    # BUILD with {"_metadata": OrderedDict()} on the state dictionary, as Module.state_dict has it.
    plain = build_checkpoint()
    member = Archive(memoryview(plain)).view("archive/data.pkl").tobytes()
    build = b"}X\x09\x00\x00\x00_metadataccollections\nOrderedDict\n)Rsb"
    path = tmp_path / "tiny.pt"
    path.write_bytes(build_checkpoint(data_pkl=member[:-2] + build + member[-2:]))

    assert read_checkpoint(path).dims == TINY


@pytest.mark.parametrize(
    ("n_vocab", "n_mels", "languages", "is_multilingual"),
    [(51864, 80, 99, False), (51865, 80, 99, True), (51866, 128, 100, True)],
)
def test_reads_every_vocabulary(
    tmp_path: Path, n_vocab: int, n_mels: int, languages: int, *, is_multilingual: bool
) -> None:
    dims = replace(TINY, n_vocab=n_vocab, n_mels=n_mels)
    path = tmp_path / "tiny.pt"
    path.write_bytes(build_checkpoint(dims=dims, tensors=make_tensors(dims)))

    found = read_checkpoint(path).dims

    assert (found.language_count, found.is_multilingual) == (languages, is_multilingual)


def _reference(
    shape: tuple[int, ...],
    strides: tuple[int, ...],
    offset: int = 0,
    kind: StorageType = StorageType.HALF,
    elements: int = 6,
) -> TensorReference:
    return TensorReference(StorageReference(kind, "0", elements), offset, shape, strides)


def _archive(content: np.ndarray) -> Archive:
    return Archive(memoryview(build_zip({"archive/data/0": content.tobytes()})))


def test_honours_strides_and_offsets() -> None:
    archive = _archive(np.arange(6, dtype=np.float16))

    transposed = map_tensor(archive, "archive/", _reference((3, 2), (1, 3)))
    tail = map_tensor(archive, "archive/", _reference((2,), (1,), offset=4))

    assert transposed.tolist() == [[0, 3], [1, 4], [2, 5]]
    assert tail.tolist() == [4, 5]


def test_widens_bfloat16() -> None:
    # 1.0 and -2.5 as the upper halves of their float32 patterns.
    archive = _archive(np.array([0x3F80, 0xC020], dtype=np.uint16))
    reference = _reference((2,), (1,), kind=StorageType.BFLOAT16, elements=2)

    tensor = map_tensor(archive, "archive/", reference)

    assert tensor.dtype == np.float32
    assert tensor.tolist() == [1.0, -2.5]


@pytest.mark.parametrize(
    "reference",
    [
        _reference((6,), (1,), offset=1),
        _reference((2, 3), (3, 2)),
        _reference((7,), (0,)),
        _reference((0,), (1,)),
        _reference((2,), (1,), kind=StorageType.LONG),
        _reference((2,), (1,), elements=7),
    ],
    ids=["offset", "strides", "repetition", "empty", "integers", "elements"],
)
def test_refuses_a_tensor_that_does_not_fit_its_storage(reference: TensorReference) -> None:
    archive = _archive(np.arange(6, dtype=np.float16))

    with pytest.raises(ModelError, match=r"^it"):
        map_tensor(archive, "archive/", reference)


def test_interprets_protocol_4_pickles() -> None:
    # PROTO 4, FRAME, MEMOIZE, STACK_GLOBAL and short strings, as newer picklers write them.
    data = (
        b"\x80\x04\x95\x2f\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x01a\x94\x8c\x0bcollections\x94"
        b"\x8c\x0bOrderedDict\x94\x93\x94)R\x94s."
    )

    assert read_pickle(memoryview(data)) == {"a": {}}
