"""`python measuring_process.py <seed>`: one process of a service, which observes known latencies.

The database is that of the environment.
"""

import random
import sys

from transcriber.infra.database import Database
from transcriber.infra.meter import Meter
from transcriber.infra.metric_families import UPLOAD_BYTES, WORKED_AUDIO
from transcriber.infra.metric_writer import MetricWriter
from transcriber.infra.settings import Settings

OBSERVATIONS = 500
WRITINGS = 5
ROUTES = (("GET", "/jobs/"), ("GET", "/jobs/{job_id}"), ("POST", "/uploads/"))


def draw_requests(seed: int) -> list[tuple[str, str, int, float]]:
    """Method, route, status and seconds of every request, the same for the same seed."""
    draw = random.Random(seed)
    return [
        (*draw.choice(ROUTES), draw.choice([200, 200, 200, 404, 503]), draw.lognormvariate(-3, 1.3))
        for _ in range(OBSERVATIONS)
    ]


def draw_spans(seed: int) -> list[float]:
    """Seconds of every span."""
    draw = random.Random(-seed - 1)
    return [draw.lognormvariate(1, 1) for _ in range(OBSERVATIONS)]


def name_model(seed: int, number: int) -> str:
    """A hundred models for each process, none of them another's."""
    return f"model-{seed}-{number % 100}"


def main() -> None:
    """Observe, writing now and then."""
    seed = int(sys.argv[1])
    database = Database(Settings(_env_file=None).resolved_database_url)
    meter = Meter()
    writer = MetricWriter(database, meter)
    requests, spans = draw_requests(seed), draw_spans(seed)
    for number in range(OBSERVATIONS):
        meter.observe_request(*requests[number])
        meter.observe_stage("transcribe", "ok", spans[number])
        meter.count(UPLOAD_BYTES, "chunks", amount=seed + number)
        meter.count(WORKED_AUDIO, name_model(seed, number), "cpu int8", "planning")
        if number % (OBSERVATIONS // WRITINGS) == 0:
            writer.write()
    writer.close()
    database.dispose()


if __name__ == "__main__":
    main()
