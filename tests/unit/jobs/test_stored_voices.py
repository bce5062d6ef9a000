import json

import numpy as np

from transcriber.engine.speakers.voices import Voice
from transcriber.jobs.voices import read_voices, write_voices


def test_voices_come_back_as_they_were_stored() -> None:
    point = np.random.default_rng(1).normal(0, 1, 256).astype(np.float32)
    point /= np.linalg.norm(point)
    voices = [Voice(0, ((1.0, 2.5), (3.0, 4.125)), point), Voice(2, (), None)]
    stored = json.loads(json.dumps({"voices": write_voices(voices)}))
    first, second = read_voices(stored) or []
    assert (first.window, first.runs) == (0, ((1.0, 2.5), (3.0, 4.125)))
    assert first.print is not None
    # Half precision keeps three digits, and voices are told apart by the first.
    np.testing.assert_allclose(first.print, point, atol=2e-4)
    assert (second.window, second.runs, second.print) == (2, (), None)


def test_a_row_without_voices_has_none() -> None:
    assert read_voices(None) is None
    assert read_voices({"problem": "Nothing could be loaded."}) is None
