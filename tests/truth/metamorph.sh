#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# metamorph.sh - the same findings of the same machine, however it is told: all recordings and many made machines
#
# usage: metamorph.sh VMSTALL TESTS [MACHINES]
# TESTS: where variant and made are built (build-test/tests). MACHINES of each kind are made [4]. Recordings beside the
# checkout are used where present; VMSTALL_RECORDINGS names another directory. It takes a minute for two or three of them;
# tests/run.sh does a small part.
set -eu
vmstall=$1 tests=$2 machines=${3:-4}
source=$(cd "$(dirname "$0")/../.." && pwd)
beside=${VMSTALL_RECORDINGS:-$source/../shared/recordings}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for kind in any quick folios numa cgroup alone calm; do
	for seed in $(seq "$machines"); do
		"$tests/made" "$kind:$seed" "$scratch/$kind-$seed"
	done
done
set -- "$source"/samples/*.dat "$source"/tests/fixtures/recordings/*.dat "$scratch"/*.dat
for holds in "$beside"/*.holds.csv; do
	[ -f "${holds%.holds.csv}.dat" ] && set -- "$@" "${holds%.holds.csv}.dat"
done
python3 "$source/tests/truth/metamorph.py" --vmstall "$vmstall" --variants "$tests/variant" "$@"
