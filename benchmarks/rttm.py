"""Read who speaks when, as RTTM has it (NIST RT-09 evaluation plan, appendix A)."""

from pathlib import Path

from diarization_errors import Turn

_FILE, _START, _LENGTH, _NAME = 1, 3, 4, 7


def read_rttm(path: Path) -> dict[str, list[Turn]]:
    """The turns of each recording that the file names."""
    found: dict[str, list[Turn]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if fields and fields[0] == "SPEAKER":
            start = float(fields[_START])
            turn = Turn(start, start + float(fields[_LENGTH]), fields[_NAME])
            found.setdefault(fields[_FILE], []).append(turn)
    return found
