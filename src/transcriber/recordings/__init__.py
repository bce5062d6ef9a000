"""Stored media and what is known of it."""
