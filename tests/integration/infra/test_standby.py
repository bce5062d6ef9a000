"""A worker's place that is drained: who works there ends, and who comes there waits."""

import threading

from transcriber.infra.context import Context
from transcriber.infra.database import Database
from transcriber.infra.standby import Standby
from transcriber.infra.worker_drains import add_drain, find_drain


def drain(context: Context, slot: str = "here") -> None:
    with context.database.unit_of_work() as uow:
        add_drain(uow.session, slot, f"worker-of-{slot}", "admin")


def test_who_works_ends_once(context: Context) -> None:
    ends: list[str] = []
    standby = Standby(context.database, "here", lambda: ends.append("end"))
    standby.begin()
    standby.wait(lambda: False)
    standby.heed()
    drain(context, "elsewhere")
    standby.heed()
    assert (ends, standby.reason) == ([], None)
    drain(context)
    standby.heed()
    standby.heed()
    assert ends == ["end"]


def test_who_comes_waits_and_does_not_end(context: Context) -> None:
    ends: list[str] = []
    drain(context)
    standby = Standby(context.database, "here", lambda: ends.append("end"))
    standby.begin()
    assert standby.reason == "An administrator drained this worker."
    waiting = threading.Thread(target=standby.wait, args=(lambda: False,))
    waiting.start()
    standby.heed()
    with context.database.unit_of_work() as uow:
        found = find_drain(uow.session, "worker-of-here")
        assert found is not None
        uow.session.delete(found)
    waiting.join(30)
    assert not waiting.is_alive()
    assert (ends, standby.is_waiting) == ([], False)


def test_one_that_is_asked_to_stop_waits_no_longer(context: Context) -> None:
    drain(context)
    standby = Standby(context.database, "here")
    standby.begin()
    standby.wait(lambda: True)
    assert standby.is_waiting


def test_one_that_cannot_know_waits(context: Context) -> None:
    # A database without tables answers as one that is away.
    empty = Database("sqlite://")
    standby = Standby(empty, "here")
    standby.begin()
    assert standby.is_waiting
    empty.dispose()
    del context
