"""The layout's promises that no linter checks."""

import re
import statistics
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
FORBIDDEN_NAMES = re.compile(r"(^|/)(utils?|helpers?|managers?|common|misc)(\.|/|$)")
GENERATED = re.compile(r"generated|migrations/versions|typings/")
MEDIAN_LINES = 90
MOST_LINES = 400


def list_sources() -> list[str]:
    output = subprocess.run(
        ["git", "ls-files", "*.py", "*.ts", "*.tsx"],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [path for path in output.splitlines() if (REPOSITORY / path).is_file()]


def count_lines(path: str) -> int:
    return len((REPOSITORY / path).read_text().splitlines())


def test_no_file_is_over_the_limit() -> None:
    long = {
        path: count_lines(path)
        for path in list_sources()
        if not GENERATED.search(path) and count_lines(path) > MOST_LINES
    }
    assert long == {}


def test_half_of_the_product_files_are_short() -> None:
    lines = [
        count_lines(path)
        for path in list_sources()
        if path.startswith(("src/", "web/src/")) and not GENERATED.search(path)
    ]
    assert statistics.median(lines) <= MEDIAN_LINES


def test_no_name_says_nothing() -> None:
    ours = [path for path in list_sources() if not GENERATED.search(path)]
    assert [path for path in ours if FORBIDDEN_NAMES.search(path)] == []


def test_no_lock_records_an_address() -> None:
    requirement_files = sorted(REPOSITORY.glob("requirements/*.txt"))
    assert requirement_files
    for lock in requirement_files:
        assert "://" not in lock.read_text(), lock.name
    for lock in REPOSITORY.glob("web/package-lock.json"):
        assert '"resolved": "http' not in lock.read_text()
