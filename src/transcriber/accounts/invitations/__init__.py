"""Letting somebody in who has no account yet: a token that works once."""
