#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# run.sh - how fast is vmstall, and how much memory does it take, beside what else reads recordings?
#
#	sh tests/bench/run.sh [--runs N] [--jobs N] [--no-report] [--postprocess PERL-SCRIPT] FILE...
#
# Everything is measured in turn, N times (5), and the medians are compared: the whole `vmstall analyze`; the bare
# libtracecmd loop in time order; a bare walk of the same pages with libtraceevent's kbuffer, in as many threads; and
# `trace-cmd report`, alone and, with --postprocess, into the kernel's Documentation/trace/postprocess/
# trace-vmscan-postprocess.pl. A file with at least twice the pages of the first of its compression is
# compared with that one. make.sh makes big recordings. Nothing else should run meanwhile. Status 1: a bar was missed.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
runs=5 jobs=$(nproc) report=yes postprocess=

usage() { sed -n '5s/^# *//p' "$0" >&2; exit 2; }

while [ $# -gt 0 ]; do
	case $1 in
	--runs) runs=$2; shift 2 ;;
	--jobs) jobs=$2; shift 2 ;;
	--no-report) report=; shift ;;
	--postprocess) postprocess=$2; shift 2 ;;
	-*) usage ;;
	*) break ;;
	esac
done
[ $# -gt 0 ] || usage

sh "$root/tests/bench/build.sh"
bin=$root/build-bench/bench
results=$(mktemp)
trap 'rm -f "$results"' EXIT

command_of() {
	case $1 in
	analyze) echo "exec '$root/build-bench/vmstall' analyze -q --jobs $jobs '$2'" ;;
	loop) echo "exec '$bin/bench_loop' '$2'" ;;
	walk) echo "exec '$bin/bench_walk' $jobs '$2'" ;;
	report) echo "exec trace-cmd report '$2'" ;;
	postprocess) echo "trace-cmd report '$2' | perl '$postprocess'" ;;
	esac
}

what="walk loop analyze${report:+ report}${postprocess:+ postprocess}"
for file; do
	size=$("$bin/bench_walk" "$jobs" "$file")
	codec=$(head -c 32 "$file" | tr '\0' '\n' | grep -a -o -m 1 -E 'none|zstd|zlib' || echo none)
	echo "file $file $codec $(wc -c <"$file") $size" >>"$results"
	for name in $what; do		# what cannot read it is left out; and all are warm then
		sh -c "$(command_of "$name" "$file")" >/dev/null 2>&1 || what=$(echo "$what" | sed "s/$name//")
	done
	i=0
	while [ $i -lt "$runs" ]; do
		for name in $what; do
			echo "time $name $("$bin/bench_measure" time sh -c "$(command_of "$name" "$file")")" >>"$results"
		done
		i=$((i + 1))
	done
	for name in $what; do
		echo "memory $name $("$bin/bench_measure" memory sh -c "$(command_of "$name" "$file")")" >>"$results"
	done
done
awk -v jobs="$jobs" -v runs="$runs" -f "$root/tests/bench/median.awk" -f "$root/tests/bench/table.awk" "$results"
