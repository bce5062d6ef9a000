"""A file's text as chunks that are worth sending."""

from collections.abc import Iterable, Iterator

CHUNK_CHARACTERS = 65_536


def gather_chunks(parts: Iterable[str]) -> Iterator[bytes]:
    """Join a format's pieces to UTF-8 chunks of about 64 KiB, drawn as they are asked for.

    Each chunk costs a trip to a thread and one to the socket, and the pieces are lines or single
    values: the JSON of a ten-hour recording has millions, and took minutes where it takes seconds.
    """
    gathered: list[str] = []
    length = 0
    for part in parts:
        gathered.append(part)
        length += len(part)
        if length >= CHUNK_CHARACTERS:
            yield "".join(gathered).encode()
            gathered.clear()
            length = 0
    if gathered:
        yield "".join(gathered).encode()
