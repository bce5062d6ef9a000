#!/usr/bin/env bash
# The peers' own environment.  PyTorch's CPU build is not on the index under a hash every machine
# sees (an operator's mirror may serve its own build), so it alone is installed by exact version;
# everything else is hash-pinned.  The product never imports from here.
set -euo pipefail
venv=$1
if [ -e "$venv/.installed" ] && [ "$venv/.installed" -nt requirements/bench.txt ]; then exit 0; fi
python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet torch==2.13.0
"$venv/bin/python" -m pip install --quiet --no-deps --require-hashes -r requirements/bench.txt
touch "$venv/.installed"
