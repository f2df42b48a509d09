#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# here.sh - record this machine while COMMAND runs: a control, in which nothing may be found
#
#	here.sh OUT.dat COMMAND [ARGUMENT...]
#
# It needs tracefs and root, but not the sysctls that trace-cmd record writes, which containers and small virtual machines
# forbid. The events go to an instance of their own, large enough for all: nobody reads, and so disturbs, until COMMAND
# has ended. trace-cmd restore makes the recording of the raw pages.
set -eu

[ $# -ge 2 ] || { sed -n 's/^#\t//p' "$0" >&2; exit 2; }
out=$1
shift
tracing=/sys/kernel/tracing
mine=$tracing/instances/vmstall-here
clock=$(sed 's/.*\[\(.*\)\].*/\1/' $tracing/trace_clock)
work=$(mktemp -d)
mkdir $mine
trap 'rmdir $mine; echo $clock >$tracing/trace_clock; rm -rf "$work"' EXIT

echo 0 >$mine/tracing_on
echo mono >$mine/trace_clock
echo 65536 >$mine/buffer_size_kb
for system in sched vmscan compaction irq; do
	[ ! -d $mine/events/$system ] || echo 1 >$mine/events/$system/enable
done
echo 1 >$mine/tracing_on
"$@" || echo "here.sh: $1: exit status $?" >&2
echo 0 >$mine/tracing_on

# The file's clock is that of the first buffer, which nobody uses.
echo mono >$tracing/trace_clock
trace-cmd restore -c -o "$work/head" >/dev/null
set --
for name in $(ls $mine/per_cpu | sort -V); do
	cpu=$mine/per_cpu/$name
	grep -q '^overrun: 0$' "$cpu/stats" || echo "here.sh: $name lost events" >&2
	dd if="$cpu/trace_pipe_raw" of="$work/$name" bs=4096 iflag=nonblock 2>/dev/null || :	# until there is no more
	set -- "$@" "$work/$name"
done
trace-cmd restore -o "$out" -i "$work/head" "$@" >/dev/null 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
