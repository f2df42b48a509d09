#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# same.sh - does the answer hang on the recording alone?
#
#	same.sh VMSTALL RECORDING...
#
# Every verb's report, and every file that it can write, must be the same byte for byte with 1, 2 and 8 threads, and
# with libtracecmd's reader. Status 1: one was not.
set -eu
program=$(realpath "$1")
shift
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

# answer VERB RECORDING DIRECTORY OPTION...: all that is said and written, the exit status with it
answer() {
	verb=$1 recording=$2 to=$3
	shift 3
	mkdir "$to"
	case $verb in
	analyze) files='csv victims holds json' ;;
	gfp) files='csv zones json' ;;
	leaks | reclaim) files='csv json' ;;
	*) files= ;;
	esac
	status=0
	# shellcheck disable=SC2046
	"$program" "$verb" "$@" $(for f in $files; do echo "--$f $to/$f"; done) "$recording" >"$to/text" 2>&1 || status=$?
	echo "$status" >"$to/status"
}

# What the library refuses, being cut or damaged, only the native reader salvages.
refused() { [ "$(cat "$1/status")" = 3 ] && grep -q libtracecmd "$1/text"; }

compare() {
	if ! diff -r "$scratch/one" "$scratch/other" >"$scratch/diff"; then
		echo "FAILED: $verb $recording: $1 says something else:"
		head -n 10 "$scratch/diff"
		failed=1
	fi
	rm -r "$scratch/other"
}

for recording; do
	for verb in info analyze leaks gfp reclaim; do
		answer "$verb" "$recording" "$scratch/one" --jobs 1
		for jobs in 2 8; do
			answer "$verb" "$recording" "$scratch/other" --jobs "$jobs"
			compare "--jobs $jobs"
		done
		answer "$verb" "$recording" "$scratch/other" --reader tracecmd
		refused "$scratch/other" || compare '--reader tracecmd'
		rm -rf "$scratch/other" "$scratch/one"
	done
done
exit $failed
