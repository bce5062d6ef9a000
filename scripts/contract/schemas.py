"""Whether each value that one schema allows is allowed by another, and where it is not.

A request breaks when the older schema allows what the newer one refuses; an answer breaks when the
newer one allows what the older one had ruled out.  Both are the same question the other way round.
"""

from enum import Enum

from contract.document import ANNOTATIONS, Document, Json, read_reference, spell

_LOWER = ("exclusiveMinimum", "minimum", "minItems", "minLength", "minProperties")
_UPPER = ("exclusiveMaximum", "maximum", "maxItems", "maxLength", "maxProperties")
# A value that passes one of these passes a schema without it; any other keyword must stay as it is.
_ASSERTIONS = frozenset({"contentEncoding", "format", "multipleOf", "pattern", "uniqueItems"})
_COMPARED = frozenset(
    {
        *("$ref", "additionalProperties", "const", "enum", "items", "properties", "required"),
        *("type", *_LOWER, *_UPPER),
    }
)


class Direction(Enum):
    """Which way values of a schema travel, as a finding says it."""

    REQUESTS = "requests"
    ANSWERS = "answers"


class SchemaComparison:
    """Compares schemas of one direction; each pair of components once.

    Args:
        old: The document that clients were built for.
        new: The one that they will meet.
        direction: Which way the values travel.
    """

    def __init__(self, old: Document, new: Document, direction: Direction) -> None:
        self._direction = direction
        self._is_request = direction is Direction.REQUESTS
        # Every value of the given one must be a value of the bound.
        self._given, self._bound = (old, new) if self._is_request else (new, old)
        self._known: dict[tuple[str, str], list[str]] = {}

    def compare(self, where: str, old: Json, new: Json) -> list[str]:
        """What of a schema's change breaks clients, in findings of one line."""
        given, bound = (old, new) if self._is_request else (new, old)
        return self._compare(where, given, bound)

    def _compare(self, where: str, given: Json, bound: Json) -> list[str]:
        if "$ref" not in given or "$ref" not in bound:
            return self._compare_alternatives(self._place(where, given, bound), given, bound)
        pair = read_reference(given), read_reference(bound)
        if pair not in self._known:
            # A schema that holds itself is as good as the rest of it.
            self._known[pair] = []
            place = self._place(where, given, bound)
            self._known[pair] = self._compare_alternatives(place, given, bound)
        return self._known[pair]

    def _compare_alternatives(self, where: str, given: Json, bound: Json) -> list[str]:
        givens, bounds = self._given.take_apart(given), self._bound.take_apart(bound)
        if len(givens) == 1 and len(bounds) == 1:
            return self._compare_content(where, givens[0], bounds[0])
        findings: list[str] = []
        for each in givens:
            tried = [self._compare(where, each, other) for other in bounds]
            if all(tried):
                kind = _name_kind(self._given, each)
                nearest = [
                    found
                    for found, other in zip(tried, bounds, strict=True)
                    if _name_kind(self._bound, other) == kind
                ]
                findings += min(nearest, key=len) if nearest else [self._say_value(where, kind)]
        return findings

    def _place(self, where: str, given: Json, bound: Json) -> str:
        # The older name, which the released document has.
        old = given if self._is_request else bound
        return read_reference(old) if "$ref" in old else where

    def _compare_content(self, where: str, given: Json, bound: Json) -> list[str]:
        _, given = self._given.follow(given)
        _, bound = self._bound.follow(bound)
        wrong_type = self._compare_types(where, given, bound)
        if wrong_type:
            return wrong_type
        return [
            *self._compare_values(where, given, bound),
            *self._compare_bounds(where, given, bound),
            *self._compare_keywords(where, given, bound),
            *self._compare_members(where, given, bound),
            *self._compare_items(where, given, bound),
        ]

    def _compare_types(self, where: str, given: Json, bound: Json) -> list[str]:
        mine, theirs = _name_type(given), _name_type(bound)
        if theirs is None or mine == theirs or (mine, theirs) == ("integer", "number"):
            return []
        return [self._say_change(where, "type", mine or "anything", theirs)]

    def _compare_values(self, where: str, given: Json, bound: Json) -> list[str]:
        mine, theirs = _list_values(given), _list_values(bound)
        if theirs is None:
            return []
        if mine is None:
            listed = ", ".join(sorted(theirs))
            return [self._say_change(where, "values", "any", listed)]
        return [self._say_value(where, value) for value in sorted(mine - theirs)]

    def _compare_bounds(self, where: str, given: Json, bound: Json) -> list[str]:
        findings: list[str] = []
        for keyword, sign in [*((each, 1) for each in _LOWER), *((each, -1) for each in _UPPER)]:
            mine, theirs = given.get(keyword), bound.get(keyword)
            if theirs is not None and (mine is None or sign * mine < sign * theirs):
                findings.append(self._say_change(where, keyword, mine, theirs))
        return findings

    def _compare_keywords(self, where: str, given: Json, bound: Json) -> list[str]:
        keywords = sorted((given.keys() | bound.keys()) - _COMPARED - ANNOTATIONS)
        return [
            self._say_change(where, keyword, given.get(keyword), bound.get(keyword))
            for keyword in keywords
            if given.get(keyword) != bound.get(keyword)
            and (keyword in bound or keyword not in _ASSERTIONS)
        ]

    def _compare_members(self, where: str, given: Json, bound: Json) -> list[str]:
        mine, theirs = given.get("properties", {}), bound.get("properties", {})
        old, new = (mine, theirs) if self._is_request else (theirs, mine)
        findings = [self._say(f"{where}.{name}", "removed") for name in sorted(old.keys() - new)]
        missing = set(bound.get("required", [])) - set(given.get("required", []))
        demand = "is now required" if self._is_request else "may now be absent"
        present = missing if self._is_request else missing & new.keys()
        findings += [self._say(f"{where}.{name}", demand) for name in sorted(present)]
        for name in sorted(mine.keys() & theirs):
            findings += self._compare(f"{where}.{name}", mine[name], theirs[name])
        return findings + self._compare_others(where, given, bound)

    def _compare_others(self, where: str, given: Json, bound: Json) -> list[str]:
        mine = given.get("additionalProperties", True)
        theirs = bound.get("additionalProperties", True)
        if theirs is True or mine is False:
            return []
        if theirs is False:
            # A client passes over the members of an answer that it does not know.
            return [self._say(where, "unknown members refused")] if self._is_request else []
        return self._compare(f"{where}.*", {} if mine is True else mine, theirs)

    def _compare_items(self, where: str, given: Json, bound: Json) -> list[str]:
        if "items" not in bound:
            return []
        return self._compare(f"{where}[]", given.get("items", {}), bound["items"])

    def _say_value(self, where: str, value: str) -> str:
        return self._say(where, f"{value} {'refused' if self._is_request else 'added'}")

    def _say_change(self, where: str, keyword: str, given: object, bound: object) -> str:
        old, new = (given, bound) if self._is_request else (bound, given)
        return self._say(where, f"{keyword} {_spell_setting(old)} became {_spell_setting(new)}")

    def _say(self, where: str, what: str) -> str:
        return f"{where} in {self._direction.value}: {what}"


def _spell_setting(value: object) -> str:
    if value is None:
        return "unset"
    return value if isinstance(value, str) else spell(value)


def _name_kind(document: Document, schema: Json) -> str:
    name, content = document.follow(schema)
    return name or _name_type(content) or "anything"


def _name_type(schema: Json) -> str | None:
    return schema.get("type")


def _list_values(schema: Json) -> set[str] | None:
    if "const" in schema:
        return {spell(schema["const"])}
    return {spell(value) for value in schema["enum"]} if "enum" in schema else None
