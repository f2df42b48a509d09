#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# make.sh - make a small recording into big ones, to measure with run.sh
#
#	sh tests/bench/make.sh RECORDING DIRECTORY [SIZE]...
#
# For each SIZE of pages (300M and 3000M, unless said) one that is not compressed and one with zstd, the default of
# trace-cmd 3: DIRECTORY/NAME-SIZE-none.dat, -zstd.dat.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
[ $# -ge 2 ] || { sed -n '5,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
recording=$1 directory=$2
shift 2
[ $# -gt 0 ] || set -- 300M 3000M
name=$(basename "$recording" .dat)
plain=$directory/$name.plain.tmp

sh "$root/tests/bench/build.sh"
mkdir -p "$directory"
trap 'rm -f "$plain"' EXIT
trace-cmd convert --file-version 7 --compression none -i "$recording" -o "$plain" >/dev/null
for size; do
	for codec in none zstd; do
		"$root/build-bench/bench/bench_grow" --size "$size" --compression "$codec" "$plain" "$directory/$name-$size-$codec.dat"
		echo "$directory/$name-$size-$codec.dat"
	done
done
