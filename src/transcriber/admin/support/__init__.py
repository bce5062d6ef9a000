"""What a report of a fault needs to tell of a service, without what nobody else may know."""
