import json
from dataclasses import replace

import pytest
from tokenizers import Tokenizer

from checkpoint_builder import TINY
from transcriber.engine.conversion.suppression import (
    find_id,
    list_suppressed,
    list_suppressed_at_start,
)
from transcriber.engine.conversion.tokenizer_file import build_tokenizer, list_merges
from transcriber.engine.conversion.vocabulary import list_vocabulary, load_ranks, show_bytes
from transcriber.engine.languages import LANGUAGE_CODES

ENGLISH = replace(TINY, n_vocab=51864)
LARGE_V3 = replace(TINY, n_vocab=51866, n_mels=128)
# The ids OpenAI's whisper/tokenizer.py computes for each vocabulary.
SPECIALS = {
    "english": (ENGLISH, {"endoftext": 50256, "en": 50258, "notimestamps": 50362, "0.00": 50363}),
    "multilingual": (TINY, {"endoftext": 50257, "en": 50259, "su": 50357, "notimestamps": 50363}),
    "large-v3": (LARGE_V3, {"yue": 50358, "translate": 50359, "nocaptions": 50363, "30.00": 51865}),
}


@pytest.mark.parametrize("family", SPECIALS)
def test_every_token_has_openais_id(family: str) -> None:
    dims, expected = SPECIALS[family]

    vocabulary = list_vocabulary(dims)

    assert len(vocabulary) == dims.n_vocab
    assert len(set(vocabulary)) == dims.n_vocab
    assert {name: vocabulary.index(f"<|{name}|>") for name in expected} == expected


@pytest.mark.parametrize("family", SPECIALS)
def test_text_survives_the_tokenizer(family: str) -> None:
    tokenizer = Tokenizer.from_str(json.dumps(build_tokenizer(SPECIALS[family][0])))
    text = " Grüße, 東京 — it's 9.45 o'clock;\n\ttabs, 🎈 and  two blanks"

    ids = tokenizer.encode(text, add_special_tokens=False).ids

    assert tokenizer.decode(ids) == text
    assert max(ids) < 50_257


# What tiktoken gives with OpenAI's whisper/tokenizer.py, 20250625.
TIKTOKEN = {
    "english": [
        [843, 523, 11, 616, 5891, 3399, 11, 1265, 407, 644, 262, 256, 318, 13],
        [
            *(1902, 9116, 39683, 68, 257, 385, 509, 9101, 18755, 11),
            *(10545, 251, 109, 12859, 105, 851, 860, 13, 2231, 267, 6, 15750),
        ],
    ],
    "multilingual": [
        [400, 370, 11, 452, 7177, 6280, 11, 1029, 406, 437, 264, 256, 307, 13],
        [
            *(38908, 11451, 3437, 591, 13072, 77, 11, 220, 18413, 31375),
            *(3466, 1722, 13, 8465, 277, 6, 9023),
        ],
    ],
}


@pytest.mark.parametrize("family", TIKTOKEN)
def test_text_has_openais_tokens(family: str) -> None:
    tokenizer = Tokenizer.from_str(json.dumps(build_tokenizer(SPECIALS[family][0])))
    texts = (
        " And so, my fellow Americans, ask not what the t is.",
        " Grüße aus Köln, 東京 — 9.45 o'clock",
    )

    encoded = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]

    assert encoded == TIKTOKEN[family]


@pytest.mark.parametrize("is_multilingual", [True, False])
def test_merges_rebuild_every_rank(is_multilingual: bool) -> None:  # noqa: FBT001 - pytest names it.
    ranks = load_ranks(is_multilingual=is_multilingual)
    merges = list_merges(is_multilingual=is_multilingual)

    assert ["".join(pair) for pair in merges] == [
        show_bytes(token) for token in ranks if len(token) > 1
    ]
    # GPT-2's first merge, which some converted models lack, so that " t" falls apart there.
    assert merges[0] == ("Ġ", "t")


def test_multilingual_suppression_is_openais() -> None:
    tokenizer = Tokenizer.from_str(json.dumps(build_tokenizer(TINY)))

    suppressed = list_suppressed(tokenizer)

    # whisper.tokenizer.get_tokenizer(True).non_speech_tokens begins and ends so.
    assert suppressed[:8] == [1, 2, 7, 8, 9, 10, 14, 25]
    assert suppressed[-6:] == [50258, 50358, 50359, 50360, 50361, 50362]
    assert len(suppressed) == 88
    assert list_suppressed_at_start(tokenizer) == [220, 50257]


def test_english_suppression_is_openais() -> None:
    tokenizer = Tokenizer.from_str(json.dumps(build_tokenizer(ENGLISH)))

    assert len(list_suppressed(tokenizer)) == 90
    assert list_suppressed(tokenizer)[-6:] == [50257, 50357, 50358, 50359, 50360, 50361]
    assert list_suppressed_at_start(tokenizer) == [220, 50256]


def test_a_tokenizer_without_a_token_is_an_error() -> None:
    tokenizer = Tokenizer.from_str(json.dumps(build_tokenizer(TINY)))

    with pytest.raises(LookupError, match="yue"):
        find_id(tokenizer, "<|yue|>")


def test_languages_are_a_hundred_distinct_codes() -> None:
    assert len(set(LANGUAGE_CODES)) == len(LANGUAGE_CODES) == 100
    assert LANGUAGE_CODES[0] == "en"
