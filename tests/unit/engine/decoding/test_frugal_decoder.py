import numpy as np
import pytest

from fake_decoder import FakeDecoder, write
from transcriber.engine.decoding.decoder import Attempt, GenerateSettings
from transcriber.engine.decoding.frugal import FrugalDecoder
from transcriber.engine.errors import OutOfMemoryError

BEAM = GenerateSettings(temperature=0.0, beam_size=5, best_of=4, patience=1.0)
SAMPLES = GenerateSettings(temperature=0.4, beam_size=5, best_of=4, patience=1.0)


class SmallMemory:
    """Room for so many hypotheses at a time; the words are CTranslate2's."""

    def __init__(self, room: int) -> None:
        self.room = room

    def __call__(self, settings: GenerateSettings, window: int) -> Attempt:
        count = settings.beam_size if settings.temperature == 0 else settings.best_of
        if count > self.room:
            raise RuntimeError("CUDA failed with error out of memory")
        return write(f"{count} hypotheses.")


def test_hypotheses_are_halved_until_they_fit() -> None:
    steps: list[tuple[int, int]] = []
    decoder = FrugalDecoder(
        FakeDecoder(SmallMemory(1)), lambda before, after: steps.append((before, after))
    )
    assert decoder.generate(0, [], None, BEAM).text == "1 hypotheses."
    assert steps == [(5, 2), (2, 1)]


def test_what_fitted_is_kept_for_the_windows_that_follow() -> None:
    fake = FakeDecoder(SmallMemory(2))
    decoder = FrugalDecoder(fake)
    decoder.generate(0, [], None, BEAM)
    assert decoder.generate(1, [], None, SAMPLES).text == "2 hypotheses."
    assert [call[3].beam_size for call in fake.calls] == [5, 2, 2]


def test_one_hypothesis_that_does_not_fit_is_an_error_of_its_own() -> None:
    decoder = FrugalDecoder(FakeDecoder(SmallMemory(0)))
    with pytest.raises(OutOfMemoryError) as caught:
        decoder.generate(0, [], None, BEAM)
    assert caught.value.code == "out_of_memory"


def test_other_errors_pass_as_they_are() -> None:
    def fail(settings: GenerateSettings, window: int) -> Attempt:
        raise RuntimeError("the model is broken")

    fake = FakeDecoder(fail)
    with pytest.raises(RuntimeError, match="broken"):
        FrugalDecoder(fake).generate(0, [], None, BEAM)
    assert len(fake.calls) == 1


def test_features_that_do_not_fit_are_named_too() -> None:
    class Full(FakeDecoder):
        def extract_features(self, audio: np.ndarray) -> np.ndarray:
            raise MemoryError

    with pytest.raises(OutOfMemoryError):
        FrugalDecoder(Full(SmallMemory(9))).extract_features(np.zeros(16, np.float32))
