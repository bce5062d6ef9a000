from collections.abc import Iterator

from transcriber.transcripts.chunks import CHUNK_CHARACTERS, gather_chunks


def test_small_pieces_travel_together_and_nothing_changes() -> None:
    pieces = [f"Grüße {number}\n" for number in range(50_000)]
    chunks = list(gather_chunks(pieces))
    assert b"".join(chunks).decode() == "".join(pieces)
    assert len(chunks) < 15
    assert max(map(len, chunks)) < 2 * CHUNK_CHARACTERS


def test_nothing_is_drawn_before_it_is_needed() -> None:
    drawn: list[int] = []

    def draw() -> Iterator[str]:
        for number in range(10):
            drawn.append(number)
            yield "x" * CHUNK_CHARACTERS

    chunks = gather_chunks(draw())
    assert drawn == []
    assert len(next(chunks)) == CHUNK_CHARACTERS
    assert drawn == [0]


def test_an_empty_file_has_no_chunks() -> None:
    assert list(gather_chunks([])) == []
