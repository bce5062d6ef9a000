"""Fail on what breaks a client of the last release and is announced nowhere.

Compares `web/openapi-released.json`, the document of the last release, with `web/openapi.json`.
Each finding must stand in backquotes in CHANGELOG.md, under Unreleased, in the section Breaking.
"""

import argparse
import json
import sys
from pathlib import Path

from contract.announcements import list_announced
from contract.document import Document
from contract.operations import compare_documents

REPOSITORY = Path(__file__).resolve().parent.parent


def main(arguments: list[str] | None = None) -> int:
    """Compare, and print what is missing from the changelog, ready to be put there."""
    parser = argparse.ArgumentParser(description="Fail on unannounced breaking changes.")
    parser.add_argument("--released", type=Path, default=REPOSITORY / "web/openapi-released.json")
    parser.add_argument("--current", type=Path, default=REPOSITORY / "web/openapi.json")
    parser.add_argument("--changelog", type=Path, default=REPOSITORY / "CHANGELOG.md")
    paths = parser.parse_args(arguments)
    findings = compare_documents(read_document(paths.released), read_document(paths.current))
    announced = list_announced(paths.changelog.read_text())
    missing = [finding for finding in findings if finding not in announced]
    if missing:
        print(f"Breaks clients of the last release, and {paths.changelog.name} does not say so.")
        print("Keep it compatible, or announce it under Unreleased in the section Breaking:\n")
        print("\n".join(f"- `{finding}`" for finding in missing))
    return 1 if missing else 0


def read_document(path: Path) -> Document:
    """Read a committed OpenAPI document."""
    return Document(json.loads(path.read_text()))


if __name__ == "__main__":
    sys.exit(main())
