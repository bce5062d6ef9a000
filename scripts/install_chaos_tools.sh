#!/usr/bin/env bash
# Have the tools that the chaos of hosts, disks and clocks needs: iproute2, nftables, libfaketime, gcc.
set -euo pipefail

missing=()
command -v ip >/dev/null || missing+=(iproute2)
command -v nft >/dev/null || missing+=(nftables)
command -v gcc >/dev/null || missing+=(gcc libc6-dev)
compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || missing+=(libfaketime)
if [ ${#missing[@]} = 0 ]; then exit 0; fi
if [ "$(id -u)" != 0 ]; then
    echo "Missing: ${missing[*]}; install them, or run this as root." >&2
    exit 1
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
