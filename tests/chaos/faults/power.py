"""The power goes: what no fsync had promised is gone."""

import time

from chaos.journal import Fault
from chaos.scene import Scene


def cut_power(scene: Scene) -> None:
    """Submit, then kill every process and keep of its files what was made durable, no more."""
    disk = scene.disk
    assert disk is not None
    submission = scene.traffic.send_one()
    workers = scene.stack.list_workers()
    with scene.stack.hold_dead():
        fault = scene.journal.add(
            Fault(kind="power cut", is_database=True, is_loss=True, is_outage=True)
        )
        fault.workers = len(workers)
        # The rows are read before the cut: afterwards a missing one could not tell.
        fault.held = scene.list_held(workers)
        scene.rows.close()
        loss = disk.cut_power()
    fault.until = time.time()
    fault.detail = f"after {submission.job_id}: {loss}"
