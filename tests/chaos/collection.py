"""Files that crashes left behind must be collected, and nothing else."""

import os
import subprocess
import sys
import time

from chaos.checks import Findings, check_objects
from chaos.rows import Rows
from chaos.stack import Stack

AGE_SECONDS = 3 * 3600
COLLECT = """
from transcriber.infra.context import build_context
from transcriber.infra.settings import Settings
from transcriber.uploads.orphans import collect_orphans
collect_orphans(build_context(Settings()))
"""


def check_collection(stack: Stack, rows: Rows, findings: Findings) -> int:
    """Age every file beyond the grace and have the product collect; gives what it found to do."""
    strays = check_objects(stack, rows, findings)
    past = time.time() - AGE_SECONDS
    for path in (stack.data_dir / "objects").rglob("*"):
        os.utime(path, (past, past))
    collected = subprocess.run(
        [sys.executable, "-c", COLLECT],
        env=stack.environment,
        cwd=stack.folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if collected.returncode:
        findings.broken.append(f"the collection failed: {collected.stderr[-500:]}")
    left = check_objects(stack, rows, findings)
    if left:
        findings.broken.append(f"{left} files without a row were not collected")
    return strays
