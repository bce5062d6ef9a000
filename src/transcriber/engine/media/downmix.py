"""Turns decoded frames of any rate, format and channel count into mono float32 at 16 kHz."""

from collections.abc import Iterator
from typing import cast

from av.audio.frame import AudioFrame
from av.filter import Graph

from transcriber.engine.errors import MediaError
from transcriber.engine.media.formats import (
    MAX_CHANNELS,
    MAX_SAMPLE_RATE,
    MIN_SAMPLE_RATE,
    SAMPLE_RATE,
)

BLOCK_SAMPLES = 16_384
"""Samples in a block: 1.024 seconds, and with its header one write of about a pipe's buffer."""

# Without rematrix_maxval a float stereo pair is summed with weights of 0.707 and clips.
_RESAMPLE = f"{SAMPLE_RATE}:out_chlayout=mono:out_sample_fmt=flt:rematrix_maxval=1.0"

_Shape = tuple[str, str, int, int]


class Downmixer:
    """A filter graph that is built anew whenever the frames change their shape mid-stream."""

    def __init__(self) -> None:
        self._shape: _Shape | None = None
        self._graph: Graph | None = None

    def push(self, frame: AudioFrame) -> Iterator[bytes]:
        """Yield the blocks (native float32, at most `BLOCK_SAMPLES`) that `frame` completes.

        Raises:
            MediaError: `unsupported`, the rate or the channel count is out of bounds.
        """
        layout = frame.layout
        shape = (frame.format.name, layout.name, layout.nb_channels, frame.sample_rate)
        if shape != self._shape:
            yield from self.flush()
            check_shape(frame.sample_rate, layout.nb_channels)
            self._graph, self._shape = _build_graph(shape), shape
        # Timestamps are hostile too (backwards, 2^62); samples are simply laid end to end.
        frame.pts = None
        graph = cast("Graph", self._graph)
        graph.push(frame)
        yield from _pull(graph)

    def flush(self) -> Iterator[bytes]:
        """Yield what the resampler still holds, at the end or before a change of shape."""
        if self._graph is not None:
            self._graph.push(None)
            yield from _pull(self._graph)
            self._graph = self._shape = None


def check_shape(sample_rate: int, channels: int) -> None:
    """Refuse rates and channel counts that no microphone makes.

    Raises:
        MediaError: `unsupported`, naming what was found and what is accepted.
    """
    if not MIN_SAMPLE_RATE <= sample_rate <= MAX_SAMPLE_RATE:
        raise MediaError(
            f"claims a sample rate of {sample_rate} Hz; {MIN_SAMPLE_RATE} to {MAX_SAMPLE_RATE} Hz "
            "are accepted."
        )
    if not 1 <= channels <= MAX_CHANNELS:
        raise MediaError(f"claims {channels} channels; 1 to {MAX_CHANNELS} are accepted.")


def _build_graph(shape: _Shape) -> Graph:
    sample_format, layout, channels, rate = shape
    graph = Graph()
    graph.threads = 1
    nodes = [graph.add_abuffer(sample_rate=rate, format=sample_format, layout=layout)]
    if layout == f"{channels} channels":
        # The order is unknown, so there is no matrix to apply: every channel weighs the same.
        mean = "+".join(f"{1 / channels:.8f}*c{index}" for index in range(channels))
        nodes.append(graph.add("pan", f"mono|c0={mean}"))
    nodes.append(graph.add("aresample", _RESAMPLE))
    nodes.append(graph.add("asetnsamples", f"n={BLOCK_SAMPLES}:p=0"))
    nodes.append(graph.add("abuffersink"))
    graph.link_nodes(*nodes).configure()
    return graph


def _pull(graph: Graph) -> Iterator[bytes]:
    while True:
        try:
            frame = cast("AudioFrame", graph.pull())
        except (BlockingIOError, EOFError):
            return
        yield bytes(frame.planes[0])[: frame.samples * 4]
