"""How fast the service answers and works, from the histograms that `/metrics` exposes."""
