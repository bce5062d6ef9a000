"""Which coding of an answer a client takes (RFC 9110, section 12.5.3)."""

from collections.abc import Iterable


def choose_coding(accepted: str | None, available: Iterable[str]) -> str | None:
    """Choose among the codings that an answer is stored in.

    Args:
        accepted: The request's `Accept-Encoding`, several lines joined by commas; none takes the
            answer as it is.
        available: Names of codings, the best first.

    Returns:
        The coding that the client likes most, the first of equals; none for the answer as it is,
        also where nothing that is there is acceptable.
    """
    weights = _read_weights(accepted or "")
    others = weights.get("*", 0.0)
    chosen, weight = None, weights.get("identity", 0.0)
    for coding in available:
        mine = weights.get(coding, others)
        # Of equals the smaller answer: any coding is better than none, an earlier than a later one.
        if mine > weight or (mine == weight > 0 and chosen is None):
            chosen, weight = coding, mine
    return chosen


def _read_weights(accepted: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name:
            weights[name] = _read_weight(parameters)
    return weights


def _read_weight(parameters: list[str]) -> float:
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                # What cannot be read is not asked for.
                return 0.0
            return weight if 0 <= weight <= 1 else 0.0
    return 1.0
