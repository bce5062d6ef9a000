import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcriber.infra.errors import BadRequestError, InvalidError, UnsupportedError
from transcriber.infra.multipart import FileHeader, FormReader, read_boundary

BOUNDARY = b"edge"


class Sink:
    def __init__(self) -> None:
        self.data = b""
        self.ends = 0

    def write(self, data: bytes) -> None:
        self.data += data

    def end(self) -> None:
        self.ends += 1


def build_reader(sink: Sink, headers: list[FileHeader]) -> FormReader:
    def open_file(header: FileHeader) -> Sink:
        headers.append(header)
        return sink

    return FormReader(BOUNDARY, file_field="file", open_file=open_file)


def read_whole(body: bytes) -> None:
    reader = build_reader(Sink(), [])
    reader.feed(body)
    reader.finish()


def build_body(data: bytes) -> bytes:
    return (
        b'--edge\r\nContent-Disposition: form-data; name="language"\r\n\r\nen\r\n'
        b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a \\"b\\".mp3"\r\n'
        b"Content-Type: audio/mpeg\r\n\r\n" + data + b"\r\n"
        b'--edge\r\nContent-Disposition: form-data; name="task"\r\n\r\ntranscribe\r\n--edge--\r\n'
    )


@given(data=st.binary(max_size=300), size=st.integers(1, 64))
def test_the_size_of_the_pieces_makes_no_difference(data: bytes, size: int) -> None:
    sink, headers = Sink(), list[FileHeader]()
    reader = build_reader(sink, headers)
    body = build_body(data.replace(b"--edge", b""))
    for start in range(0, len(body), size):
        reader.feed(body[start : start + size])
    reader.finish()
    assert (sink.data, sink.ends) == (data.replace(b"--edge", b""), 1)
    assert reader.fields == {"language": "en", "task": "transcribe"}
    assert headers == [FileHeader(b'a "b".mp3', "audio/mpeg")]


@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with pytest.raises((BadRequestError, InvalidError)):
        read_whole(b"--edge\r\n" + body)


@pytest.mark.parametrize(
    ("content_type", "encoding", "error"),
    [
        ("multipart/form-data; boundary=x", "gzip", UnsupportedError),
        ("application/json", None, UnsupportedError),
        (None, None, UnsupportedError),
        ("multipart/form-data", None, BadRequestError),
        ("multipart/form-data; boundary=" + "x" * 71, None, BadRequestError),
    ],
)
def test_bad_headers_have_no_boundary(
    content_type: str | None, encoding: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        read_boundary(content_type, encoding)


def test_the_boundary_is_read_quoted_or_plain() -> None:
    assert read_boundary('multipart/form-data; boundary="a b"', None) == b"a b"
    assert read_boundary("multipart/form-data; boundary=ab", "identity") == b"ab"


def test_several_files_come_one_after_the_other_up_to_the_limit() -> None:
    sinks = [Sink(), Sink()]
    reader = FormReader(
        BOUNDARY, file_field="file", open_file=lambda _: sinks[opened.pop(0)], max_files=2
    )
    opened = [0, 1]
    file = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n%d\r\n'
    reader.feed(file % 1 + file % 2)
    with pytest.raises(InvalidError, match="more than 2 file parts"):
        reader.feed(file % 3)
    assert [(sink.data, sink.ends) for sink in sinks] == [(b"1", 1), (b"2", 1)]


def test_a_part_without_a_name_is_refused() -> None:
    reader = build_reader(Sink(), [])
    with pytest.raises(BadRequestError, match="no name"):
        reader.feed(b"--edge\r\nContent-Disposition: form-data\r\n\r\nx\r\n--edge--\r\n")
