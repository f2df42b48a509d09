#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# test_here.sh - does here.sh record this machine, lose nothing, and leave its tracing as it was?
#
#	test_here.sh VMSTALL
set -eu

here=$(cd "$(dirname "$0")" && pwd)
tracing=/sys/kernel/tracing
[ -w $tracing/instances ] && command -v trace-cmd >/dev/null || { echo "skipped: no tracefs, or no trace-cmd"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
state() { cat $tracing/trace_clock $tracing/tracing_on $tracing/set_event; ls $tracing/instances; }
fail() { echo "FAIL: $*"; cat "$work/info"; exit 1; }

state >"$work/before"
sh "$here/here.sh" "$work/here.dat" sleep 1
state | cmp - "$work/before" || fail "the tracing of this machine is not as it was"
"$1" info "$work/here.dat" >"$work/info"
grep -q 'Clock *mono$' "$work/info" || fail "the recording's clock is not the one it was made with"
grep -q ' yes  *sched:sched_switch$' "$work/info" || fail "no switch of tasks in a second"
awk '$1 == "CPU" { cpus = 1 } cpus && $1 ~ /^[0-9]+$/ { seen++; lost += $5 } END { exit !(seen && !lost) }' "$work/info" ||
	fail "lost events"
