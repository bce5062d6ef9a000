"""How a recording is to be transcribed: one frozen value, decided once, stored with the job."""

from dataclasses import dataclass
from typing import Literal

from transcriber.engine.errors import OptionsError

Task = Literal["transcribe", "translate"]

MAX_PROMPT_CHARACTERS = 2_000
MAX_SPEAKERS = 20

Speakers = Literal["auto"] | int
"""How many people speak: `auto` to find out, or their number, 1 to `MAX_SPEAKERS`."""

Device = Literal["auto", "cpu", "cuda"]
ComputeType = Literal[
    "auto",
    "default",
    "int8",
    "int8_float32",
    "int8_float16",
    "int8_bfloat16",
    "int16",
    "float16",
    "bfloat16",
    "float32",
]
"""CTranslate2's, and `auto` for the fastest."""

MAX_THREADS = 1_024
"""More than any machine has cores; CTranslate2 ends the process when it cannot start them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscribeOptions:
    """The complete request, with the reference implementation's defaults.

    Attributes:
        language: Whisper language code (`en`), or None to detect it from the first speech.
        language_may_change: Decode passages in the language they are heard to be in, where that is
            another than `language`; set where `language` was detected.  Not where windows are
            decoded one after the other.
        task: `transcribe` keeps the language, `translate` writes English.
        beam_size: Beams at temperature 0; 1 is greedy. What was written with fewer than five and is
            doubtful is written again with five.
        best_of: Samples drawn at each temperature above 0.
        patience: Beam search patience factor (arXiv:2204.05424); 1 is the ordinary beam search.
        temperature: Tried in order until a window passes the thresholds below.
        compression_ratio_threshold: Above it (zlib ratio of the text) a window is a repetition.
        avg_logprob_threshold: Below it a window is low in confidence.
        no_speech_threshold: Above it, with low confidence, a window is silence.
        condition_on_previous_text: Feed each window the text before it.  They are then decoded one
            after the other, as they are without `vad_filter`; else in batches.
        initial_prompt: Text to set style and vocabulary, at most 2,000 characters.
        hotwords: Words and names to favour, at most 2,000 characters.
        word_timestamps: Time each word.
        vad_filter: Skip what the speech detector calls silence.
        speakers: Tell apart who speaks, which times each word too; None for not at all.
    """

    language: str | None = None
    language_may_change: bool = False
    task: Task = "transcribe"
    beam_size: int = 1
    best_of: int = 5
    patience: float = 1.0
    temperature: tuple[float, ...] = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    compression_ratio_threshold: float = 2.4
    avg_logprob_threshold: float = -1.0
    no_speech_threshold: float = 0.6
    condition_on_previous_text: bool = False
    initial_prompt: str | None = None
    hotwords: str | None = None
    word_timestamps: bool = False
    vad_filter: bool = True
    speakers: Speakers | None = None

    @property
    def times_words(self) -> bool:
        """Whether words are timed: they were asked for, or are to be given to their speakers."""
        return self.word_timestamps or self.speakers is not None

    def __post_init__(self) -> None:
        """Refuse what no checkpoint could honour.

        Raises:
            OptionsError: naming the option and its value.
        """
        if self.task not in {"transcribe", "translate"}:
            raise OptionsError(f"task must be transcribe or translate, not {self.task!r}.")
        _check_range("beam_size", self.beam_size, 1, 10)
        _check_range("best_of", self.best_of, 1, 10)
        _check_range("patience", self.patience, 0.1, 10)
        if not self.temperature:
            raise OptionsError("temperature needs at least one value.")
        for value in self.temperature:
            _check_range("temperature", value, 0, 1)
        if self.speakers not in {None, "auto"}:
            _check_speakers(self.speakers)
        for name, text in (("initial_prompt", self.initial_prompt), ("hotwords", self.hotwords)):
            if text is not None and len(text) > MAX_PROMPT_CHARACTERS:
                raise OptionsError(
                    f"{name} has {len(text)} characters; the limit is {MAX_PROMPT_CHARACTERS}."
                )


def _check_speakers(value: object) -> None:
    # True is an int to Python, and says nothing of a number of people.
    if isinstance(value, bool) or not isinstance(value, int):
        raise OptionsError(f"speakers must be auto or a number, not {value!r}.")
    _check_range("speakers", value, 1, MAX_SPEAKERS)


def _check_range(name: str, value: float, low: float, high: float) -> None:
    # The comparison is written so that NaN fails it.
    if not low <= value <= high:
        raise OptionsError(f"{name} must be between {low} and {high}, not {value}.")
