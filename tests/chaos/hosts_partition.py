"""A host is cut off for longer than its lease, and comes back: `chaos.hosts_partition`.

The span it held goes elsewhere, what it writes afterwards touches no row, the transcript is the
undisturbed one, and its worker serves again.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from chaos.hosts import Broker, Cluster, open_cluster
from chaos.netns import Direction, Host
from chaos.stack import REPOSITORY

RECORDING = REPOSITORY / "models" / "demo" / "two_cities.wav"
# Slow enough that a cut falls into the span.
OPTIONS = {"beam_size": "10", "language": "en"}
CUT_SECONDS = 20.0
"""More than twice the lease of these runs."""
RETURN_SECONDS = 90.0

Cut = Callable[[Cluster, Host], None]


def cut_all(_cluster: Cluster, host: Host) -> None:
    """The cable is out."""
    host.partition()


def cut_database(cluster: Cluster, host: Host, direction: Direction = "both") -> None:
    """Only the database is out of reach."""
    host.partition(cluster.database.port, direction=direction)


def cut_broker(cluster: Cluster, host: Host) -> None:
    """Only the broker is out of reach; the work in hand goes on."""
    host.partition(cluster.broker.port)


CUTS: dict[str, tuple[Cut, bool]] = {
    "all": (cut_all, True),
    "database": (cut_database, True),
    "deaf": (lambda cluster, host: cut_database(cluster, host, "in"), True),
    "mute": (lambda cluster, host: cut_database(cluster, host, "out"), True),
    "broker": (cut_broker, False),
}
"""Each with whether the span must be taken from the host."""


def run_partition(cluster: Cluster, expected: list[object], name: str, *, recording: Path) -> str:
    """Cut one host off in the middle of a span, heal it, and check; gives what happened."""
    cut, is_taken = CUTS[name]
    job_id = cluster.submit(recording, **OPTIONS)
    host = wait_for_any_holder(cluster, job_id)
    cut(cluster, host)
    began = time.monotonic()
    try:
        job = cluster.wait_for_end(job_id, 240)
        time.sleep(max(0.0, CUT_SECONDS - (time.monotonic() - began)))
    finally:
        dropped = host.heal()
    returned = cluster.wait_for_heartbeat(host, RETURN_SECONDS)
    assert job["state"] == "completed", job
    assert cluster.count_completions(job_id) == 1
    assert cluster.read_transcript(job_id) == expected, "the transcript differs"
    recomputed = cluster.count_recomputed(job_id)
    assert bool(recomputed) == is_taken, f"{recomputed} spans were begun again"
    return (
        f"{name}: {dropped} packets dropped, {recomputed} begun again, back after {returned:.1f} s"
    )


def wait_for_any_holder(cluster: Cluster, job_id: str) -> Host:
    """The host that works on a span of the job."""
    hosts = {host.namespace: host for host in cluster.network.hosts}
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        for span in cluster.list_spans(job_id):
            if span.index >= 0 and span.state == "running" and span.owner in hosts:
                return hosts[span.owner]
        time.sleep(0.05)
    raise AssertionError("No host took a span within 120 s.")


def run_cuts(
    broker: Broker, names: Sequence[str], *, source: Path | None = None
) -> tuple[list[str], list[str]]:
    """Run the cuts over one cluster; gives what happened, and what failed, a sentence each."""
    told: list[str] = []
    failures: list[str] = []
    with open_cluster(2, broker=broker, source=source) as cluster:
        first = cluster.submit(RECORDING, **OPTIONS)
        assert cluster.wait_for_end(first, 240)["state"] == "completed"
        expected: list[object] = list(cluster.read_transcript(first))
        for name in names:
            try:
                told.append(run_partition(cluster, expected, name, recording=RECORDING))
            except Exception as error:  # noqa: BLE001 -- the other cuts are run all the same
                failures.append(f"{name}: FAILED: {error}")
    return told, failures


def main() -> int:
    """Run the chosen cuts, one after the other; 0 when everything held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broker", choices=["redis", "rabbitmq"], default="redis")
    parser.add_argument("--source", type=Path, help="folder of another transcriber package")
    parser.add_argument("cuts", nargs="*", default=list(CUTS), help=", ".join(CUTS))
    arguments = parser.parse_args()
    told, failures = run_cuts(arguments.broker, arguments.cuts, source=arguments.source)
    sys.stdout.write("\n".join([*told, *failures]) + "\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
