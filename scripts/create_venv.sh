#!/usr/bin/env bash
# Create a virtual environment from the machine's python3, adding Debian's venv module if needed.
set -euo pipefail
venv=$1
if ! command -v python3 >/dev/null; then
    echo "python3 is missing: install Python 3.11 or newer." >&2
    exit 1
fi
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed; $(python3 --version) was found." >&2
    exit 1
fi
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv
    else
        echo "Python's venv module is missing: run 'apt-get install python3-venv' as root." >&2
        exit 1
    fi
fi
python3 -m venv "$venv"
