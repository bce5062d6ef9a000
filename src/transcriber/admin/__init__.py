"""The operator's view: is the service alive, is it ready."""
