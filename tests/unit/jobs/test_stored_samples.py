import numpy as np

from transcriber.jobs.samples import to_audio, to_pcm


def test_samples_survive_storage_within_half_a_step() -> None:
    audio = np.linspace(-1.0, 1.0, 10_001, dtype=np.float32)
    kept = to_audio(to_pcm(audio))
    assert kept.dtype == np.float32
    assert float(np.abs(kept - audio).max()) <= 0.5 / 32_767 + 1e-7


def test_samples_out_of_range_are_clipped() -> None:
    kept = to_audio(to_pcm(np.array([-3.0, 3.0], dtype=np.float32)))
    assert kept.tolist() == [-1.0, 1.0]
    assert len(to_pcm(np.zeros(5, np.float32))) == 10
