import pytest
from fastapi.exceptions import RequestValidationError

from transcriber.engine.options import TranscribeOptions
from transcriber.infra.errors import InvalidError
from transcriber.jobs.form import JobChoices, describe_body, read_form
from transcriber.jobs.options import read_options, write_options


def test_an_empty_form_gives_the_engines_defaults() -> None:
    assert read_form({}).build_options() == TranscribeOptions()
    assert read_form({"language": "", "hotwords": ""}).build_options() == TranscribeOptions()


def test_text_becomes_typed_options() -> None:
    options = read_form(
        {
            "language": "de",
            "task": "translate",
            "beam_size": "1",
            "patience": "2.0",
            "word_timestamps": "true",
            "vad_filter": "false",
            "initial_prompt": "Grüße",
        }
    ).build_options()
    assert options == TranscribeOptions(
        language="de",
        task="translate",
        beam_size=1,
        patience=2.0,
        word_timestamps=True,
        vad_filter=False,
        initial_prompt="Grüße",
    )


def test_auto_asks_for_detection() -> None:
    assert read_form({"language": "auto"}).build_options().language is None


@pytest.mark.parametrize(
    "fields",
    [
        {"is_admin": "true"},
        {"user_id": "root"},
        {"beam_size": "0"},
        {"beam_size": str(2**63)},
        {"patience": "Infinity"},
        {"word_timestamps": "perhaps"},
        {"task": "summarise"},
        {"initial_prompt": "x" * 2001},
        {"name": "a\x00b"},
        {"speakers": "many"},
        {"speakers": "0"},
        {"speakers": "21"},
        {"speakers": "2.5"},
    ],
)
def test_what_cannot_be_honoured_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(RequestValidationError) as caught:
        read_form(fields)
    assert caught.value.errors()[0]["loc"] == ("body", next(iter(fields)))


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(InvalidError, match="'tlh'"):
        read_form({"language": "tlh"}).build_options()


def test_stored_options_are_read_back_equal() -> None:
    options = TranscribeOptions(language="en", temperature=(0.0, 0.5), hotwords="Zürich")
    assert read_options(write_options(options)) == options


def test_the_form_is_declared_with_its_file_and_every_field() -> None:
    content = describe_body()["content"]["multipart/form-data"]
    properties = content["schema"]["properties"]
    assert properties["file"]["format"] == "binary"
    assert {"model", "language", "task", "beam_size", "word_timestamps"} <= set(properties)
    assert content["schema"]["required"] == ["file"]


@pytest.mark.parametrize(("sent", "meant"), [("auto", "auto"), ("1", 1), ("20", 20), ("", None)])
def test_speakers_are_found_out_or_counted(sent: str, meant: object) -> None:
    options = read_form({"speakers": sent}).build_options()
    assert options.speakers == meant
    assert options.times_words is (meant is not None)
    assert read_options(write_options(options)) == options


def test_options_without_speakers_are_stored_as_versions_before_read_them() -> None:
    assert "speakers" not in write_options(TranscribeOptions())


@pytest.mark.parametrize("value", [True, False, [], 0, 21, 1.5])
def test_what_names_no_number_of_speakers_is_refused_in_json_too(value: object) -> None:
    with pytest.raises(ValueError, match="speakers must be auto or a number from 1 to 20"):
        JobChoices.model_validate({"speakers": value})
