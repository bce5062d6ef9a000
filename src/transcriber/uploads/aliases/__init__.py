"""The temporary second names of two routes: served, then redirected, then gone, and counted."""
