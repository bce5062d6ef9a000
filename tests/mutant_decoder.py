"""Decodes many damaged files in one locked-down process; run as a script by the mutant test.

Standard input holds one JSON line (seed, first, count, files in hexadecimal).  Before each mutant
its number is written, so that the reader knows which one ended the process; after it, a letter:
`a` for audio, `r` for a refusal.
"""

import io
import json
import os
import random
import sys

from transcriber.engine.errors import MediaError
from transcriber.engine.media.decoding import Recording
from transcriber.engine.media.lockdown import lock_down
from transcriber.engine.media.warmup import warm_up

MAX_SECONDS = 20.0
INTERESTING = (b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00")


def mutate(files: list[bytes], seed: int, index: int) -> bytes:
    """The same damage for the same numbers: flipped bytes, extreme words, cuts, splices."""
    chance = random.Random(f"{seed}:{index}")
    data = bytearray(chance.choice(files))
    for _ in range(chance.choice((1, 2, 8, 64))):
        kind = chance.randrange(6)
        # Half of the damage goes to the header, where the structure is.
        place = chance.randrange(min(len(data), 512) if chance.random() < 0.5 else len(data))
        if kind == 0:
            data[place] ^= 1 << chance.randrange(8)
        elif kind == 1:
            data[place] = chance.randrange(256)
        elif kind == 2:
            data[place : place + 4] = chance.choice(INTERESTING)
        elif kind == 3 and len(data) > 64:
            del data[place : place + chance.randrange(1, 64)]
        elif kind == 4:
            other = chance.choice(files)
            start = chance.randrange(len(other))
            data[place:place] = other[start : start + 64]
        elif kind == 5 and chance.random() < 0.1:
            del data[place:]
        if not data:
            return b"\x00"
    return bytes(data)


def main() -> None:
    request = json.loads(sys.stdin.readline())
    files = [bytes.fromhex(text) for text in request["files"]]
    first, count, seed = request["first"], request["count"], request["seed"]
    # The generator and the codecs of text are warmed up as well.
    mutate(files, seed, first)
    warm_up()
    layers = lock_down(cpu_seconds=600, address_space_bytes=1 << 30)
    os.write(1, f"{layers['seccomp']}\n".encode())
    for index in range(first, first + count):
        os.write(1, f"{index} ".encode())
        try:
            recording = Recording(io.BytesIO(mutate(files, seed, index)))
            for _ in recording.decode(MAX_SECONDS):
                pass
            recording.summarize()
        except (MediaError, MemoryError):
            os.write(1, b"r\n")
        else:
            os.write(1, b"a\n")
    os._exit(0)


if __name__ == "__main__":
    main()
