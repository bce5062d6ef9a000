"""Faults of the broker: tokens are hints, and losing all of them must cost seconds only."""

import contextlib
import os
import shutil
import signal
import time

import amqp
import redis

from chaos.journal import Fault
from chaos.rows import DATABASE_ERRORS
from chaos.scene import Scene
from chaos.servers import RabbitMq, Redis, wipe_rabbitmq, wipe_redis

DOWN_SECONDS = 2.0
STOPPED_SECONDS = 6.0
BROKER_ERRORS = (redis.RedisError, amqp.AMQPError, OSError)


def restart_broker(scene: Scene) -> None:
    """SIGKILL the broker and start it over what it kept; the embedded one keeps nothing."""
    with scene.broker_lock:
        fault = scene.journal.add(Fault(kind="broker restarted", is_wipe=scene.broker is None))
        fault.away_from = fault.at
        if scene.broker is None:
            _signal_embedded(scene, signal.SIGKILL)
            _note_waiting(scene, fault)
            return
        scene.broker.kill()
        time.sleep(DOWN_SECONDS * scene.rng.random())
        scene.broker.start()
        fault.until = time.time()


def stop_broker(scene: Scene) -> None:
    """SIGSTOP the broker for a while: it accepts and never answers."""
    with scene.broker_lock:
        fault = scene.journal.add(Fault(kind="broker stopped"))
        fault.away_from = fault.at
        if scene.broker is None:
            _signal_embedded(scene, signal.SIGSTOP)
        else:
            scene.broker.stop()
        time.sleep(STOPPED_SECONDS * (0.5 + scene.rng.random()))
        if scene.broker is None:
            _signal_embedded(scene, signal.SIGCONT)
        else:
            scene.broker.cont()
        fault.until = time.time()


def flush_broker(scene: Scene) -> None:
    """FLUSHALL, or purge and delete the queue, under everybody's feet."""
    with scene.broker_lock, contextlib.suppress(*BROKER_ERRORS):
        if isinstance(scene.broker, RabbitMq):
            wipe_rabbitmq(scene.stack.broker_url)
        else:
            wipe_redis(scene.stack.broker_url)
        _note_waiting(scene, scene.journal.add(Fault(kind="broker flushed", is_wipe=True)))


def lose_broker(scene: Scene) -> None:
    """SIGKILL the broker, lose its disk, submit a job while it is away, start it empty."""
    with scene.broker_lock:
        broker = scene.broker
        away_from = time.time()
        if broker is None:
            _signal_embedded(scene, signal.SIGKILL)
        else:
            broker.kill()
        submission = scene.traffic.send_one()
        if isinstance(broker, Redis):
            shutil.rmtree(broker.folder / "appendonlydir", ignore_errors=True)
        elif isinstance(broker, RabbitMq):
            shutil.rmtree(broker.folder / "mnesia", ignore_errors=True)
        if broker is not None:
            broker.start()
        fault = scene.journal.add(
            Fault(kind="broker lost with its data", is_wipe=True, away_from=away_from)
        )
        _note_waiting(scene, fault)
        if submission.job_id not in fault.waiting:
            fault.waiting.append(submission.job_id)


def _note_waiting(scene: Scene, fault: Fault) -> None:
    fault.until = fault.at
    with contextlib.suppress(*DATABASE_ERRORS):
        fault.waiting += [job.job_id for job in scene.rows.list_waiting()]


def _signal_embedded(scene: Scene, number: signal.Signals) -> None:
    pid = scene.stack.find_embedded_broker()
    if pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
