"""Counting attempts, so that guessing is slow whichever process is asked."""
