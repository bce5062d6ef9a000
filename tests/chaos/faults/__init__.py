"""The faults, by what they hurt.  Each is a function of the scene that returns when it is over."""
