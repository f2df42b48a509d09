# SPDX-License-Identifier: LGPL-2.1-or-later
# table.awk - what run.sh measured, as a table with the bars beside it
#
# Input: "file PATH CODEC BYTES EVENTS PAGE-BYTES", then of that file "time NAME SECONDS" and "memory NAME KIB".

function median(list,	n, v, i, j, t) {
	n = split(list, v, " ")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && v[j - 1] + 0 > v[j] + 0; j--) {
			t = v[j]; v[j] = v[j - 1]; v[j - 1] = t
		}
	return n % 2 ? v[(n + 1) / 2] : (v[n / 2] + v[n / 2 + 1]) / 2
}

function bar(text, value, limit, at_least,	met) {
	met = at_least ? value >= limit : value <= limit
	missed += !met
	printf "  %-44s %8.2f   bar %s %-6g %s\n", text, value, at_least ? ">=" : "<=", limit, met ? "met" : "MISSED"
}

function row(name, what,	s) {
	if (!(name in times))
		return
	s = wall[name] = median(times[name])
	printf "  %-44s %8.3f s %9.2f M events/s %8.0f MB/s %8.1f MiB\n", what, s, events / s / 1e6, pages / s / 1e6,
	       memory[name] / 1024
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
	printf "\n%s\n%s, %.0f MB, %.0f MB of pages, %.2f M events; medians of %d, %d threads; memory: peak, without the file's\n",
	       file, codec == "none" ? "not compressed" : codec, bytes / 1e6, pages / 1e6, events / 1e6, runs, jobs
	row("analyze", "vmstall analyze -q")
	row("walk", "bare walk of the pages (kbuffer)")
	row("loop", "bare libtracecmd loop")
	row("report", "trace-cmd report")
	row("postprocess", "trace-cmd report | trace-vmscan-postprocess")
	if ("loop" in times)
		bar("analyze / libtracecmd loop", wall["analyze"] / wall["loop"], codec == "none" ? 0.75 : 0.15)
	bar("analyze / bare walk", wall["analyze"] / wall["walk"], 2.0)
	if ("report" in times)
		bar("trace-cmd report / analyze", wall["report"] / wall["analyze"], 40, 1)
	if ("postprocess" in times)
		printf "  %-44s %8.2f\n", "postprocess / analyze", wall["postprocess"] / wall["analyze"]
	bar("analyze: peak private memory, MiB", memory["analyze"] / 1024, 64)
	grown()
	delete times; delete memory
}

$1 == "file"   { finish(); file = $2; codec = $3; bytes = $4; events = $5; pages = $6 }
$1 == "time"   { times[$2] = times[$2] " " $3 }
$1 == "memory" { memory[$2] = $3 }
END	       { finish(); exit missed > 0 }
