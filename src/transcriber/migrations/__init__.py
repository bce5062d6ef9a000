"""The database's shape through time, and the command that brings a database to the newest."""
