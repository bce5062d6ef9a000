"""A multipart form read as it arrives: the file goes on at once, only short fields are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from transcriber.infra.errors import BadRequestError, InvalidError, UnsupportedError

MAX_FIELDS = 50
MAX_FIELD_BYTES = 64 * 1024
MAX_PART_HEADER_BYTES = 16 * 1024
MAX_BOUNDARY_BYTES = 70
"""RFC 2046, section 5.1.1."""


class FileSink(Protocol):
    """Where the bytes of the file part go."""

    def write(self, data: bytes) -> None:
        """Take the next bytes."""
        ...

    def end(self) -> None:
        """The part is complete."""
        ...


@dataclass(frozen=True, slots=True)
class FileHeader:
    """What the sender says about the file."""

    raw_filename: bytes
    content_type: str | None

    @property
    def filename(self) -> str:
        """The file's name.

        Raises:
            InvalidError: when it is not UTF-8.
        """
        return _decode(self.raw_filename, "The file's name")


def read_boundary(content_type: str | None, content_encoding: str | None) -> bytes:
    """The form's boundary from the request's headers.

    Raises:
        UnsupportedError: for a body that is compressed or no multipart form.
        BadRequestError: for a boundary that is missing or not one RFC 2046 allows.
    """
    if content_encoding and content_encoding.strip().lower() != "identity":
        raise UnsupportedError("Send the body without Content-Encoding.")
    kind, parameters = parse_options_header(content_type)
    if kind != b"multipart/form-data":
        raise UnsupportedError("Send the recording as multipart/form-data.")
    boundary = parameters.get(b"boundary", b"")
    if not 1 <= len(boundary) <= MAX_BOUNDARY_BYTES:
        raise BadRequestError(
            f"The multipart boundary must have 1 to {MAX_BOUNDARY_BYTES} characters, "
            f"not {len(boundary)}."
        )
    return boundary


class FormReader:
    """Parses a form incrementally: feed it the body, then `finish` it.

    Attributes:
        fields: Text fields by name, in UTF-8; none may come twice.

    Args:
        boundary: From `read_boundary`.
        file_field: The name of the file parts.
        open_file: Called when a file part begins; gives the sink of its bytes.
        max_files: How many file parts there may be.
    """

    def __init__(
        self,
        boundary: bytes,
        *,
        file_field: str,
        open_file: Callable[[FileHeader], FileSink],
        max_files: int = 1,
    ) -> None:
        self.fields: dict[str, str] = {}
        self._file_field = file_field
        self._open_file = open_file
        self._sink: FileSink | None = None
        self._max_files = max_files
        self._file_count = 0
        self._is_complete = False
        self._part_count = 0
        self._header_bytes = 0
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._headers: dict[str, bytes] = {}
        self._field_name: str | None = None
        self._field_value = bytearray()
        callbacks: Any = {
            "on_part_begin": self._begin_part,
            "on_part_data": self._take_data,
            "on_part_end": self._end_part,
            "on_header_field": self._take_header_name,
            "on_header_value": self._take_header_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_end": self._end_form,
        }
        self._parser = MultipartParser(boundary, callbacks, max_header_size=MAX_PART_HEADER_BYTES)

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the body.

        Raises:
            BadRequestError: when the form is malformed or has too many or too large parts.
            InvalidError: when a field is not UTF-8 or comes twice.
        """
        try:
            self._parser.write(data)
        except FormParserError as error:
            raise BadRequestError("The multipart form is malformed.") from error

    def finish(self) -> None:
        """End the body.

        Raises:
            BadRequestError: when it ended before the form's last boundary.
            InvalidError: when it had no file part.
        """
        if not self._is_complete:
            raise BadRequestError("The body ended before the form's last boundary.")
        if not self._file_count:
            raise InvalidError(f"The form has no file part named {self._file_field!r}.")

    def _begin_part(self) -> None:
        self._part_count += 1
        limit = MAX_FIELDS + self._max_files - 1
        if self._part_count > limit:
            raise BadRequestError(f"A form may have at most {limit} fields.")
        self._headers = {}
        self._header_bytes = 0
        self._field_name = None
        self._field_value.clear()
        self._sink = None

    def _take_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += self._bound_header(data[start:end])

    def _take_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += self._bound_header(data[start:end])

    def _bound_header(self, piece: bytes) -> bytes:
        self._header_bytes += len(piece)
        if self._header_bytes > MAX_PART_HEADER_BYTES:
            raise BadRequestError("A part's header is too long.")
        return piece

    def _end_header(self) -> None:
        name = self._header_name.decode("latin-1").lower()
        self._headers[name] = bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()

    def _end_headers(self) -> None:
        kind, parameters = parse_options_header(self._headers.get("content-disposition", b""))
        if kind != b"form-data" or b"name" not in parameters:
            raise BadRequestError("A part of the form has no name.")
        name = _decode(parameters[b"name"], "A field's name")
        if name != self._file_field:
            if b"filename" in parameters:
                raise InvalidError(f"The form has an unexpected file part {name[:80]!r}.")
            self._field_name = name
            return
        if self._file_count >= self._max_files:
            limit = "one file part" if self._max_files == 1 else f"{self._max_files} file parts"
            raise InvalidError(f"The form has more than {limit} {name!r}.")
        self._file_count += 1
        content_type = self._headers.get("content-type")
        header = FileHeader(
            raw_filename=parameters.get(b"filename", b""),
            content_type=content_type.decode("latin-1") if content_type else None,
        )
        self._sink = self._open_file(header)

    def _take_data(self, data: bytes, start: int, end: int) -> None:
        if self._sink is not None:
            self._sink.write(data[start:end])
            return
        if len(self._field_value) + end - start > MAX_FIELD_BYTES:
            raise BadRequestError(
                f"The form field {self._field_name!r} is longer than {MAX_FIELD_BYTES} bytes."
            )
        self._field_value += data[start:end]

    def _end_part(self) -> None:
        if self._sink is not None:
            self._sink.end()
        if self._field_name is None:
            return
        if self._field_name in self.fields:
            raise InvalidError(f"The form field {self._field_name[:80]!r} comes twice.")
        value = _decode(bytes(self._field_value), f"The form field {self._field_name[:80]!r}")
        self.fields[self._field_name] = value

    def _end_form(self) -> None:
        self._is_complete = True


def _decode(raw: bytes, what: str) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidError(f"{what} is not valid UTF-8.") from error
