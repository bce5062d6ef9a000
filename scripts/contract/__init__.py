"""What of an OpenAPI document's change breaks a client that was built for the older one."""
