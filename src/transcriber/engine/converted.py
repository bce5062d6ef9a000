"""What a finished conversion says of itself; apart from the libraries that convert."""

import json
from pathlib import Path
from typing import Final

# Counted up when the same checkpoint would be converted differently, so that older caches are
# converted again.
CONVERSION_VERSION = 1
MANIFEST: Final = "manifest.json"


def is_converted(sha256: str, cache_dir: Path) -> bool:
    """Tell whether a complete conversion by this version is cached.

    Args:
        sha256: The checkpoint's checksum.
        cache_dir: Where conversions are kept.

    Returns:
        True when the manifest is of this version and every file has the size it records.
    """
    target = cache_dir / sha256
    try:
        manifest = json.loads((target / MANIFEST).read_bytes())
        return manifest["version"] == CONVERSION_VERSION and all(
            (target / name).stat().st_size == size for name, size in manifest["files"].items()
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        # No manifest, or not one of ours: the checkpoint is simply converted again.
        return False
