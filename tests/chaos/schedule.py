"""Which fault strikes when: drawn once from the seed, before anything starts."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from chaos.faults import broker, claims, postgres, sqlite, tokens, workers
from chaos.scene import Scene

Strike = Callable[[Scene], None]

EVERYWHERE: dict[Strike, int] = {
    workers.kill_worker: 6,
    broker.flush_broker: 3,
    workers.drain_worker: 2,
    workers.kill_api: 2,
    broker.restart_broker: 2,
    broker.lose_broker: 2,
    workers.crash_worker: 2,
    tokens.repeat_tokens: 2,
    workers.stop_worker_past_its_lease: 1,
    workers.stop_worker_until_replaced: 1,
    workers.kill_everything: 1,
    tokens.invent_tokens: 1,
    tokens.reverse_tokens: 1,
    broker.stop_broker: 1,
}
"""How often each is drawn, the most telling first: a short run takes them from the top."""
ON_POSTGRES: dict[Strike, int] = {
    postgres.kill_postgres: 2,
    postgres.end_connections: 2,
    postgres.stop_backend: 2,
    claims.stop_claiming_worker: 1,
}
ON_SQLITE: dict[Strike, int] = {sqlite.stop_writer: 4}


@dataclass(frozen=True, slots=True)
class Appointment:
    """A fault and when it strikes, in seconds since the run's start."""

    at: float
    strike: Strike


def draw_schedule(
    rng: random.Random,
    *,
    faults: int,
    seconds: float,
    is_sqlite: bool,
    only: Mapping[Strike, int] | None = None,
) -> list[Appointment]:
    """Each kind once where there is room, the others by weight, in random order and spacing."""
    weights = only or ((ON_SQLITE if is_sqlite else ON_POSTGRES) | EVERYWHERE)
    kinds = list(weights)
    chosen = kinds[:faults]
    chosen += rng.choices(kinds, weights=list(weights.values()), k=faults - len(chosen))
    rng.shuffle(chosen)
    pause = seconds / faults
    return [
        Appointment(pause * (number + rng.random()), strike) for number, strike in enumerate(chosen)
    ]
