#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# account.sh VMSTALL - does the reclaim account agree with a count of the lines that trace-cmd report prints?
#
# Counted by awk from the kernel's own text, with none of our code in between; 77: trace-cmd is not there.
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")/../.."
command -v trace-cmd >/dev/null || { echo "skipped: no trace-cmd"; exit 77; }
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
failed=0

# trace-cmd report -t: "comm-pid [cpu] sec.nsec: event: field=value ..."; ns are added as integers, seconds apart.
lines() {
	LC_ALL=C trace-cmd report -t "$1" 2>/dev/null | awk '
	function val(name,  s) {
		s = " " $0
		if (!sub(".*[ ]" name "=", "", s))
			return 0
		sub("[^0-9].*", "", s)
		return s
	}
	/ mm_vmscan_/ {
		pid = $0
		sub(/ +\[[0-9]+\].*/, "", pid)
		sub(/.*-/, "", pid)
		rest = $0
		sub(/.*\[[0-9]+\] +/, "", rest)
		split(rest, word, "[.: ]+")
		now = word[1] * 1000000000 + word[2]
	}
	/ mm_vmscan_direct_reclaim_begin:/ { began[pid] = now }
	/ mm_vmscan_direct_reclaim_end:/ && pid in began {
		direct++
		ns += now - began[pid]
		if (now - began[pid] > longest) longest = now - began[pid]
		delete began[pid]
	}
	/ mm_vmscan_lru_isolate:/ {
		scanned += val("nr_scanned"); skipped += val("nr_skipped"); taken += val("nr_taken")
		if (/lru=active/) active += val("nr_scanned")
		if (/kswapd/) by_kswapd += val("nr_scanned")
	}
	/ mm_vmscan_lru_shrink_inactive:/ { reclaimed += val("nr_reclaimed") }
	/ mm_vmscan_wakeup_kswapd:/ { woke++ }
	/ mm_vmscan_kswapd_wake:/ { wakes++ }
	function n(v) { return direct && !scanned ? "unknown" : v + 0 }
	END {
		printf "direct=%d ns=%.0f longest=%.0f scanned=%s active=%s skipped=%s taken=%s reclaimed=%s woke=%d wakes=%d kswapd=%s\n",
			direct, ns, longest, n(scanned), n(active), n(skipped), n(taken), n(reclaimed), woke, wakes, n(by_kswapd)
	}'
}

account() {
	"$program" reclaim -q --json - "$1" | python3 -c '
import json, sys
a = json.load(sys.stdin)["reclaim"]
t = a["totals"]
p = t["pages"]
n = lambda v: "unknown" if v is None else v
print("direct=%d ns=%d longest=%d scanned=%s active=%s skipped=%s taken=%s reclaimed=%s woke=%d wakes=%d kswapd=%s" % (
    t["direct"]["count"], t["direct"]["total_ns"] or 0, t["direct"]["max_ns"] or 0, n(p["scanned"]), n(p["scanned_active"]),
    n(p["skipped"]), n(p["taken"]), n(p["reclaimed"]), t["woke_kswapd"],
    sum((k["wakes"] or 0) + (k["rewakes"] or 0) for k in a["kswapd"]), n(t["pages_by"]["kswapd"]["scanned"])))'
}

for recording in samples/*.dat tests/fixtures/recordings/*.dat; do
	lines "$recording" >"$work/lines"
	account "$recording" >"$work/account" || failed=1
	if ! diff -u "$work/lines" "$work/account"; then
		echo "FAILED: $recording"
		failed=1
	fi
done
exit $failed
