"""What breaks clients between two documents, operation by operation."""

from contract.document import Document, Json, Operation
from contract.schemas import Direction, SchemaComparison


def compare_documents(old: Document, new: Document) -> list[str]:
    """List what breaks a client of the older document, each once, in alphabetical order.

    Args:
        old: The document of the last release.
        new: The document of today.

    Returns:
        Findings of one line.  Each names an operation, a component or a member of one, the
        direction and what happened, in the same words while the two documents differ in this.
    """
    comparison = _DocumentComparison(old, new)
    return sorted({finding for each in old.list_operations() for finding in comparison.find(each)})


class _DocumentComparison:
    def __init__(self, old: Document, new: Document) -> None:
        self._old, self._new = old, new
        self._operations = {(each.method, each.path): each for each in new.list_operations()}
        self._requests = SchemaComparison(old, new, Direction.REQUESTS)
        self._answers = SchemaComparison(old, new, Direction.ANSWERS)

    def find(self, old: Operation) -> list[str]:
        """What breaks clients of one operation."""
        new = self._operations.get((old.method, old.path))
        if new is None:
            return [f"{old.name}: {old.method.upper()} {old.path} removed"]
        renamed = [f"{old.name}: operation id became {new.name}"] if new.name != old.name else []
        return [
            *renamed,
            *self._compare_parameters(old.name, old.content, new.content),
            *self._compare_bodies(old.name, old.content, new.content),
            *self._compare_answers(old.name, old.content, new.content),
            *self._compare_security(old.name, old.content, new.content),
        ]

    def _compare_parameters(self, name: str, old: Json, new: Json) -> list[str]:
        mine, theirs = _list_parameters(old), _list_parameters(new)
        findings = [f"{name} {place}: removed" for place in sorted(mine.keys() - theirs)]
        for place, parameter in sorted(theirs.items()):
            before = mine.get(place)
            if parameter.get("required") and not (before and before.get("required")):
                findings.append(f"{name} {place}: is now required")
            if before:
                findings += self._requests.compare(
                    f"{name} {place}", before.get("schema", {}), parameter.get("schema", {})
                )
        return findings

    def _compare_bodies(self, name: str, old: Json, new: Json) -> list[str]:
        mine: Json = old.get("requestBody", {})
        theirs: Json = new.get("requestBody", {})
        if mine and not theirs:
            return [f"{name}: request body removed"]
        findings: list[str] = []
        if theirs.get("required") and not mine.get("required"):
            findings.append(f"{name}: request body is now required")
        types: Json = theirs.get("content", {})
        for media_type, content in sorted(mine.get("content", {}).items()):
            if media_type not in types:
                findings.append(f"{name}: requests of {media_type} refused")
                continue
            findings += self._requests.compare(
                f"{name} {media_type}",
                content.get("schema", {}),
                types[media_type].get("schema", {}),
            )
        return findings

    def _compare_answers(self, name: str, old: Json, new: Json) -> list[str]:
        findings: list[str] = []
        theirs: Json = new.get("responses", {})
        for status, answer in sorted(old.get("responses", {}).items()):
            if status in theirs:
                findings += self._compare_answer(f"{name} {status}", answer, theirs[status])
            elif not status.startswith(("4", "5")):
                # A client has to expect refusals of any kind, and may see fewer.
                findings.append(f"{name} {status}: removed")
        return findings

    def _compare_answer(self, name: str, old: Json, new: Json) -> list[str]:
        findings: list[str] = []
        types: Json = new.get("content", {})
        for media_type, content in sorted(old.get("content", {}).items()):
            if media_type not in types:
                findings.append(f"{name}: no longer {media_type}")
                continue
            findings += self._answers.compare(
                f"{name} {media_type}",
                content.get("schema", {}),
                types[media_type].get("schema", {}),
            )
        headers: Json = new.get("headers", {})
        return findings + [
            f"{name}: header {header} removed"
            for header in sorted(old.get("headers", {}).keys() - headers)
        ]

    def _compare_security(self, name: str, old: Json, new: Json) -> list[str]:
        mine, theirs = _list_ways_in(old, self._old), _list_ways_in(new, self._new)
        findings = [
            f"{name}: no longer open by {way}"
            for way, needs in sorted(mine.items())
            if not any(_is_within(others, needs) for others in theirs.values())
        ]
        for scheme in sorted({each for needs in mine.values() for each in needs}):
            before, after = (each.find_scheme(scheme) for each in (self._old, self._new))
            if before and after and _leave_out_texts(before) != _leave_out_texts(after):
                findings.append(f"{scheme}: changed")
        return findings


def _list_parameters(operation: Json) -> dict[str, Json]:
    return {f"{each['in']} {each['name']}": each for each in operation.get("parameters", [])}


def _list_ways_in(operation: Json, document: Document) -> dict[str, Json]:
    anybody: Json = {}
    ways: list[Json] = operation.get("security", document.content.get("security")) or [anybody]
    return {" and ".join(sorted(way)) or "anybody": way for way in ways}


def _is_within(needs: Json, held: Json) -> bool:
    """Whether who holds these credentials, with these scopes, has all that is needed."""
    return all(name in held and set(scopes) <= set(held[name]) for name, scopes in needs.items())


def _leave_out_texts(scheme: Json) -> Json:
    return {key: value for key, value in scheme.items() if key != "description"}
