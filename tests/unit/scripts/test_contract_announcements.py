import json
from pathlib import Path
from typing import Any

import pytest

import check_contract
from contract.announcements import list_announced

CHANGELOG = """# Changelog

## Unreleased

### Added

- `read_job: GET /jobs/{job_id} removed` stands in the wrong section.

### Breaking

- Who asks for a job asks elsewhere: `list_jobs query
  state: removed`, and `JobRead.name in answers: null added`.

### Changed

- `not this`

## 0.1.0

### Breaking

- `nor this`
"""


def test_only_what_is_quoted_as_breaking_and_unreleased_counts() -> None:
    assert list_announced(CHANGELOG) == {
        "list_jobs query state: removed",
        "JobRead.name in answers: null added",
    }


@pytest.mark.parametrize("text", ["", "# Changelog\n", "## Unreleased\n\n### Added\n\n- `a`\n"])
def test_a_changelog_without_the_section_announces_nothing(text: str) -> None:
    assert list_announced(text) == set()


def _run(directory: Path, current: dict[str, Any], changelog: str) -> int:
    released = {"paths": {"/a": {"get": {"operationId": "read_a"}}}}
    for name, content in (("released", released), ("current", current)):
        (directory / f"{name}.json").write_text(json.dumps(content))
    (directory / "CHANGELOG.md").write_text(changelog)
    return check_contract.main(
        [
            f"--released={directory / 'released.json'}",
            f"--current={directory / 'current.json'}",
            f"--changelog={directory / 'CHANGELOG.md'}",
        ]
    )


def test_a_break_passes_once_it_is_announced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(tmp_path, {"paths": {}}, "## Unreleased\n") == 1
    line = "- `read_a: GET /a removed`"
    assert line in capsys.readouterr().out
    assert _run(tmp_path, {"paths": {}}, f"## Unreleased\n\n### Breaking\n\n{line}\n") == 0
    assert capsys.readouterr().out == ""


def test_the_repository_announces_what_it_breaks() -> None:
    assert check_contract.main([]) == 0
