"""Commands that start something, with settings that production does not start with."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MAIN = "from transcriber.cli import main; main()"


@pytest.mark.parametrize("command", [("serve",), ("worker",), ("db", "upgrade")])
@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"DATABASE_URL": "postgresql://someone:changeme@127.0.0.1:1/CANARY"},
            "DATABASE_URL has a password that is a placeholder, with which production does",
        ),
        (
            {"METRICS_TOKEN": "tökén-CANARY"},
            "The setting METRICS_TOKEN: must be visible ASCII characters,",
        ),
        (
            {"METRICS_TOKEN_FILE": "/nowhere/token"},
            "METRICS_TOKEN_FILE names a file that cannot be read: No such file or directory.",
        ),
    ],
)
def test_one_sentence_names_the_variable_and_never_its_value(
    tmp_path: Path, command: tuple[str, ...], variables: dict[str, str], sentence: str
) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", MAIN, *command],
        env={**os.environ, "ENVIRONMENT": "production", "NO_COLOR": "1", **variables},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert sentence in " ".join(ended.stderr.split())
    assert "Traceback" not in ended.stderr
    assert "CANARY" not in ended.stderr + ended.stdout
    assert list(tmp_path.iterdir()) == []
