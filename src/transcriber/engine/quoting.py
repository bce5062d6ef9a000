"""Show what a hostile file contains without letting it write our messages."""

MAX_SHOWN = 80


def quote(value: object) -> str:
    """Render a scalar found in a file, bounded and escaped; anything else by its type alone.

    Containers are never rendered: a few bytes of pickle can share references so that their
    representation would fill the memory.

    Args:
        value: Whatever the file held.

    Returns:
        At most about 80 characters of printable ASCII.
    """
    if isinstance(value, bytes):
        value = value[: MAX_SHOWN + 1]
    if isinstance(value, str):
        value = value[: MAX_SHOWN + 1]
    elif isinstance(value, int) and value.bit_length() > MAX_SHOWN:
        return f"an integer of {value.bit_length()} bits"
    elif value is not None and not isinstance(value, bool | int | float | bytes):
        return f"a {type(value).__name__}"
    text = ascii(value)
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "…"
