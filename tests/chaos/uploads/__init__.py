"""Uploads in chunks under cut connections, killed APIs and failing disks."""
