"""Where each transcript is written, decided before anything is transcribed."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path


def plan_outputs(
    inputs: Sequence[Path], extensions: Sequence[str], output_dir: Path | None
) -> list[dict[str, Path]]:
    """Name the output files of each input, by extension.

    The rule: `talk.mp3` gives `talk.txt`, in `output_dir` or beside the input.  Where that name is
    an input, or two inputs would share it (`talk.mp3` and `talk.wav`), the full name is kept:
    `talk.mp3.txt`, `talk.wav.txt`.  What still collides (the same name from two folders) gets a
    number in the order given: `talk.mp3.2.txt`.  All formats of an input share one stem.  Names
    that differ in case only count as the same, because some disks hold them to be.
    """
    taken = {_key(path) for path in inputs}
    folders = [output_dir or path.parent for path in inputs]
    short = Counter(_key(folder / path.stem) for folder, path in zip(folders, inputs, strict=True))
    plan: list[dict[str, Path]] = []
    for folder, path in zip(folders, inputs, strict=True):
        is_shared = short[_key(folder / path.stem)] > 1
        names = next(
            names
            for stem in _propose_stems(path, is_shared=is_shared)
            if taken.isdisjoint(
                map(
                    _key,
                    (names := {each: folder / f"{stem}{each}" for each in extensions}).values(),
                )
            )
        )
        taken.update(map(_key, names.values()))
        plan.append(names)
    return plan


def _propose_stems(path: Path, *, is_shared: bool) -> Iterator[str]:
    if not is_shared:
        yield path.stem
    yield path.name
    for number in count(2):
        yield f"{path.name}.{number}"


def _key(path: Path) -> str:
    # Links are followed, so that an output never replaces an input under another name.  Unlike
    # Path.resolve(), this takes links that lead in a circle as they are.
    return os.path.realpath(path).casefold()
