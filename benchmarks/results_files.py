"""The newest figures, kept beside the scripts that made them."""

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent / "results"
_PACKAGES = ("ctranslate2", "faster-whisper", "numpy", "onnxruntime", "av")


def describe_machine(device: str = "cpu") -> dict[str, Any]:
    """Return what a reader needs to weigh the figures of a device, `cpu` or `cuda`."""
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        **{package: version(package) for package in _PACKAGES},
        **({"gpu": _name_gpu()} if device == "cuda" else {}),
    }


def _name_gpu() -> str:
    command = ["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()[0]


def write_results(name: str, figures: dict[str, Any], report: str) -> None:
    """Write the figures as JSON and the report as Markdown."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(figures, indent=2, ensure_ascii=False) + "\n"
    (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")
    (RESULTS / f"{name}.md").write_text(report.rstrip() + "\n", encoding="utf-8")
