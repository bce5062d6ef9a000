"""Hosts that are cut off and come back, in every way that cables and firewalls offer."""

from chaos.hosts import Broker
from chaos.hosts_partition import CUTS, run_cuts


def cut_hosts(broker: Broker) -> str:
    """Every cut, one after the other, over this broker."""
    told, failures = run_cuts(broker, list(CUTS))
    assert not failures, "; ".join(failures)
    return "; ".join(told)
