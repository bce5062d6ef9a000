"""Which tokens a transcription must never produce."""

from tokenizers import Tokenizer

from transcriber.engine.conversion.vocabulary import END_OF_TEXT

# From `non_speech_tokens` in OpenAI's whisper/tokenizer.py: speaker tags and annotations such as
# [MUSIC] are not speech.
_SINGLE_SYMBOLS = '"#()*+/:;<=>@[\\]^_`{|}~「」『』'
_LONG_SYMBOLS = """
    << >> <<< >>> -- --- -( -[ (' (" (( )) ((( ))) [[ ]] {{ }} ♪♪ ♪♪♪
"""
# These may be several tokens; their first two bytes are shared by symbols only (U+2640 to U+267F),
# so that suppressing the first token is safe.
_MUSIC_SYMBOLS = frozenset("♩♪♫♬♭♮♯")
_SUPPRESSED_SPECIALS = (
    "<|startoftranscript|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nocaptions|>",
)


def list_suppressed(tokenizer: Tokenizer) -> list[int]:
    """List the ids suppressed throughout: non-speech symbols and control tokens.

    Args:
        tokenizer: The model's tokenizer.

    Returns:
        Ids in order, as OpenAI's `suppress_tokens="-1"` gives them.
    """

    def encode(text: str) -> list[int]:
        return tokenizer.encode(text, add_special_tokens=False).ids

    # A hyphen or quote is allowed within a word but not at its beginning.
    result = {encode(" -")[0], encode(" '")[0]}
    for symbol in (*_SINGLE_SYMBOLS, *_LONG_SYMBOLS.split(), *_MUSIC_SYMBOLS):
        for ids in (encode(symbol), encode(f" {symbol}")):
            if len(ids) == 1 or symbol in _MUSIC_SYMBOLS:
                result.add(ids[0])
    return sorted(result | {find_id(tokenizer, text) for text in _SUPPRESSED_SPECIALS})


def list_suppressed_at_start(tokenizer: Tokenizer) -> list[int]:
    """List the ids a transcription must not begin with: a blank, and its own end.

    Args:
        tokenizer: The model's tokenizer.

    Returns:
        Ids in order, as OpenAI's `SuppressBlank` filters them.
    """
    return [*tokenizer.encode(" ", add_special_tokens=False).ids, find_id(tokenizer, END_OF_TEXT)]


def find_id(tokenizer: Tokenizer, text: str) -> int:
    """Look up a token that every Whisper tokenizer has.

    Raises:
        LookupError: It lacks the token.
    """
    index = tokenizer.token_to_id(text)
    if index is None:
        raise LookupError(f"The tokenizer lacks {text}.")
    return index
