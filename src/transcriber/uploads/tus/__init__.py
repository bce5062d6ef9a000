"""tus 1.0 over the same uploads: bytes come one after the other, from any client that speaks it."""
