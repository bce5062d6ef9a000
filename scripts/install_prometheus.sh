#!/usr/bin/env bash
# Have Prometheus and promtool for the tests of the alerts; no system service is left behind.
set -euo pipefail

if command -v prometheus >/dev/null && command -v promtool >/dev/null; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing: prometheus; install it, or run this as root on Debian." >&2
    exit 1
fi
# A mirror that is silent shall not hold up the other tests for minutes.
patience=(-o Acquire::Retries=1 -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20)
apt-get update -qq "${patience[@]}"
DEBIAN_FRONTEND=noninteractive apt-get install "${patience[@]}" -y -qq --no-install-recommends prometheus \
    >/dev/null
# Debian starts what it installs.
if [ -d /run/systemd/system ]; then
    systemctl disable --quiet --now prometheus 2>/dev/null || true
fi
