"""Corrections by people: operations on segments, find and replace, names of speakers."""
