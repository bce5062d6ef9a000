"""Self-hosted transcription: recordings in, correct transcripts out."""

__version__ = "0.1.0"
