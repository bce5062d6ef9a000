"""Proving who one is, and the sign-ins that come of it."""
