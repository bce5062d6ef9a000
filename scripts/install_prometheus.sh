#!/usr/bin/env bash
# Have Prometheus and promtool for the tests of the alerts; no system service is left behind.
set -euo pipefail

if command -v prometheus >/dev/null && command -v promtool >/dev/null; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing: prometheus; install it, or run this as root on Debian." >&2
    exit 1
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends prometheus >/dev/null
# Debian starts what it installs.
if [ -d /run/systemd/system ]; then
    systemctl disable --quiet --now prometheus 2>/dev/null || true
fi
