from fake_decoder import FakeDecoder, write
from transcriber.engine.decoding.decoder import Attempt, GenerateSettings
from transcriber.engine.decoding.fallback import generate_with_fallback
from transcriber.engine.options import TranscribeOptions

OPTIONS = TranscribeOptions(language="en", temperature=(0.0, 0.2, 0.4))


def test_a_good_first_attempt_is_the_only_one() -> None:
    decoder = FakeDecoder(lambda settings, window: write("Good."))
    assert generate_with_fallback(decoder, 0, [], OPTIONS).text == "Good."
    assert len(decoder.calls) == 1
    assert decoder.reseeds == 0


def test_sampling_is_seeded_once_and_before_it_begins() -> None:
    seeds_at_call: list[int] = []

    def script(settings: GenerateSettings, window: int) -> Attempt:
        seeds_at_call.append(decoder.reseeds)
        return write(avg_logprob=-1.5, temperature=settings.temperature)

    decoder = FakeDecoder(script)
    generate_with_fallback(decoder, 0, [], OPTIONS)
    assert seeds_at_call == [0, 1, 1]


def test_the_first_temperature_that_passes_is_used() -> None:
    decoder = FakeDecoder(
        lambda settings, window: write(
            avg_logprob=-1.5 if settings.temperature < 0.2 else -0.5,
            temperature=settings.temperature,
        )
    )
    assert generate_with_fallback(decoder, 0, [], OPTIONS).temperature == 0.2


def test_silence_needs_no_further_attempt() -> None:
    decoder = FakeDecoder(lambda settings, window: write(avg_logprob=-1.5, no_speech_prob=0.9))
    assert generate_with_fallback(decoder, 0, [], OPTIONS).no_speech_prob == 0.9
    assert len(decoder.calls) == 1


def test_where_all_fail_the_likeliest_without_repetition_is_used() -> None:
    ratios = {0.0: 5.0, 0.2: 1.0, 0.4: 1.0}
    logprobs = {0.0: -0.1, 0.2: -2.0, 0.4: -1.2}
    decoder = FakeDecoder(
        lambda settings, window: write(
            avg_logprob=logprobs[settings.temperature],
            compression_ratio=ratios[settings.temperature],
            temperature=settings.temperature,
        )
    )
    assert generate_with_fallback(decoder, 0, [], OPTIONS).temperature == 0.4
