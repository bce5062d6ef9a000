"""Plumbing that knows nothing of recordings or jobs."""
