"""The protections that the mutants take out are still where they look for them."""

import compileall
from pathlib import Path

import pytest

from chaos.mutants import MUTANTS, PACKAGE, Mutant, mutate


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_differs_from_the_package_and_is_python(mutant: Mutant, tmp_path: Path) -> None:
    folder = mutate(mutant, tmp_path)
    for edit in mutant.edits:
        path = folder / "transcriber" / edit.file
        assert path.read_text() != (PACKAGE / edit.file).read_text()
        assert compileall.compile_file(path, quiet=2)
