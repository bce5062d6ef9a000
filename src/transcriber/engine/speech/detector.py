"""Silero VAD over a stream: probabilities that do not depend on how the audio was cut in blocks."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.networks import Network, load_network_file

SAMPLE_RATE = 16_000
"""Samples per second of everything inside the engine, as Whisper and Silero were trained."""

FRAME_SAMPLES = 512
"""One probability covers this many samples (32 ms), as the Silero v6 model was trained."""

_CONTEXT_SAMPLES = 64
"""The model sees this many samples before each frame."""

_REFRESH_FRAMES = 94
"""Three seconds: the best of 1, 3, 10 s and never, on speech that Silero finds hard."""

NETWORK = Path(__file__).parent / "weights" / "speech.onnx"
"""Silero's network, written so that both listeners share all that has no memory."""

_STATE_SHAPE = (1, 2, 128)
"""Of each of the network's recurrent states; two listeners."""


@cache
def load_detector(path: Path = NETWORK) -> Network:
    """Load the network, once for the process: it is safe to run from threads.

    Raises:
        NetworkError: the file is missing or no network.
        OutOfMemoryError: the machine has too little memory at present.
    """
    return load_network_file(path)


class VigilantDetector:
    """The probability of speech for each 32 ms frame of a stream of 16 kHz mono audio.

    It is the higher one of two listeners who forget their state in turn, every 3 s.  Silero's
    recurrent state settles: after half a minute of quiet noise, or in radio speech, it calls clear
    speech silence (0.06 for a sentence it gave 0.9 at the start of the same file).  Each of the two
    listeners is between 0 and 6 s old, and one of them at least 3 s, so every frame is heard by a
    state that is neither cold nor settled.  On a minute and a half of the Apollo 11 radio traffic
    this finds more than twice the speech, and still nothing in noise, tones and hum.

    The states and the context samples live here between blocks, so any cut of the stream into
    blocks gives the probabilities of one run over the whole.
    """

    def __init__(self) -> None:
        self._network = load_detector()
        self._hidden = np.zeros(_STATE_SHAPE, np.float32)
        self._cell = np.zeros(_STATE_SHAPE, np.float32)
        self._context = np.zeros(_CONTEXT_SAMPLES, np.float32)
        self._rest = np.zeros(0, np.float32)
        self._frame = 0

    def feed(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take the next samples; return the probabilities of the frames they completed."""
        audio = np.concatenate([self._rest, block])
        complete = len(audio) - len(audio) % FRAME_SAMPLES
        self._rest = audio[complete:].copy()
        found = [np.zeros(0, np.float32)]
        start = 0
        while start < complete:
            frames = _REFRESH_FRAMES - self._frame % _REFRESH_FRAMES
            stop = min(start + frames * FRAME_SAMPLES, complete)
            found.append(self._hear(audio[start:stop]))
            start = stop
        return np.concatenate(found)

    def finish(self) -> NDArray[np.float32]:
        """Return the probability of the last, incomplete frame (padded with zeros), if any."""
        rest, self._rest = self._rest, np.zeros(0, np.float32)
        if len(rest) == 0:
            return rest
        return self._hear(np.pad(rest, (0, FRAME_SAMPLES - len(rest))))

    def _hear(self, audio: NDArray[np.float32]) -> NDArray[np.float32]:
        turn, place = divmod(self._frame, _REFRESH_FRAMES)
        if place == 0:
            self._hidden[:, turn % 2] = self._cell[:, turn % 2] = 0
        frames = audio.reshape(-1, FRAME_SAMPLES)
        self._frame += len(frames)
        tails = np.vstack([self._context, frames[:-1, -_CONTEXT_SAMPLES:]])
        self._context = frames[-1, -_CONTEXT_SAMPLES:].copy()
        inputs = np.concatenate([tails, frames], axis=1)
        states = {"h": self._hidden, "c": self._cell}
        speech, self._hidden, self._cell = self._network.run(None, {"input": inputs, **states})
        return speech.max(axis=1)
