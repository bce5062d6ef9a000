from fake_decoder import FakeDecoder, write
from transcriber.engine.decoding.decoder import Attempt
from transcriber.engine.decoding.judgement import decide, diagnose
from transcriber.engine.options import TranscribeOptions

OPTIONS = TranscribeOptions(language="en", hotwords="Elinor")
LOOP = write("go on " * 9, compression_ratio=5.0)


def retry_gives(attempt: Attempt) -> FakeDecoder:
    return FakeDecoder(lambda settings, window: attempt)


def test_each_fault_has_its_name() -> None:
    assert diagnose(write(), OPTIONS) is None
    assert diagnose(write(avg_logprob=-1.2, no_speech_prob=0.7), OPTIONS) == "silence"
    assert diagnose(write(compression_ratio=2.5), OPTIONS) == "repetition"
    assert diagnose(write("no " * 12), OPTIONS) == "repetition"
    assert diagnose(write(avg_logprob=-1.2), OPTIONS) == "low_confidence"


def test_good_text_and_silence_are_not_decoded_again() -> None:
    decoder = retry_gives(write())
    assert decide(decoder, 0, write(), OPTIONS)[1] is None
    assert decide(decoder, 0, write(avg_logprob=-2, no_speech_prob=0.9), OPTIONS)[1] == "silence"
    assert decoder.calls == []


def test_the_retry_has_neither_prompt_nor_hotwords_and_forbids_repeats() -> None:
    decoder = retry_gives(write("Better."))
    attempt, reason = decide(decoder, 0, LOOP, OPTIONS)
    (_, previous_tokens, hotwords, settings) = decoder.calls[0]
    assert (attempt.text, reason) == ("Better.", None)
    assert (previous_tokens, hotwords, settings.temperature) == ([], None, 0.0)
    assert settings.no_repeat_ngram_size > 0


def test_a_loop_that_survives_is_left_to_the_passages() -> None:
    attempt, reason = decide(retry_gives(LOOP), 0, LOOP, OPTIONS)
    assert (attempt, reason) == (LOOP, None)


def test_an_unsure_retry_is_better_than_a_loop() -> None:
    unsure = write("Perhaps.", avg_logprob=-1.3)
    assert decide(retry_gives(unsure), 0, LOOP, OPTIONS) == (unsure, None)
    assert decide(retry_gives(LOOP), 0, unsure, OPTIONS) == (unsure, None)


def test_of_two_unsure_texts_the_likelier_is_kept() -> None:
    better = write("Likelier.", avg_logprob=-1.1)
    worse = write("Less likely.", avg_logprob=-1.4)
    assert decide(retry_gives(worse), 0, better, OPTIONS) == (better, None)


def test_text_far_below_the_threshold_is_refused() -> None:
    hopeless = write("Mumble.", avg_logprob=-1.8)
    assert decide(retry_gives(hopeless), 0, hopeless, OPTIONS) == (hopeless, "low_confidence")


def test_a_retry_may_find_silence() -> None:
    silent = write("you", avg_logprob=-1.1, no_speech_prob=0.8)
    doubtful = write("you you", avg_logprob=-1.4)
    assert decide(retry_gives(silent), 0, doubtful, OPTIONS) == (silent, "silence")
