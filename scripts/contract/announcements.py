"""What the changelog announces as breaking."""

import re

_UNRELEASED = re.compile(r"^## Unreleased\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BREAKING = re.compile(r"^### Breaking\n(.*?)(?=^### |\Z)", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"`([^`]+)`")


def list_announced(changelog: str) -> set[str]:
    """Read the texts in backquotes of the section Breaking under Unreleased.

    Lines may break inside of a text; any white space counts as one blank.
    """
    unreleased = _UNRELEASED.search(changelog)
    breaking = _BREAKING.search(unreleased.group(1)) if unreleased else None
    if breaking is None:
        return set()
    return {" ".join(text.split()) for text in _QUOTED.findall(breaking.group(1))}
