"""API keys: named, scoped and expiring secrets with which programs act for an account."""
