"""Write the tables of routes in docs/api.md, from the OpenAPI document and the rules of who may.

`--check` writes nothing and fails when the committed page is stale.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from authorisation.rules import Access, Rule
from authorisation.table import list_rules

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "api.md"
BEGIN = "<!-- From here on written by `make functions`. -->"
ADMINISTRATION = "Administration"
ADMIN_PATHS = "/api/admin"
# The nouns in the order in which somebody meets them, by the document's tags.
NOUNS = {
    "jobs": "Jobs",
    "models": "Models",
    "recordings": "Recordings",
    "uploads": "Uploads",
    "transcripts": "Transcripts",
    "webhooks": "Webhooks",
    "accounts": "Accounts",
    "keys": "API keys",
    "retention": "Retention",
    "health": "Health",
}
WHO = {
    Access.PUBLIC: "anybody",
    Access.OWN: "signed in",
    Access.OWNED: "its owner",
    Access.ADMIN: "administrators",
}
METRICS_READERS = "`METRICS_TOKEN`, or the machine itself"
NO_KEY = "no key"
ALIAS = "_by_alias"


def list_routes(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation with its method and path, in the document's order."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield method.upper(), path, operation


def name_noun(path: str, operation: dict[str, Any]) -> str:
    """The heading that a route stands under.

    Raises:
        SystemExit: its tag has none yet.
    """
    if path.startswith(ADMIN_PATHS):
        return ADMINISTRATION
    [tag] = operation["tags"]
    if tag not in NOUNS:
        raise SystemExit(f"{path} has the tag {tag!r}: give it a noun in {Path(__file__).name}.")
    return NOUNS[tag]


def say_who(operation: dict[str, Any], rules: Iterable[Rule]) -> str:
    """Who may, as `tests/authorisation/table.py` has it and its tests prove.

    Raises:
        SystemExit: the table has no rule for it.
    """
    if any("MetricsToken" in way for way in operation.get("security", ())):
        return METRICS_READERS
    found = list(dict.fromkeys(WHO[rule.access] for rule in rules))
    if not found:
        raise SystemExit(f"tests/authorisation/table.py lacks {operation['operationId']}.")
    is_for_people = any(rule.is_for_people for rule in rules)
    return ", ".join([*found, *([NO_KEY] if is_for_people else [])])


def describe(method: str, path: str, operation: dict[str, Any]) -> str:
    """One row."""
    purpose = operation["description"].splitlines()[0]
    if operation["operationId"].endswith(ALIAS):
        purpose = f"Alias: {purpose[0].lower()}{purpose[1:]}"
    who = say_who(operation, list_rules(operation["operationId"]))
    return f"| `{method}` | `{path}` | {who} | {purpose} |"


def write_tables(document: dict[str, Any]) -> str:
    """A table for each noun."""
    rows: dict[str, list[str]] = {noun: [] for noun in (*NOUNS.values(), ADMINISTRATION)}
    for method, path, operation in list_routes(document):
        rows[name_noun(path, operation)].append(describe(method, path, operation))
    parts = [BEGIN, ""]
    for noun, lines in rows.items():
        heading = ("| Method | Path | Who may | What it does |", "| --- | --- | --- | --- |")
        parts += [f"## {noun}", "", *heading, *lines, ""]
    return "\n".join(parts)


def main() -> None:
    """Write the tables, or compare them with the committed ones."""
    document = json.loads((ROOT / "web" / "openapi.json").read_text())
    page = TARGET.read_text()
    text = page.partition(BEGIN)[0] + write_tables(document)
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text)
    elif page != text:
        raise SystemExit("docs/api.md is stale: run `make functions` and commit the result.")


if __name__ == "__main__":
    main()
