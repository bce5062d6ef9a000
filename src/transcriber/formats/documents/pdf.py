"""PDF, by Typst.  Only the rendering process imports this module.

The document is PDF/A-2b: whoever checks it can rely on every font being inside, and Typst refuses
a character for which it has no glyph, where it would otherwise leave a gap that nobody notices.
"""

import re
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from transcriber.formats import documents
from transcriber.formats.documents.errors import DocumentError

_MISSING = re.compile(r'the text `"(.+?)"` could not be displayed')
_SHOWN_CHARACTERS = 20


def render_pdf(outline: bytes) -> bytes:
    """Return the outline as a PDF.

    The fonts are those inside Typst, and for what they lack those that the machine has.

    Raises:
        DocumentError: `glyphs_missing`, naming characters that no font shows.
    """
    template = files(documents).joinpath("transcript.typ").read_bytes()
    # Empty, so that there is neither a file nor a package to find.
    with TemporaryDirectory(prefix="typst-") as folder:
        try:
            return typst.compile(
                {"main.typ": template, "outline.json": outline},  # pyright: ignore[reportArgumentType] -- its manual has files by name, its stubs have not
                root=Path(folder),
                package_path=Path(folder),
                package_cache_path=Path(folder),
                format="pdf",
                pdf_standards="a-2b",
            )
        except typst.TypstError as error:
            missing = sorted(set("".join(_MISSING.findall(error.diagnostic))))
            if not missing:
                raise
            raise DocumentError(_name_missing(missing), code="glyphs_missing") from None


def _name_missing(characters: list[str]) -> str:
    names = ", ".join(
        f"{character} (U+{ord(character):04X})" for character in characters[:_SHOWN_CHARACTERS]
    )
    more = len(characters) - _SHOWN_CHARACTERS
    rest = f" and {more} others" if more > 0 else ""
    return (
        f"No font of this service shows {names}{rest}; choose docx or txt, or have fonts for this "
        "script installed."
    )
