"""Make speech harder to hear: noise, other voices, music, a telephone, a hall."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

from audio import SAMPLE_RATE

Audio = NDArray[np.float32]

_TELEPHONE_HERTZ = (300.0, 3_400.0)
_HALL_SECONDS = 0.6
"""Until an echo has faded by 60 dB, as in a large meeting room."""

_DIRECT_SHARE = 0.25
_CHORDS = (
    (220.0, 277.2, 329.6),
    (196.0, 246.9, 293.7),
    (174.6, 220.0, 261.6),
    (164.8, 207.7, 246.9),
)
_CHORD_SECONDS = 1.0
_OVERTONES = 6
_BEAT_SECONDS = 0.5


def mix(speech: Audio, other: Audio, decibels: float) -> Audio:
    """Speech over something else that is so many decibels quieter (louder, where negative)."""
    power = float(np.mean(np.square(speech))), float(np.mean(np.square(other))) + 1e-12
    factor = (power[0] / power[1] / 10 ** (decibels / 10)) ** 0.5
    mixed = speech + np.float32(factor) * np.resize(other, len(speech))
    return (mixed / max(1.0, float(np.max(np.abs(mixed))))).astype(np.float32)


def make_noise(samples: int, random: np.random.Generator) -> Audio:
    """Pink noise: as much power in every octave, as rain or traffic."""
    spectrum = np.fft.rfft(random.normal(0, 1, samples))
    spectrum /= np.sqrt(np.maximum(1, np.arange(len(spectrum))))
    noise = np.fft.irfft(spectrum, samples)
    return (0.1 * noise / np.std(noise)).astype(np.float32)


def make_babble(voices: Sequence[Audio], samples: int) -> Audio:
    """Several people who talk at once."""
    return np.sum([np.resize(voice, samples) for voice in voices], axis=0).astype(np.float32)


def make_music(samples: int, random: np.random.Generator) -> Audio:
    """Chords with overtones, and a drum: four bars over and over."""
    time = np.arange(samples) / SAMPLE_RATE
    music = np.zeros(samples)
    chord = (time / _CHORD_SECONDS).astype(int) % len(_CHORDS)
    for number, tones in enumerate(_CHORDS):
        for tone in tones:
            for overtone in range(1, _OVERTONES + 1):
                wave = np.sin(2 * np.pi * tone * overtone * time) / overtone
                music += np.where(chord == number, wave, 0)
    music *= np.exp(-1.5 * (time % _CHORD_SECONDS))
    beat = np.exp(-40 * (time % _BEAT_SECONDS)) * random.normal(0, 2, samples)
    return (0.05 * (music + beat)).astype(np.float32)


def telephone(speech: Audio) -> Audio:
    """What a narrow line lets through."""
    band = butter(4, _TELEPHONE_HERTZ, "bandpass", fs=SAMPLE_RATE, output="sos")
    return np.asarray(sosfilt(band, speech), np.float32)


def hall(speech: Audio, random: np.random.Generator) -> Audio:
    """The same from the other end of a room: echoes that fade, louder than the voice itself."""
    length = int(_HALL_SECONDS * SAMPLE_RATE)
    fading = 10 ** (-3 * np.arange(length) / length)
    response = random.normal(0, 1, length) * fading
    response *= (1 - _DIRECT_SHARE) / np.sqrt(np.sum(np.square(response)))
    response[0] = _DIRECT_SHARE
    heard = np.asarray(fftconvolve(speech, response), np.float32)[: len(speech)]
    return (heard * np.std(speech) / (np.std(heard) + 1e-9)).astype(np.float32)
