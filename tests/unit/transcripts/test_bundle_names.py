import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from transcriber.transcripts.bundle_names import ERRORS_NAME, MAX_STEM_BYTES, BundleNames

NAMES = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
        st.sampled_from(
            ["a", "A", "a.mp3", "CON", "con.txt", "NUL", "errors.txt", "..", "../x", "é", "e\u0301"]
        ),
    ),
    max_size=12,
)


@given(NAMES)
def test_names_are_safe_and_differ_on_every_disk(names: list[str]) -> None:
    given_out = BundleNames()
    found = [given_out.choose(name, ".txt") for name in names]
    keys = {unicodedata.normalize("NFKC", name).casefold() for name in [*found, ERRORS_NAME]}
    assert len(keys) == len(names) + 1
    for name in found:
        stem = name.removesuffix(".txt")
        assert stem
        assert not stem.endswith((".", " "))
        assert not set('/\\:*?"<>|') & set(name)
        assert not any(ord(character) < 32 or ord(character) == 127 for character in name)
        assert stem.split(".")[0].casefold() not in {"con", "nul"}
        assert len(stem.encode()) <= MAX_STEM_BYTES + 10


def test_a_long_name_is_cut_between_characters() -> None:
    name = BundleNames().choose("東" * 200, ".pdf")
    assert name == "東" * (MAX_STEM_BYTES // 3) + ".pdf"


def test_the_same_name_is_numbered_in_order() -> None:
    names = BundleNames()
    assert [names.choose(name, ".txt") for name in ("Talk.mp3", "talk.wav", "TALK")] == [
        "Talk.txt",
        "talk (2).txt",
        "TALK (3).txt",
    ]
