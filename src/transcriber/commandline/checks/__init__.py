"""What `transcriber doctor` examines: one file per part of the machine."""
