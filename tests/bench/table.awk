# SPDX-License-Identifier: LGPL-2.1-or-later
# table.awk - what run.sh measured, as a table with the bars beside it
#
# Input: "file PATH CODEC BYTES EVENTS PAGE-BYTES", then of that file "time NAME WALL-SECONDS CPU-SECONDS" and "memory NAME KIB".

# A ratio of two: of their wall time, which is what counts, and of their CPU time.
function ratio(a, b) { return wall[a] / wall[b] }
function cpu_ratio(a, b) { return sprintf("   (CPU time: %.2f)", cpu[a] / cpu[b]) }

function bar(text, value, limit, at_least, more,	met) {
	met = at_least ? value >= limit : value <= limit
	missed += !met
	printf "  %-44s %8.2f   bar %s %-6g %-6s%s\n", text, value, at_least ? ">=" : "<=", limit, met ? "met" : "MISSED", more
}

function row(name, what,	s) {
	if (!(name in times))
		return
	s = wall[name] = median(times[name])
	cpu[name] = median(cpus[name])
	printf "  %-44s %8.3f s %8.3f s %8.2f M events/s %6.0f MB/s %7.1f MiB\n", what, s, cpu[name], events / s / 1e6,
	       pages / s / 1e6, memory[name] / 1024
}

function grown(	times_bigger, slower) {
	if (!(codec in first_wall)) {
		first_wall[codec] = wall["analyze"]; first_pages[codec] = pages; first_memory[codec] = memory["analyze"]
		return
	}
	times_bigger = pages / first_pages[codec]
	if (times_bigger < 2)
		return
	slower = wall["analyze"] / first_wall[codec] / times_bigger
	printf "  %.1f times the first %s file's pages:\n", times_bigger, codec
	bar("analyze: time per page, against that file's", slower, 1.15)
	printf "  %-44s %8.2f\n", "analyze: peak memory, against that file's", memory["analyze"] / first_memory[codec]
}

function finish() {
	if (!file)
		return
	printf "\n%s\n%s, %.0f MB, %.0f MB of pages, %.2f M events; medians of %d, %d threads\n  %-44s %10s %10s %17s %11s %11s\n",
	       file, codec == "none" ? "not compressed" : codec, bytes / 1e6, pages / 1e6, events / 1e6, runs, jobs,
	       "", "wall", "all CPUs", "", "of pages", "memory*"
	row("analyze", "vmstall analyze -q")
	row("walk", "bare walk of the pages (kbuffer)")
	row("loop", "bare libtracecmd loop")
	row("report", "trace-cmd report")
	row("postprocess", "trace-cmd report | trace-vmscan-postprocess")
	if ("loop" in times)
		bar("analyze / libtracecmd loop", ratio("analyze", "loop"), codec == "none" ? 0.75 : 0.15, 0,
		    cpu_ratio("analyze", "loop"))
	bar("analyze / bare walk", ratio("analyze", "walk"), 2.0, 0, cpu_ratio("analyze", "walk"))
	if ("report" in times)
		bar("trace-cmd report / analyze", ratio("report", "analyze"), 40, 1, cpu_ratio("report", "analyze"))
	if ("postprocess" in times)
		printf "  %-44s %8.2f\n", "postprocess / analyze", ratio("postprocess", "analyze")
	bar("analyze: peak private memory, MiB", memory["analyze"] / 1024, 64)
	grown()
	delete times; delete cpus; delete memory
}

$1 == "file"   { finish(); file = $2; codec = $3; bytes = $4; events = $5; pages = $6 }
$1 == "time"   { times[$2] = times[$2] " " $3; cpus[$2] = cpus[$2] " " $4 }
$1 == "memory" { memory[$2] = $3 }
END	       { finish(); print "\n* peak, without the pages of the mapped file"; exit missed > 0 }
