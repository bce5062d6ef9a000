"""The end of a log, reduced to what cannot name anybody or anything of theirs."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

MAX_BYTES = 2 * 1024**2
MAX_LINES = 1_000
KEPT = frozenset(
    {
        *("timestamp", "level", "logger", "process", "event", "code", "check", "thread", "child"),
        *("job_id", "span", "attempt", "generation", "worker_id", "request_id", "method", "status"),
        *("duration_ms", "pid", "restart_in_s", "tokens", "uses", "state", "model"),
    }
)
"""Free text, such as `error` and `reason`, is not among them: it quotes whatever went wrong."""

_PLAIN = re.compile(r"[A-Za-z0-9_.:+-]{1,64}")
_WORD = re.compile(r"[a-z_-]{1,24}")
_FRAME = re.compile(r'File "([^"]+)", line (\d+), in ([\w<>]+)')
_RAISED = re.compile(r"([A-Za-z_][\w.]*(?:Error|Exception|Warning|Interrupt|Exit))(?::|$)")
OTHER = "…"


def extract_lines(log: Path) -> list[dict[str, Any]]:
    """The last lines of a log in JSON; other lines are left out.

    Raises:
        OSError: it cannot be read.
    """
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - MAX_BYTES))
        lines = file.read(MAX_BYTES).splitlines()
    return list(_reduce_all(lines[-MAX_LINES:]))


def _reduce_all(lines: list[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            found: Any = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield _reduce(cast("dict[str, Any]", found))


def _reduce(line: dict[str, Any]) -> dict[str, Any]:
    kept = {name: _show(value) for name, value in line.items() if name in KEPT}
    if isinstance(line.get("path"), str):
        kept["path"] = _show_path(line["path"])
    if isinstance(line.get("exception"), str):
        kept["exception"] = list(_reduce_traceback(line["exception"]))
    return kept


def _show(value: object) -> object:
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else OTHER
    return value if isinstance(value, int | float | None) else OTHER


def _show_path(path: str) -> str:
    """The words of the address; ids, and whatever else somebody may have sent, are left out."""
    return "/".join(
        part if not part or _WORD.fullmatch(part) else OTHER for part in path.split("/")
    )


def _reduce_traceback(text: str) -> Iterator[str]:
    """Where it went wrong and with what kind of exception; its message quotes what it met."""
    for line in text.splitlines():
        if frame := _FRAME.search(line):
            place = "/".join(Path(frame[1]).parts[-3:])
            yield f"{place}:{frame[2]} {frame[3]}"
        elif raised := _RAISED.match(line):
            yield raised[1]
