"""A recording while it is decoded: its samples for the spans, its waveform for players."""

from transcriber.infra.identifiers import create_id
from transcriber.infra.storage import Storage
from transcriber.jobs.engines import Audio
from transcriber.jobs.samples import to_pcm
from transcriber.recordings.peaks import PeakMeter


class DecodedWriter:
    """Two objects written in one pass, so that nothing is decoded twice.

    Args:
        storage: Where they go.
        wants_peaks: Whether the recording has no waveform yet.
    """

    def __init__(self, storage: Storage, *, wants_peaks: bool) -> None:
        self._samples = storage.create(f"pcm/{create_id()}", may_use_reserve=True)
        # It holds nothing before its first byte, so it needs no guard while the second is begun.
        self._peaks = (
            storage.create(f"peaks/{create_id()}", may_use_reserve=True) if wants_peaks else None
        )
        self._meter = PeakMeter()

    def write(self, block: Audio) -> None:
        """Take the next samples."""
        self._samples.write(to_pcm(block))
        if self._peaks is not None:
            self._peaks.write(self._meter.feed(block))

    def commit(self) -> tuple[str, str | None]:
        """Make both durable; the keys of the samples and of the waveform, where one was wanted."""
        samples = self._samples.commit()
        if self._peaks is None:
            return samples.key, None
        self._peaks.write(self._meter.finish())
        # Where this fails, the samples stay behind for the collection of orphans.
        return samples.key, self._peaks.commit().key

    def abort(self) -> None:
        """Forget what was not committed."""
        self._samples.abort()
        if self._peaks is not None:
            self._peaks.abort()
