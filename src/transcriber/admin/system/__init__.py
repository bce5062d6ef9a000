"""Every part that the service consists of, looked at within two seconds."""
