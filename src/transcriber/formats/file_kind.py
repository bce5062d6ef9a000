"""What is known of an export format before anything is written in it."""

from dataclasses import dataclass

from transcriber.engine.errors import OptionsError
from transcriber.formats.selection import PARTS, ExportOptions, Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKind:
    """One export format, by name.

    Attributes:
        name: What users ask for.
        media_type: As sent in Content-Type.
        extension: With its dot.
        usual: What a file shows when nothing is asked for.
        choices: The parts that can be switched; the others are always as in `usual`.
    """

    name: str
    media_type: str
    extension: str
    usual: Selection
    choices: frozenset[str] = frozenset()

    def settle(self, options: ExportOptions) -> Selection:
        """Return what the file will show.

        Raises:
            OptionsError: `option_not_supported`, for a part that this format cannot show or hide.
        """
        selection = self.usual.change(options)
        for part in PARTS:
            if part not in self.choices and getattr(selection, part) != getattr(self.usual, part):
                fate = "always" if getattr(self.usual, part) else "never"
                raise OptionsError(
                    f"{self.name} {fate} has {part}: leave {part} out, or choose another format.",
                    code="option_not_supported",
                )
        return selection
