"""The network that is written for two listeners against the one that it is written from."""

from importlib.resources import files

import numpy as np
import onnxruntime
import pytest
from onnx import ModelProto, load_model_from_string

from staging.speech_network import HIDDEN, LISTENERS, SAMPLES, build_speech_network

SOURCE = files("faster_whisper").joinpath("assets", "silero_vad_v6.onnx").read_bytes()


def load(content: bytes) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])


@pytest.mark.parametrize("frames", [1, 2, 50])
def test_each_listener_hears_what_the_original_hears(frames: int) -> None:
    built = load(build_speech_network(load_model_from_string(SOURCE)).SerializeToString())
    original = load(SOURCE)
    chance = np.random.default_rng(frames)
    audio = (0.1 * chance.standard_normal((frames, SAMPLES))).astype(np.float32)
    hidden, cell = chance.uniform(-0.5, 0.5, (2, 1, LISTENERS, HIDDEN)).astype(np.float32)
    found = built.run(None, {"input": audio, "h": hidden, "c": cell})
    for each in range(LISTENERS):
        one = slice(each, each + 1)
        states = {"h": hidden[:, one].copy(), "c": cell[:, one].copy()}
        speech, after, kept = original.run(None, {"input": audio, **states})
        np.testing.assert_allclose(found[0][:, each], speech.reshape(-1), atol=1e-5)
        np.testing.assert_allclose(found[1][:, one], after, atol=1e-5)
        np.testing.assert_allclose(found[2][:, one], kept, atol=1e-5)


def test_another_network_is_refused() -> None:
    with pytest.raises(KeyError):
        build_speech_network(ModelProto())
