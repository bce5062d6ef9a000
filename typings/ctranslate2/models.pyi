# Compiled classes without signatures; the engine isolates its calls in decoding/whisper.py and loaded.py.
from typing import Any

Whisper: Any
