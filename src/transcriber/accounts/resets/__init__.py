"""Choosing a new password without the old one: an administrator's token that works once."""
