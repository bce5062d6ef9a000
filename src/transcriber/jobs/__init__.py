"""Requests to transcribe one recording: lifecycle, spans, progress."""
