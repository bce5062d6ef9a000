"""One leg of the run: uploads over one storage and one database, under some of the faults."""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chaos.stack import REPOSITORY, Stack
from chaos.uploads.answers import Answers
from chaos.uploads.breakages import Breaker
from chaos.uploads.client import Client
from chaos.uploads.cuts import Cuts
from chaos.uploads.ends import check_ends
from chaos.uploads.kills import Killer
from chaos.uploads.plan import Outcome, Plan
from chaos.uploads.remains import find_remains
from chaos.uploads.sendings import Draws, Fate, Sending
from chaos.uploads.service import Service, open_service

ROUNDS_SECONDS = 600.0


def run_leg(plan: Plan, folder: Path) -> Outcome:
    """Send, hurt, collect, check."""
    outcome = Outcome(plan=plan)
    started = time.monotonic()
    with open_service(plan, folder) as service:
        _send_under_faults(service, outcome)
        outcome.before = find_remains(service.stack, service.rows, service.store)
        outcome.rounds = _run_rounds(service.stack, outcome.sendings)
        outcome.after = find_remains(service.stack, service.rows, service.store)
        _complete_late_ones(service, outcome)
        check_ends(service.stack.address, service.headers, service.rows, outcome)
    outcome.seconds = time.monotonic() - started
    return outcome


def _send_under_faults(service: Service, outcome: Outcome) -> None:
    plan = outcome.plan
    clients: list[Client] = []
    killer = Killer(
        service.stack,
        random.Random(f"{plan.seed} {plan.name} kills"),
        plan.kills,
        lambda: [client.doing for client in clients if client.doing is not None],
    )
    breaker = Breaker(
        service.disk, random.Random(f"{plan.seed} {plan.name} disk"), plan.disk_faults
    )
    cuts = Cuts(plan.cuts, killer.measure)
    until = time.monotonic() + plan.longest_seconds
    answers = Answers()
    draws = Draws(
        f"{plan.seed} {plan.name}",
        lambda: (cuts.is_done and killer.is_done and breaker.is_done) or time.monotonic() > until,
        given_up_share=plan.given_up_share,
        is_s3=plan.storage == "s3",
    )
    is_sound = not plan.disk_faults
    clients += [
        service.build_client(cuts, answers, is_disk_sound=is_sound) for _ in range(plan.clients)
    ]
    killer.start()
    breaker.start()
    with ThreadPoolExecutor(plan.clients) as threads:
        running = [threads.submit(_send_all, client, draws) for client in clients]
        for each in running:
            each.result()
    killer.join()
    breaker.stop()
    outcome.faults = cuts.kinds + breaker.kinds + Counter({"SIGKILL of the API": killer.kills})
    outcome.struck, outcome.sendings = killer.struck, draws.sendings
    outcome.statuses = answers.statuses
    outcome.problems += answers.problems


def _send_all(client: Client, draws: Draws) -> None:
    while (sending := draws.draw()) is not None:
        client.send(sending)
    client.close()


def _run_rounds(stack: Stack, sendings: list[Sending]) -> dict[str, int]:
    abandoned = [each.id for each in sendings if each.fate == Fate.ABANDON]
    source = stack.environment.get("PYTHONPATH", "")
    done = subprocess.run(
        [sys.executable, "-m", "chaos.uploads.rounds", *abandoned],
        env=stack.environment | {"PYTHONPATH": f"{source}:{REPOSITORY / 'tests'}"},
        cwd=stack.folder,
        capture_output=True,
        text=True,
        timeout=ROUNDS_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


def _complete_late_ones(service: Service, outcome: Outcome) -> None:
    """Who comes back after the collection finds an open upload as it was left."""
    answers = Answers()
    client = service.build_client(Cuts(0, lambda: 0.0), answers, is_disk_sound=True)
    for sending in outcome.sendings:
        if sending.fate == Fate.LATE:
            client.send(sending)
    client.close()
    outcome.problems += answers.problems
