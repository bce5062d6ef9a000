import os
from pathlib import Path

from transcriber.infra.machine_memory import read_machine_memory, read_resident_bytes

MEMINFO = "MemTotal: 8000 kB\nMemFree: 100 kB\nMemAvailable: 6000 kB\nHugePages_Total: 0\n"
KIB = 1024


def build_root(tmp_path: Path, cgroup: str, files: dict[str, str]) -> Path:
    for name, text in {
        "proc/meminfo": MEMINFO,
        "proc/self/cgroup": cgroup,
        **{f"sys/fs/cgroup/{name}": text for name, text in files.items()},
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_without_limits_the_machine_s_own_figures_count(tmp_path: Path) -> None:
    memory = read_machine_memory(build_root(tmp_path, "0::/\n", {}))
    assert (memory.total_bytes, memory.available_bytes) == (8000 * KIB, 6000 * KIB)


def test_a_limit_of_the_second_version_counts_less_its_cache(tmp_path: Path) -> None:
    files = {
        "app/memory.max": f"{4000 * KIB}\n",
        "app/memory.current": f"{3000 * KIB}\n",
        "app/memory.stat": f"anon 5\ninactive_file {500 * KIB}\n",
        "app/inner/memory.max": "max\n",
        "app/inner/memory.current": "5\n",
    }
    memory = read_machine_memory(build_root(tmp_path, "0::/app/inner\n", files))
    assert (memory.total_bytes, memory.available_bytes) == (4000 * KIB, 1500 * KIB)


def test_a_limit_of_the_first_version_counts_too(tmp_path: Path) -> None:
    files = {
        "memory/app/memory.limit_in_bytes": f"{2000 * KIB}\n",
        "memory/app/memory.usage_in_bytes": f"{1500 * KIB}\n",
        "memory/app/memory.stat": "total_inactive_file 0\n",
        "memory/memory.limit_in_bytes": "9223372036854771712\n",
        "memory/memory.usage_in_bytes": "5\n",
    }
    memory = read_machine_memory(build_root(tmp_path, "4:cpu,memory:/app\n0::/\n", files))
    assert (memory.total_bytes, memory.available_bytes) == (2000 * KIB, 500 * KIB)


def test_inside_a_container_the_mounted_tree_begins_at_our_group(tmp_path: Path) -> None:
    files = {"memory.max": f"{2000 * KIB}\n", "memory.current": f"{500 * KIB}\n"}
    memory = read_machine_memory(build_root(tmp_path, "0::/docker/abc\n", files))
    assert memory.available_bytes == 1500 * KIB


def test_this_process_has_memory_and_an_unknown_one_has_none() -> None:
    assert read_resident_bytes(os.getpid()) > KIB
    assert read_resident_bytes(2**22 + 1) == 0
