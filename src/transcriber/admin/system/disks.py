"""How full the disks of this machine are."""

import shutil
from pathlib import Path

from transcriber.admin.system.schemas import DiskRead
from transcriber.infra.settings import Settings
from transcriber.infra.storage.protocol import LOW_WATER_FRACTION


def look_at_disks(settings: Settings) -> list[DiskRead]:
    """Each disk once, with the places that lie on it.

    Raises:
        OSError: when a disk does not answer.
    """
    places = {
        "data": settings.data_dir,
        "storage": settings.resolved_storage_dir if settings.storage == "local" else None,
        "scratch": settings.resolved_scratch_dir if settings.storage == "s3" else None,
        "models": settings.models_dir,
        "model_cache": settings.resolved_model_cache_dir,
    }
    disks: dict[int, tuple[Path, list[str]]] = {}
    for name, place in places.items():
        if place is not None:
            found = _find_existing(place.resolve())
            disks.setdefault(found.stat().st_dev, (found, []))[1].append(name)
    return [_measure(path, names, settings) for path, names in disks.values()]


def _find_existing(place: Path) -> Path:
    # A folder that is made with the first object lies where its parent does.
    return next(each for each in (place, *place.parents) if each.exists())


def _measure(path: Path, names: list[str], settings: Settings) -> DiskRead:
    usage = shutil.disk_usage(path)
    low_water = min(settings.disk_low_water_bytes, int(usage.total * LOW_WATER_FRACTION))
    return DiskRead.model_validate(
        {
            "places": names,
            "total_bytes": usage.total,
            "free_bytes": usage.free,
            "low_water_bytes": low_water,
            "is_low": usage.free <= low_water,
        }
    )
