"""Running the peers: programs under another interpreter that answer in lines of JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PEERS = Path(__file__).resolve().parent / "peers"
REPOSITORY = PEERS.parents[1]


def find_bench_python() -> str:
    """Return the interpreter of the peers: BENCH_PYTHON, else .venv-bench's.

    Raises:
        SystemExit: there is none.
    """
    python = os.environ.get("BENCH_PYTHON") or str(REPOSITORY / ".venv-bench" / "bin" / "python")
    if not Path(python).is_file():
        raise SystemExit(f"{python} does not exist; `make bench-setup` creates it.")
    return python


def run_peer(name: str, request: Any, *, python: str | None = None) -> list[Any]:
    """Run a peer program with a JSON request; return the values it printed, one a line.

    Raises:
        SystemExit: it failed; its own words are on standard error.
    """
    command = [python or find_bench_python(), str(PEERS / f"{name}.py")]
    done = subprocess.run(
        command, input=json.dumps(request), text=True, stdout=subprocess.PIPE, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"The peer {name} failed with status {done.returncode}.")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith(("{", "["))]


def own_python() -> str:
    """Return the interpreter the product is installed in."""
    return sys.executable


def normalise_texts(texts: list[str], *, is_english: bool = True) -> list[str]:
    """Normalise texts as the Whisper paper does before errors are counted.

    Of other languages, or several, marks and accents are taken away.
    """
    return run_peer("normalise", {"texts": texts, "is_english": is_english})[0]
