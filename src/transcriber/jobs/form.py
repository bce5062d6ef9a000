"""The text fields of a submission: what may be asked for, and how it becomes options."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from fastapi.exceptions import RequestValidationError
from pydantic import (
    AfterValidator,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from transcriber.engine.errors import OptionsError
from transcriber.engine.options import MAX_PROMPT_CHARACTERS, MAX_SPEAKERS, TranscribeOptions
from transcriber.infra.errors import InvalidError
from transcriber.infra.schemas import RequestModel
from transcriber.jobs.staged import check_language


def _refuse_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("The text must not hold a NUL character.")
    return text


def _read_speakers(value: object, read: ValidatorFunctionWrapHandler) -> object:
    refusal = f"speakers must be auto or a number from 1 to {MAX_SPEAKERS}."
    if isinstance(value, bool):
        # It would be taken for 1, and whoever writes `true` does not mean one person.
        raise ValueError(refusal)  # noqa: TRY004 -- pydantic makes an answer of this kind only.
    # The two alternatives would each have an error of their own.
    try:
        return read(value)
    except ValidationError as error:
        raise ValueError(refusal) from error


SpeakersChoice = Annotated[
    Literal["auto"] | Annotated[int, Field(ge=1, le=MAX_SPEAKERS)], WrapValidator(_read_speakers)
]
Form = TypeVar("Form", bound=RequestModel)
Text = Annotated[str, AfterValidator(_refuse_nul)]
Prompt = Annotated[Text, Field(max_length=MAX_PROMPT_CHARACTERS)]
_BINARY = {"type": "string", "format": "binary"}
DEFAULTS = TranscribeOptions()
MAX_NAME_LENGTH = 5_000


class JobChoices(RequestModel):
    """How a recording shall be transcribed."""

    model: Text | None = Field(
        default=None, max_length=100, description="A staged model; the service's default without."
    )
    language: Text | None = Field(
        default=None, max_length=20, description="Whisper code such as `en`; detected without."
    )
    task: Literal["transcribe", "translate"] = DEFAULTS.task
    beam_size: int = Field(default=DEFAULTS.beam_size, ge=1, le=10)
    best_of: int = Field(default=DEFAULTS.best_of, ge=1, le=10)
    patience: float = Field(default=DEFAULTS.patience, ge=0.1, le=10)
    initial_prompt: Prompt | None = None
    hotwords: Prompt | None = None
    condition_on_previous_text: bool = DEFAULTS.condition_on_previous_text
    word_timestamps: bool = DEFAULTS.word_timestamps
    vad_filter: bool = DEFAULTS.vad_filter
    speakers: SpeakersChoice | None = Field(
        default=None,
        description="Tell apart who speaks: `auto` to find out how many people do, or how many do. "
        "Words are timed then too.  Not told apart without.",
    )
    reuse: bool = Field(
        default=False,
        description="Where an own job has transcribed the same bytes with the same model and "
        "options, answer with that job instead of running it a second time.",
    )

    def build_options(self) -> TranscribeOptions:
        """The engine's options.

        Raises:
            InvalidError: `unknown_language`, or a value the engine cannot honour.
        """
        values: dict[str, Any] = self.model_dump(exclude={"name", "model", "language", "reuse"})
        try:
            return TranscribeOptions(language=check_language(self.language), **values)
        except OptionsError as error:
            raise InvalidError(str(error), code=error.code) from error


class JobForm(JobChoices):
    """Everything a submission may say beside its file; an empty field counts as not sent."""

    name: Text | None = Field(
        default=None,
        max_length=MAX_NAME_LENGTH,
        description="Shown instead of the file's own name.",
    )


def read_form(fields: Mapping[str, str]) -> JobForm:
    """Check the text fields of a form with one recording.

    Raises:
        RequestValidationError: as FastAPI's own, so the answer has the same shape.
    """
    return _read(fields, JobForm)


def read_choices(fields: Mapping[str, str]) -> JobChoices:
    """Check the text fields of a form with several recordings; raises as `read_form` does."""
    return _read(fields, JobChoices)


def _read(fields: Mapping[str, str], shape: type[Form]) -> Form:
    given = {name: value for name, value in fields.items() if value != ""}
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        details = [
            {**detail, "loc": ("body", *detail["loc"])}
            for detail in error.errors(include_url=False, include_context=False)
        ]
        raise RequestValidationError(details) from error


def describe_body() -> dict[str, Any]:
    """The multipart body for the OpenAPI document: it is read by hand, and still declared."""
    file = {
        **_BINARY,
        "title": "File",
        "description": "The recording: any audio or video file; options may come before or after.",
    }
    return _describe_form(JobForm, "BodyCreateJob", file)


def describe_batch_body(max_files: int) -> dict[str, Any]:
    """The same for several recordings."""
    files = {
        "type": "array",
        "items": _BINARY,
        "minItems": 1,
        "maxItems": max_files,
        "title": "Files",
        "description": "The recordings, one part named `file` each; the options hold for all.",
    }
    return _describe_form(JobChoices, "BodyCreateJobs", files)


def _describe_form(shape: type[RequestModel], title: str, file: dict[str, Any]) -> dict[str, Any]:
    schema = shape.model_json_schema()
    schema["title"] = title
    schema["description"] = shape.__doc__
    schema["properties"] = {"file": file, **schema["properties"]}
    schema["required"] = ["file"]
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}
