"""An OpenAPI document as the comparison reads it: operations, references, unions taken apart."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

_PREFIX = "#/components/schemas/"
_METHODS = frozenset({"delete", "get", "head", "options", "patch", "post", "put", "trace"})
# What says something to people or generators, and forbids no value.
ANNOTATIONS = frozenset(
    {
        *("$comment", "default", "deprecated", "description", "discriminator", "example"),
        *("examples", "readOnly", "title", "writeOnly"),
    }
)


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    content: Json

    @property
    def name(self) -> str:
        """The operation id, which generated clients call it by."""
        return str(self.content.get("operationId", f"{self.method.upper()} {self.path}"))


class Document:
    """A parsed OpenAPI document, version 3.1."""

    def __init__(self, content: Json) -> None:
        self.content = content

    def list_operations(self) -> Iterator[Operation]:
        """Every operation, in the document's order."""
        for path, item in self.content.get("paths", {}).items():
            for method in sorted(_METHODS & item.keys()):
                yield Operation(method, path, item[method])

    def find_scheme(self, name: str) -> Json | None:
        """How a security scheme proves who somebody is."""
        schemes = self.content.get("components", {}).get("securitySchemes", {})
        return schemes.get(name)

    def follow(self, schema: Json) -> tuple[str | None, Json]:
        """The component that a schema refers to, with its name; the schema itself without one."""
        name = None
        while "$ref" in schema:
            name = read_reference(schema)
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            schema = self.content["components"]["schemas"][name] | beside
        return name, schema

    def take_apart(self, schema: Json) -> list[Json]:
        """The alternatives of a union; a schema that is no union is its only one."""
        _, content = self.follow(schema)
        for keyword in ("anyOf", "oneOf"):
            if keyword in content:
                beside = _without(content, ANNOTATIONS | {keyword})
                return [
                    alternative
                    for branch in content[keyword]
                    for alternative in self.take_apart(branch | beside)
                ]
        if isinstance(content.get("type"), list):
            return [content | {"type": each} for each in content["type"]]
        return [schema]


def read_reference(schema: Json) -> str:
    """The name of the component that a schema refers to."""
    reference: str = schema["$ref"]
    if not reference.startswith(_PREFIX):
        raise ValueError(f"{reference} is no reference to a schema of this document.")
    return reference.removeprefix(_PREFIX)


def spell(value: object) -> str:
    """A value as JSON, the same on every run."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _without(schema: Json, keys: frozenset[str]) -> Json:
    return {key: value for key, value in schema.items() if key not in keys}
