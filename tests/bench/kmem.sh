#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# kmem.sh - how fast does vmstall follow kernel memory, what does it take, and where does it differ from trace-cmd mem?
#
#	sh tests/bench/kmem.sh [--runs N] [--jobs N] FILE...
#
# Of each recording of kmem events: the whole `vmstall leaks` and the whole `trace-cmd mem`, in turn, N times (5), as
# medians; then what each says is left of slab objects, by function, where they differ (trace-cmd mem knows no pages).
# Then, without a file, the analysis alone with millions of live objects. Status 1: a bar was missed.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
runs=5 jobs=$(nproc) objects=4000000

usage() { sed -n '5s/^# *//p' "$0" >&2; exit 2; }

while [ $# -gt 0 ]; do
	case $1 in
	--runs) runs=$2; shift 2 ;;
	--jobs) jobs=$2; shift 2 ;;
	-*) usage ;;
	*) break ;;
	esac
done
[ $# -gt 0 ] || usage

sh "$root/tests/bench/build.sh"
bin=$root/build-bench/bench
program=$root/build-bench/vmstall
results=$(mktemp)
trap 'rm -f "$results"' EXIT
missed=0

for file; do
	codec=$(head -c 32 "$file" | tr '\0' '\n' | grep -a -o -m 1 -E 'none|zstd|zlib' || echo none)
	echo "file $file $codec $(wc -c <"$file") $("$bin/bench_walk" "$jobs" "$file")" >"$results"
	leaks="exec '$program' leaks -q --jobs $jobs '$file'"
	mem="exec trace-cmd mem -i '$file'"
	i=0
	while [ $i -lt "$runs" ]; do
		for name in leaks mem; do
			eval "command=\$$name"
			echo "time $name $("$bin/bench_measure" time sh -c "$command")" >>"$results"
		done
		i=$((i + 1))
	done
	for name in leaks mem; do
		eval "command=\$$name"
		echo "memory $name $("$bin/bench_measure" memory sh -c "$command")" >>"$results"
	done
	awk -v jobs="$jobs" -v runs="$runs" -f "$root/tests/bench/median.awk" -f "$root/tests/bench/kmem.awk" "$results" || missed=1
	python3 "$root/tests/bench/kmem.py" "$program" "$file"
done
i=0
while [ $i -lt "$runs" ]; do
	echo "heap $objects $("$bin/bench_heap" $objects 50)"
	i=$((i + 1))
done >"$results"
awk -v runs="$runs" -f "$root/tests/bench/median.awk" -f "$root/tests/bench/kmem.awk" "$results" || missed=1
exit $missed
