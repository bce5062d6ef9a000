from dataclasses import replace

import pytest

from checkpoint_builder import TINY
from transcriber.engine.conversion.alignment import list_alignment_heads
from transcriber.engine.models import OFFICIAL_CHECKSUMS

BASE = replace(TINY, n_text_layer=6, n_text_head=8)
LARGE = replace(TINY, n_text_layer=32, n_text_head=20)
UNKNOWN = "0" * 64


def test_base_has_openais_heads() -> None:
    # As published with Hugging Face's and Systran's conversions of the same checkpoint.
    assert list_alignment_heads(BASE, UNKNOWN) == [
        (3, 1),
        (4, 2),
        (4, 3),
        (4, 7),
        (5, 1),
        (5, 2),
        (5, 4),
        (5, 6),
    ]


def test_the_checksum_tells_large_v1_from_v2() -> None:
    v1 = list_alignment_heads(LARGE, OFFICIAL_CHECKSUMS["large-v1"])
    v2 = list_alignment_heads(LARGE, OFFICIAL_CHECKSUMS["large-v2"])

    assert v1 != v2
    assert list_alignment_heads(LARGE, UNKNOWN) == v2


@pytest.mark.parametrize(
    ("layers", "heads", "n_vocab", "count"),
    [
        (4, 6, 51864, 8),
        (4, 6, 51865, 6),
        (6, 8, 51864, 5),
        (12, 12, 51864, 19),
        (12, 12, 51865, 10),
        (24, 16, 51864, 18),
        (24, 16, 51865, 6),
        (32, 20, 51866, 10),
        (4, 20, 51866, 6),
    ],
)
def test_every_family_has_its_heads(layers: int, heads: int, n_vocab: int, count: int) -> None:
    dims = replace(TINY, n_text_layer=layers, n_text_head=heads, n_vocab=n_vocab)

    found = list_alignment_heads(dims, UNKNOWN)

    assert len(found) == count
    assert all(layer < layers and head < heads for layer, head in found)


def test_an_unknown_shape_uses_the_upper_layers() -> None:
    assert list_alignment_heads(TINY, UNKNOWN) == [(1, 0), (1, 1)]
