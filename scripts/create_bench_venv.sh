#!/usr/bin/env bash
# The peers' own environment.  PyTorch's CPU build is not on the index under a hash every machine
# sees (an operator's mirror may serve its own build), so it alone is installed by exact version;
# everything else is hash-pinned.  The product never imports from here.
set -euo pipefail
venv=$1
if [ -e "$venv/.installed" ] && [ "$venv/.installed" -nt requirements/bench.txt ]; then exit 0; fi
if ! command -v c++ >/dev/null; then
    echo "The peers need a C++ compiler: whisper.cpp is built for this machine's processor." >&2
    exit 1
fi
python3 -m venv "$venv"
"$venv/bin/python" -m pip install --quiet torch==2.13.0
peers() {
    "$venv/bin/python" -m pip "$@" --quiet --no-deps --require-hashes -r requirements/bench.txt
}
peers install
# The wheel of whisper.cpp stops at AVX2: built from its sources it has all that this processor has.
# That build is for this machine alone, so pip keeps no copy.  AMX is left out: built with it, this
# version ends with a segmentation fault on a processor that has it.
without_amx=
if grep -qw amx_tile /proc/cpuinfo; then without_amx='-mno-amx-tile -mno-amx-int8 -mno-amx-bf16'; fi
"$venv/bin/python" -m pip uninstall --quiet --yes pywhispercpp
# shellcheck disable=SC2016 # The loader reads $ORIGIN, not the shell.
CFLAGS=$without_amx CXXFLAGS=$without_amx \
    CMAKE_ARGS='-DGGML_NATIVE=ON -DCMAKE_BUILD_WITH_INSTALL_RPATH=ON -DCMAKE_INSTALL_RPATH=$ORIGIN' \
    PATH=$PWD/$venv/bin:$PATH peers install --no-cache-dir --no-build-isolation --no-binary pywhispercpp
touch "$venv/.installed"
