"""Machines made of network namespaces: a bridge, hosts on it, and cables that can be cut.

Everything carries the maker's process id in its name, so that several runs may share a machine,
and a run begins by removing what a killed one left behind.
"""

import contextlib
import ipaddress
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

INSTALLER = Path(__file__).resolve().parents[2] / "scripts" / "install_chaos_tools.sh"
Direction = Literal["both", "in", "out"]
_OURS = re.compile(r"wtc(\d+)[bhv]\d*")
_TABLE = "partition"
_END_SECONDS = 10.0


class NetworkError(Exception):
    """The machine refused to build or to cut something."""


@dataclass(frozen=True, slots=True)
class Host:
    """A machine of its own as far as the network is concerned; files are shared.

    Attributes:
        namespace: Its network namespace, which is also its host name.
        address: Its address on the bridge.
    """

    namespace: str
    address: str

    @property
    def prefix(self) -> tuple[str, ...]:
        """What runs a command on this host, with its own host name; the command takes its place."""
        inside = ("ip", "netns", "exec", self.namespace)
        name = 'hostname "$0" && exec "$@"'
        return (*inside, "unshare", "--uts", "sh", "-c", name, self.namespace)

    def list_pids(self) -> list[int]:
        """Process ids of everything that runs on this host."""
        return [int(pid) for pid in _run("ip", "netns", "pids", self.namespace).split()]

    def kill_everything(self, number: signal.Signals = signal.SIGKILL) -> int:
        """Signal every process of the host, as a power cut would; gives how many."""
        pids = self.list_pids()
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        return len(pids)

    def partition(self, port: int | None = None, *, direction: Direction = "both") -> None:
        """Drop this host's packets silently, until `heal`.

        Args:
            port: Of one service elsewhere; everything without.
            direction: `in` loses what comes to the host, `out` what it sends: a half-open cable.
        """
        came = f"tcp sport {port} " if port else ""
        goes = f"tcp dport {port} " if port else ""
        rules = {"in": ("input", came), "out": ("output", goes)}
        chosen = [name for name in rules if direction in {"both", name}]
        lines = [f"table inet {_TABLE}", f"delete table inet {_TABLE}", f"table inet {_TABLE} {{"]
        for hook, match in (rules[name] for name in chosen):
            lines += [
                f"chain {hook} {{",
                f"type filter hook {hook} priority 0; policy accept;",
                'iifname "lo" accept' if hook == "input" else 'oifname "lo" accept',
                f"{match}counter drop",
                "}",
            ]
        _run(*self._nft("-f", "-"), text="\n".join([*lines, "}", ""]))

    def heal(self) -> int:
        """Let packets pass again; gives how many were dropped meanwhile."""
        listed = json.loads(_run(*self._nft("-j", "list", "table", "inet", _TABLE)))
        _run(*self._nft("delete", "table", "inet", _TABLE))
        rules = [entry["rule"] for entry in listed["nftables"] if "rule" in entry]
        counters = [part["counter"] for rule in rules for part in rule["expr"] if "counter" in part]
        return sum(counter["packets"] for counter in counters)

    def _nft(self, *arguments: str) -> list[str]:
        return ["ip", "netns", "exec", self.namespace, "nft", *arguments]


@dataclass(frozen=True, slots=True)
class Network:
    """A bridge of this machine with hosts on it.

    Attributes:
        address: Of this machine on the bridge; servers bind to it.
        subnet: In CIDR form, as a database's access list wants it.
        hosts: In order.
    """

    address: str
    subnet: str
    hosts: tuple[Host, ...]


@contextmanager
def open_network(count: int) -> Generator[Network]:
    """A bridge with `count` hosts; everything is gone afterwards, running processes included.

    Raises:
        NetworkError: this is not root, or the kernel lacks namespaces or nftables.
    """
    require_tools()
    remove_leftovers()
    mark = f"wtc{os.getpid()}"
    subnet = _find_free_subnet()
    address, *others = (str(each) for each in list(subnet.hosts())[: count + 1])
    hosts = tuple(Host(f"{mark}h{number}", other) for number, other in enumerate(others, 1))
    try:
        _run("ip", "link", "add", f"{mark}b", "type", "bridge")
        _run("ip", "addr", "add", f"{address}/{subnet.prefixlen}", "dev", f"{mark}b")
        _run("ip", "link", "set", f"{mark}b", "up")
        for number, host in enumerate(hosts, 1):
            _attach(host, f"{mark}v{number}", f"{mark}b", subnet.prefixlen)
        yield Network(address, str(subnet), hosts)
    finally:
        _remove(mark)


def require_tools() -> None:
    """Have iproute2 and nftables, installed where this is root and they are missing.

    Raises:
        NetworkError: this is not root.
    """
    if os.geteuid() != 0:
        raise NetworkError("Network namespaces need root.")
    if not all(shutil.which(tool) for tool in ("ip", "nft", "unshare")):
        subprocess.run([INSTALLER], check=True)


def remove_leftovers() -> None:
    """Remove what runs that no longer live have left behind."""
    names = _run("ip", "-br", "link").split() + _run("ip", "netns", "list").split()
    makers = {int(found[1]) for found in map(_OURS.match, names) if found}
    for maker in makers:
        if not Path(f"/proc/{maker}").exists():
            _remove(f"wtc{maker}")


def _attach(host: Host, cable: str, bridge: str, prefix: int) -> None:
    _run("ip", "netns", "add", host.namespace)
    inside = ("ip", "-n", host.namespace)
    _run("ip", "link", "add", cable, "type", "veth", "peer", "eth0", "netns", host.namespace)
    _run("ip", "link", "set", cable, "master", bridge, "up")
    _run(*inside, "addr", "add", f"{host.address}/{prefix}", "dev", "eth0")
    _run(*inside, "link", "set", "lo", "up")
    _run(*inside, "link", "set", "eth0", "up")


def _remove(mark: str) -> None:
    ours = re.compile(rf"{mark}h\d+")
    for namespace in filter(ours.fullmatch, _run("ip", "netns", "list").split()):
        _end_processes(Host(namespace, ""))
        _run("ip", "netns", "delete", namespace)
    links = re.compile(rf"({mark}[bv]\d*)(?:@\S+)?")
    for found in filter(None, map(links.fullmatch, _run("ip", "-br", "link").split())):
        # The kernel removes the cable of a vanished namespace by itself, a moment later.
        with contextlib.suppress(NetworkError):
            _run("ip", "link", "delete", found[1])


def _end_processes(host: Host) -> None:
    deadline = time.monotonic() + _END_SECONDS
    while host.kill_everything() and time.monotonic() < deadline:
        time.sleep(0.05)


def _find_free_subnet() -> ipaddress.IPv4Network:
    taken = _run("ip", "-4", "-br", "addr")
    first = os.getpid()
    for number in range(first, first + 250):
        subnet = ipaddress.IPv4Network(f"10.213.{number % 250}.0/24")
        if f"10.213.{number % 250}." not in taken:
            return subnet
    raise NetworkError("No subnet is free between 10.213.0.0 and 10.213.249.0.")


def _run(*command: str, text: str = "") -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NetworkError(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
    return done.stdout
