"""A worker process of its own for the queue's tests: writes each token it gets to a file.

Usage: token_consumer.py FILE [SECONDS_PER_TOKEN], settings from the environment.
"""

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

from transcriber.infra.celery_app import TASK_NAME, build_celery
from transcriber.infra.consumer import run_consumer
from transcriber.infra.settings import Settings

TARGET = Path(sys.argv[1])
SECONDS_PER_TOKEN = float(sys.argv[2]) if len(sys.argv) > 2 else 0.0


def main() -> int:
    celery = build_celery(Settings(_env_file=None))
    draining = threading.Event()

    def take(**token: Any) -> None:
        write("taken", **token)
        deadline = time.monotonic() + SECONDS_PER_TOKEN
        while time.monotonic() < deadline and not draining.is_set():
            time.sleep(0.01)
        write("done", is_draining=draining.is_set())

    celery.task(take, name=TASK_NAME, ignore_result=True, acks_late=False)
    return run_consumer(celery, on_stopping=draining.set)


def write(kind: str, **values: Any) -> None:
    with TARGET.open("a") as file:
        file.write(json.dumps({"kind": kind, **values}) + "\n")


if __name__ == "__main__":
    sys.exit(main())
