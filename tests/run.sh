#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# run.sh - build vmstall with the sanitizers, run every test, and say how much of it they reach
#
# From any directory, on a fresh Debian 12. Its last line is "N passed, N failed, N skipped"; status 0: none failed.
set -eu
cd "$(dirname "$0")/.."

least_coverage=85
jobs=$(nproc)
made_machines=60 made_of_a_kind=12 calm_machines=32
recordings=../shared/recordings		# the long ones that the cuts in tests/fixtures are from
passed=0 failed=0 skipped=0

ok() { passed=$((passed + 1)); echo "ok: $1"; }
not_ok() { failed=$((failed + 1)); echo "FAILED: $1"; }
skip() { skipped=$((skipped + 1)); echo "skipped: $1"; }

# build DIRECTORY TARGET OPTION...
build() {
	dir=$1 target=$2
	shift 2
	echo "building in $dir"
	if ! { cmake -S . -B "$dir" "$@" && cmake --build "$dir" --parallel "$jobs" --target "$target"; } >"$dir.log" 2>&1; then
		grep -A 5 -E 'error|Error' "$dir.log" || tail -n 40 "$dir.log"
		echo "FAILED: $dir does not build; all of it is in $dir.log"
		exit 1
	fi
	rm -f "$dir.log"
}

# How many cases were there of a kind, says ctest.
of_run() { sed -n "s/^[[:space:]]*$1=\"\([0-9]*\)\".*/\1/p" build-test/junit.xml | head -n 1; }

run_tests() {
	find build-test -name '*.gcda' -delete	# what an earlier build counted does not fit this one
	ctest --test-dir build-test --parallel "$jobs" --output-on-failure --no-tests=error --output-junit junit.xml || true
	failed=$(of_run failures)
	skipped=$(($(of_run skipped) + $(of_run disabled)))
	passed=$(($(of_run tests) - failed - skipped))
}

measure_coverage() {
	# gcov now and then has a branch "taken -1", and gcovr would give up on all of them
	gcovr --root . --filter src/ --filter plugins/ --gcov-ignore-parse-errors --fail-under-line "$least_coverage" --print-summary build-test \
		>build-test/coverage.txt && ok "coverage" || not_ok "coverage: less than $least_coverage % of the lines"
	cat build-test/coverage.txt
}

score() {
	what=$1
	shift
	python3 tests/truth/score.py --vmstall build-plain/vmstall --variants build-test/tests/variant --details "$@" &&
		ok "$what" || not_ok "$what"
}

# not_yet WHAT WHY COMMAND...: a check whose right answer is known and not given yet. It is said to be skipped, with what is
# missing, for as long as its bars are not met; then it belongs to the others.
not_yet() {
	what=$1 why=$2
	shift 2
	if "$@" >build-test/not-yet.txt; then
		not_ok "$what: its bars are met now, check it with the others"
	elif grep -E '^MISSED|^\| all' build-test/not-yet.txt; then
		skip "$what: $why"
	else
		not_ok "$what: could not be checked"
	fi
}

# score_not_yet NAME WHY
not_yet_recordings='12cpu-holds-in-a-row\|7.2-large-folios'
score_not_yet() {
	[ -f "$recordings/$1.dat" ] || return 0
	not_yet "truth of $1" "$2" python3 tests/truth/score.py --vmstall build-plain/vmstall --variants build-test/tests/variant \
		"$recordings/$1.dat"
}

# Machines drawn by lot, always the same: what is made knows its own truth.
make_machines() {
	mkdir -p build-test/made
	for seed in $(seq "$2"); do
		build-test/tests/made "$1:$seed" "build-test/made/$1-$seed" || { not_ok "made machine $1:$seed"; return 1; }
	done
}

made() { ls build-test/made/"$1"-*.dat | sort -V; }

score_made() {
	make_machines any "$made_machines" || return 0
	python3 tests/truth/score.py --vmstall build-plain/vmstall --variants build-test/tests/variant --sum "made machines" $(made any) &&
		ok "truth of made machines" || not_ok "truth of made machines"
}

# score_kind KIND [WHY]: other machines made; why their bars are not met yet
score_kind() {
	make_machines "$1" "$made_of_a_kind" || return 0
	if [ $# -eq 1 ]; then
		score "truth of made machines: $1" --sum "made machines: $1" $(made "$1")
	else
		not_yet "truth of made machines: $1" "$2" python3 tests/truth/score.py --vmstall build-plain/vmstall --sum "$1" $(made "$1")
	fi
}

# Kinds of machines beyond those that were measured.
score_kinds() {
	score_kind quick
	score_kind folios "a freeze among many holds over large folios is told of few of its tasks"
	score_kind numa
	score_kind cgroup
	score_kind alone
	make_machines calm "$calm_machines" || return 0
	score "machines on which nothing stalls" --calm $(made calm)
	score "made machines without switches" --variant drop:sched_switch $(made any | head -n "$made_of_a_kind")
	score "made machines without any sched event" --variant drop:sched_ $(made any | head -n "$made_of_a_kind")
}

# The same machine told in other words, and with less; tests/truth/metamorph.sh takes all recordings and many more machines.
tell_otherwise() {
	python3 tests/truth/metamorph.py --vmstall build-plain/vmstall --variants build-test/tests/variant samples/*.dat \
		tests/fixtures/recordings/*.dat $(for kind in any quick folios numa cgroup alone calm; do made $kind | head -n 1; done) &&
		ok "the same findings in other words" || not_ok "the same findings in other words"
}

# What has threads, built with the thread sanitizer; it ends a program at its first race.
find_races() {
	build build-tsan threads --preset races
	TSAN_OPTIONS=halt_on_error=1 ctest --test-dir build-tsan --label-regex threads --output-on-failure --no-tests=error &&
		ok "no races" || not_ok "no races"
}

# same_answers WHAT RECORDING...: whoever reads them, and however many
same_answers() {
	what=$1
	shift
	printf '%s\n' "$@" | xargs -P "$jobs" -n 1 sh tests/readers/same.sh build-plain/vmstall && ok "$what" || not_ok "$what"
}

# The long recordings, decoded again by whom they were written for.
interchange() {
	what=$1
	shift
	/usr/bin/python3 "$@" "$recordings"/*.dat "$recordings"/*/*.dat && ok "$what" || not_ok "$what"
}

# The page of a thousand stalls in ten million events: small, and open at once.
look_at_big_page() {
	python3 tests/html/html.py build-plain/vmstall build-test/bench/bench_grow . build-test/tests/html Big &&
		ok "a page of a thousand stalls" || not_ok "a page of a thousand stalls"
	rm -f build-test/tests/html/cut* build-test/tests/html/plain.dat build-test/tests/html/big.dat
}

sh samples/install-deps.sh tests
build build-test all --preset test -DVMSTALL_COVERAGE=ON
build build-plain all --preset debian -DCMAKE_COMPILE_WARNING_AS_ERROR=ON
run_tests
measure_coverage
find_races
look_at_big_page
score_made
score_kinds
tell_otherwise
score "truth of the cut recordings" tests/fixtures/recordings/*.dat
same_answers "same answers about what is in the repository" samples/*.dat tests/fixtures/*/*.dat $(made any)
if [ -d "$recordings" ]; then
	score "truth of the long recordings" $(ls "$recordings"/*.holds.csv | grep -v "$not_yet_recordings" | sed 's/holds\.csv$/dat/')
	score_not_yet amd64-6.12-12cpu-holds-in-a-row "holds in a row are not yet told as one freeze"
	score_not_yet amd64-7.2-large-folios "the start of a hold over large folios is bounded rightly, and estimated too roughly"
	score "real machines on which nothing stalls" --calm "$recordings"/public/*.dat "$recordings"/real-*.dat
	same_answers "same answers about the long recordings" "$recordings"/*.dat "$recordings"/*/*.dat
	interchange "Perfetto's format of the long recordings" tests/perfetto/perfetto.py build-plain/vmstall -
	interchange "KernelShark's sessions of the long recordings" tests/kernelshark/kernelshark.py build-plain/vmstall \
		build-test/tests/session_rows -
else
	skip "truth of the long recordings: there is no $recordings"
	skip "same answers about the long recordings"
fi
sh tests/package/paths.sh build-plain . && ok "nothing tells where it was built" || not_ok "nothing tells where it was built"
if sh tests/package/package.sh build-plain >build-package.log 2>&1; then
	ok "packages: installed, used, purged"
elif [ $? -eq 77 ]; then
	skip "$(tail -n 1 build-package.log | sed 's/^skipped: //')"
else
	cat build-package.log
	not_ok "packages"
fi
rm -f build-package.log
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
