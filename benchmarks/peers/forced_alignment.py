# The peers have no types, and two of them live in another environment.
# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false
"""Say when each word of a known text is spoken; run by the peers' interpreter.

Pocketsphinx aligns the text with its American English model of Gaussian mixtures and its dictionary
of pronunciations, in frames of 10 ms.  There is no second pass over the sounds inside the words: it
left 926 of 932 borders of words where they were.

Reads one JSON list of `{"audio": path, "words": [texts]}` from standard input, where every path is
a raw float32 mono 16 kHz file, and prints one JSON line each: `{"unknown": words without a
pronunciation, "words": [[start, end], ...] in seconds}`.  Where a word is unknown, or nothing fits,
no word is timed.
"""

import json
import sys

import numpy as np
from pocketsphinx import Decoder

FRAME_SECONDS = 0.01


def main() -> None:
    """Align every file in turn."""
    # Wider than the defaults, so that no text is given up before the sound's end.
    beams = {"beam": 1e-100, "pbeam": 1e-100, "wbeam": 1e-80}
    decoder = Decoder(lm=None, cmn="batch", loglevel="FATAL", **beams)
    for request in json.load(sys.stdin):
        words = request["words"]
        unknown = [word for word in words if decoder.lookup_word(word) is None]
        times = [] if unknown else align(decoder, request["audio"], words)
        print(json.dumps({"unknown": unknown, "words": times}), flush=True)


def align(decoder: Decoder, path: str, words: list[str]) -> list[list[float]]:
    """Return the start and end of each word; nothing where the text does not fit the sound."""
    audio = np.fromfile(path, np.float32)
    pcm = (np.clip(audio, -1, 1) * np.iinfo(np.int16).max).astype("<i2").tobytes()
    decoder.set_align_text(" ".join(words))
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    try:
        decoder.end_utt()
    except RuntimeError:
        # The sound ended before the text did.
        return []
    found = [
        [piece.start_frame * FRAME_SECONDS, (piece.end_frame + 1) * FRAME_SECONDS]
        for piece in decoder.seg()
        # Silences, noises and joints are written "<sil>", "[NOISE]" and "(NULL)".
        if piece.word[0] not in "<[+("
    ]
    return found if len(found) == len(words) else []


main()
