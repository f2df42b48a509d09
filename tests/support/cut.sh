#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# cut.sh - make a small recording out of a large one, with the truth that belongs to it
#
#	cut.sh RECORDING.dat FROM TO OUT.dat
#
# FROM and TO are seconds on the trace clock. The truth beside RECORDING.dat (NAME.holds.csv, NAME.waits.csv,
# NAME.publishers.txt) is cut too, where it exists. trace-cmd split drops the kernel release, CPUSTAT, instances and the
# file's clock option; the buffer's own clock stays. Over 2 MiB is an error: take less time.
set -eu

[ $# -eq 4 ] || { sed -n 's/^#\t//p' "$0" >&2; exit 2; }
in=$1 from=$2 to=$3 out=$4

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trace-cmd split -i "$in" -o "$work/cut" "$from" "$to" >/dev/null 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
size=$(wc -c <"$work/cut.1")
[ "$size" -le 2097152 ] || { echo "cut.sh: $size bytes from $from to $to, more than 2 MiB" >&2; exit 1; }
mv "$work/cut.1" "$out"

# The header, and the rows whose interval (their first two columns) touches the window.
for kind in holds waits; do
	truth=${in%.dat}.$kind.csv
	[ -f "$truth" ] || continue
	awk -F, -v from="$from" -v to="$to" 'NR == 1 || ($1 < to && $2 > from)' "$truth" >"${out%.dat}.$kind.csv"
done

# A task's own line, then the gaps it saw: those that touch the window.
truth=${in%.dat}.publishers.txt
if [ -f "$truth" ]; then
	awk -v from="$from" -v to="$to" '/^name=/ { print; next }
		{ split($2, start, "="); split($3, end, "=") }
		start[2] + 0 < to && end[2] + 0 > from' "$truth" >"${out%.dat}.publishers.txt"
fi
