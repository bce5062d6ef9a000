"""Transfers in progress: chunks in any order, and the recording and job they end in."""
