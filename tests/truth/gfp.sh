#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# gfp.sh VMSTALL - does the gfp audit agree with a count of the lines that trace-cmd report -l prints?
#
# Counted by awk from the kernel's own text and the flags that trace-cmd decodes, with none of our code in between; 77:
# trace-cmd is not there. Whether a request may sleep is told by the names of its flags alone. Page events beside slab
# events are the slab's own doing and no finding: of those only the totals are compared. A recording whose page events
# trace-cmd cannot parse (arm64: no names of flags) is left out.
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")/../.."
command -v trace-cmd >/dev/null || { echo "skipped: no trace-cmd"; exit 77; }
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
failed=0 compared=0

# "comm-pid [cpu]idns.. sec.usec: event: ...": after the CPU interrupts off, need resched, hard or soft irq, depth.
lines() {
	LC_ALL=C trace-cmd report -l "$1" 2>/dev/null | awk '
	BEGIN {
		n = split("GFP_KERNEL GFP_KERNEL_ACCOUNT GFP_NOIO GFP_NOFS GFP_USER GFP_HIGHUSER GFP_HIGHUSER_MOVABLE " \
			  "GFP_TRANSHUGE GFP_TEMPORARY __GFP_RECLAIM __GFP_DIRECT_RECLAIM", name, " ")
		for (i = 1; i <= n; i++) sleeps[name[i]] = 1
	}
	!/ (kmalloc|kmalloc_node|kmem_cache_alloc|kmem_cache_alloc_node|mm_page_alloc): / || !/ gfp_flags=/ { next }
	{
		match($0, / +[0-9]+[dX.][^ ]+ +[0-9]+\.[0-9]+: +[a-z_]+: /)
		split(substr($0, RSTART, RLENGTH), word, " ")
		flags = word[1]
		sub(/^[0-9]+/, "", flags)
		event = word[3]
		sub(/:$/, "", event)
		gfp = $0
		sub(/.* gfp_flags=/, "", gfp)
		sub(/ .*/, "", gfp)
		may_sleep = high = 0
		n = split(gfp, name, "|")
		for (i = 1; i <= n; i++) {
			may_sleep += name[i] in sleeps
			high += name[i] == "GFP_ATOMIC" || name[i] == "__GFP_HIGH"
		}
		irq = substr(flags, 3, 1)
		depth = substr(flags, 4, 1)
		where = irq ~ /[HhZz]/ ? "hardirq" : irq == "s" ? "softirq" : flags ~ /^d/ ? "irqs_off" : depth != "." ? "preempt_off" : ""
		if (!may_sleep && high) atomic++
		if (!may_sleep) next
		checked++
		if (event == "mm_page_alloc") {
			if (where) pages[where " " event " " gfp]++
			next
		}
		slab++
		if (where) found[where " " event " " gfp]++
	}
	END {
		if (!slab) for (k in pages) found[k] = pages[k]
		printf "checked=%d atomic=%d\n", checked, atomic
		for (k in found) print k, found[k] | "sort"
	}'
}

audit() {
	"$program" gfp -q --json - "$1" | python3 -c '
import collections, json, sys
a = json.load(sys.stdin)
print("checked=%d atomic=%d" % (a["gfp"]["checked"], a["gfp"]["atomic"]))
has_slab = any(f["event"] != "mm_page_alloc" for f in a["gfp_findings"])
found = collections.Counter()
for f in a["gfp_findings"]:
    if not f["context"].startswith("atomic_") and (f["event"] != "mm_page_alloc" or not has_slab):
        found["%s %s %s" % (f["context"], f["event"], f["gfp_flags"])] += f["count"]
for k in sorted(found):
    print(k, found[k])'
}

for recording in samples/*.dat tests/fixtures/recordings/*.dat tests/fixtures/allocations/*.dat tests/fixtures/leaks/*.dat; do
	lines "$recording" >"$work/lines"
	if grep -q '^checked=0 ' "$work/lines"; then
		echo "left out: $recording"
		continue
	fi
	compared=$((compared + 1))
	audit "$recording" >"$work/audit" || failed=1
	if ! diff -u "$work/lines" "$work/audit"; then
		echo "FAILED: $recording"
		failed=1
	fi
done
[ "$compared" -gt 0 ] || exit 1
exit $failed
