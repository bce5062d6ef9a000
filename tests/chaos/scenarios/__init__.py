"""Single misfortunes, each played from its beginning to its end: disks, clocks, networks."""
