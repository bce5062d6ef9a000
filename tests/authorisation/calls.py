"""A request of the matrix before it is known whose objects it names, and its answer."""

import json
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import httpx

from authorisation.objects import Kind

HEARTBEAT = ":"
STREAM_TYPE = "text/event-stream"
ARCHIVE_TYPE = "application/zip"
# What differs between any two answers, and says nothing of what was asked for.
UNSTEADY_HEADERS = frozenset({"date", "x-request-id", "content-length"})
UNSTEADY_FIELDS = ("instance", "request_id")


@dataclass(frozen=True)
class Of:
    """The id of an object of that kind, within `form`."""

    kind: Kind
    form: str = "{}"


@dataclass(frozen=True, kw_only=True)
class Call:
    """The parts of a request beside method and path; an `Of` may stand wherever an id may."""

    path: Mapping[str, Any] = field(default_factory=dict[str, Any])
    query: Mapping[str, Any] = field(default_factory=dict[str, Any])
    headers: Mapping[str, Any] = field(default_factory=dict[str, Any])
    json: Any = None
    content: bytes | None = None
    data: Any = None
    files: Any = None

    def list_kinds(self) -> set[Kind]:
        """Kinds of what it names."""
        found: set[Kind] = set()

        def note(kind: Kind) -> str:
            found.add(kind)
            return ""

        for part in (self.path, self.query, self.headers, self.json, self.files):
            fill(part, note)
        return found


@dataclass(frozen=True)
class Operation:
    """One row of the OpenAPI document."""

    name: str
    method: str
    path: str


@dataclass(frozen=True)
class Answer:
    """What came back; of an event stream its beginning."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300

    def names(self, ids: AbstractSet[str]) -> set[str]:
        """Those of the ids that are anywhere in the answer."""
        everything = self.text + "\n".join(self.headers.values())
        return {each for each in ids if each in everything}

    def strip(self, ids: AbstractSet[str] = frozenset()) -> tuple[int, dict[str, str], str]:
        """The answer without the ids that were asked for, and without what is never the same."""
        kept = {k: v for k, v in self.headers.items() if k not in UNSTEADY_HEADERS}
        text = self.text
        # An answer to HEAD has the type and no text.
        if text and kept.get("content-type", "").startswith("application/problem+json"):
            problem: dict[str, Any] = json.loads(text)
            text = repr({k: v for k, v in problem.items() if k not in UNSTEADY_FIELDS})
        for each in ids:
            text = text.replace(each, "<id>")
            kept = {key: value.replace(each, "<id>") for key, value in kept.items()}
        return self.status, kept, text


def fill(value: Any, find: Callable[[Kind], str]) -> Any:
    """The value with an id in the place of each `Of`."""
    match value:
        case Of():
            return value.form.format(find(value.kind))
        case Mapping():
            return {key: fill(each, find) for key, each in value.items()}
        case list() | tuple():
            return type(value)(fill(each, find) for each in value)
        case _:
            return value


def send(
    client: httpx.Client,
    operation: Operation,
    call: Call,
    find: Callable[[Kind], str],
    sender: Mapping[str, str],
) -> Answer:
    """Send it with the `sender`'s headers."""
    request = client.build_request(
        operation.method,
        operation.path.format(**fill(call.path, find)),
        params=fill(call.query, find),
        headers={**fill(call.headers, find), **sender},
        json=fill(call.json, find),
        content=call.content,
        data=call.data,
        files=fill(call.files, find),
    )
    response = client.send(request, stream=True)
    try:
        is_stream = response.headers.get("content-type", "").startswith(STREAM_TYPE)
        text = _read_beginning(response) if is_stream else _read_all(response)
    finally:
        response.close()
    return Answer(response.status_code, response.headers, text)


def _read_all(response: httpx.Response) -> str:
    content = response.read()
    if response.headers.get("content-type", "") != ARCHIVE_TYPE:
        return content.decode(errors="replace")
    with ZipFile(BytesIO(content)) as archive:
        return "\n".join(f"{name}\n{archive.read(name).decode()}" for name in archive.namelist())


def _read_beginning(response: httpx.Response) -> str:
    """Up to the silence behind the first event, the snapshot; a stream may have no end."""
    lines: list[str] = []
    has_begun = False
    for line in response.iter_lines():
        # The place in everybody's log rises with whatever happens to anybody.
        if not line.startswith("id:"):
            lines.append(line)
        has_begun = has_begun or line.startswith("data:")
        if has_begun and line.startswith(HEARTBEAT):
            break
    return "\n".join(lines)
