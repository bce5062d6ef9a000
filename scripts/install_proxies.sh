#!/usr/bin/env bash
# Have nginx and Caddy for the tests of deploy/, and what these call; no system service is left behind.
set -euo pipefail

missing=()
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
command -v caddy >/dev/null || missing+=(caddy)
command -v openssl >/dev/null || missing+=(openssl)
command -v curl >/dev/null || missing+=(curl)
if [ ${#missing[@]} = 0 ]; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "Missing: ${missing[*]}; install them, or run this as root on Debian." >&2
    exit 1
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
# Debian starts what it installs.
if [ -d /run/systemd/system ]; then
    for each in "${missing[@]}"; do
        systemctl disable --quiet --now "${each%-light}" 2>/dev/null || true
    done
fi
