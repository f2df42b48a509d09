#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# demo.sh - from a fresh Debian 12 to the answer: install what is missing, build, analyse the sample recording
#
# Leaves report.html, stalls.csv, victims.csv and report.json in the directory it is called from.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
recording=$here/sample-arm64-5.10-dmazone-stall.dat

sh "$here/install-deps.sh"
echo "building in $root/build" >&2
cmake -S "$root" -B "$root/build" -DVMSTALL_TESTS=OFF >/dev/null
cmake --build "$root/build" --parallel "$(nproc)" >/dev/null

"$root/build/vmstall" analyze --html report.html --csv stalls.csv --victims victims.csv --json report.json "$recording"
echo
echo "Left in $(pwd): report.html (open it in a browser), stalls.csv (a row a stall), victims.csv (a row a frozen task), report.json"
