"""A zip file that is sent while it is made: nothing of it is kept but the names of its entries."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

CHUNK_BYTES = 65_536
# Readable for whoever unpacks it, as a file of a new download is.
_MODE = 0o644
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)


class ZipStream:
    """Takes entries one after the other, and gives the file's bytes as they come about."""

    def __init__(self) -> None:
        self._sink = _Sink()
        # Without `seek`, sizes follow the entries, which every reader of zip files understands.
        self._file = ZipFile(self._sink, "w", ZIP_DEFLATED)  # pyright: ignore[reportCallIssue, reportArgumentType] -- the stubs want a whole file, it writes only

    def add(self, name: str, modified: datetime, parts: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the bytes of one entry, drawing its parts as they are needed.

        Args:
            name: Its safe, unique name; the caller sees to both.
            modified: Shown as the time of the file; the format has none before 1980.
            parts: Its content.
        """
        moment = max(modified, _EARLIEST)
        entry = ZipInfo(name, moment.timetuple()[:6])
        entry.compress_type = ZIP_DEFLATED
        entry.external_attr = _MODE << 16
        with self._file.open(entry, "w") as writer:
            for part in parts:
                writer.write(part)
                if self._sink.length >= CHUNK_BYTES:
                    yield self._sink.take()
        if self._sink.length >= CHUNK_BYTES:
            yield self._sink.take()

    def finish(self) -> Iterator[bytes]:
        """Yield what is left, the list of entries included."""
        self._file.close()
        yield self._sink.take()


class _Sink:
    """What `zipfile` writes to, emptied as the bytes are sent on."""

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self.length = 0

    def write(self, data: bytes) -> int:
        self._written.append(bytes(data))
        self.length += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        """What was written since the last time."""
        data = b"".join(self._written)
        self._written.clear()
        self.length = 0
        return data
