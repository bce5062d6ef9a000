"""Telling an account's own receivers that its jobs have ended."""
