# SPDX-License-Identifier: LGPL-2.1-or-later
# kmem.awk - what kmem.sh measured, with the bars beside it
#
# Input: "file PATH CODEC BYTES EVENTS PAGE-BYTES", then "time NAME SECONDS" and "memory NAME KIB"; or
# "heap OBJECTS EVENTS-A-SECOND-GROWING EVENTS-A-SECOND BYTES-EACH LONGEST-NS".

function bar(text, value, limit, at_least,	met) {
	met = at_least ? value >= limit : value <= limit
	missed += !met
	printf "  %-44s %8.2f   bar %s %-6g %s\n", text, value, at_least ? ">=" : "<=", limit, met ? "met" : "MISSED"
}

function row(name, what,	s) {
	s = wall[name] = median(times[name])
	printf "  %-44s %8.3f s %9.2f M events/s %8.1f MiB\n", what, s, events / s / 1e6, memory[name] / 1024
}

$1 == "file"   { file = $2; codec = $3; bytes = $4; events = $5 }
$1 == "time"   { times[$2] = times[$2] " " $3 }
$1 == "memory" { memory[$2] = $3 }
$1 == "heap"   {
	objects = $2; growing = growing " " $3; steady = steady " " $4; each = each " " $5
	if (!longest || $6 < longest) longest = $6
}

END {
	if (file) {
		printf "\n%s\n%s, %.0f MB, %.2f M events; medians of %d, %d threads; memory: peak, without the file's\n", file,
		       codec == "none" ? "not compressed" : codec, bytes / 1e6, events / 1e6, runs, jobs
		row("leaks", "vmstall leaks -q: slab, pages, stacks")
		row("mem", "trace-cmd mem: slab")
		printf "  %-44s %8.2f\n", "trace-cmd mem / vmstall leaks", wall["mem"] / wall["leaks"]
		bar("vmstall leaks: M events a second", events / wall["leaks"] / 1e6, 5, 1)
	}
	if (objects) {
		printf "\nthe analysis alone, one thread, %.1f M live objects; medians of %d, CPU time\n", objects / 1e6, runs
		printf "  %-44s %8.2f\n", "M events a second while it grows", median(growing) / 1e6
		printf "  %-44s %8.2f\n", "M events a second, frees and allocations", median(steady) / 1e6
		bar("bytes of memory for a live object", median(each), 64)
		bar("longest event in the best run, ms", longest / 1e6, 5)
	}
	exit missed > 0
}
