#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# outputs.sh - has a change of the code changed an answer?
#
#	outputs.sh VMSTALL DIRECTORY RECORDING...
#
# Writes everything that this build says of each recording into DIRECTORY: every verb's report, every file it can write
# and its exit status. Call it with the build before the change and the build after it, each with a directory of its own:
# `diff -rq` of the two then names what differs. No output holds the time of its making, so equal answers are equal files.
set -eu
program=$(realpath "$1")
mkdir -p "$2"
to=$(realpath "$2")
shift 2

files_of() {
	case $1 in
	analyze) echo csv victims holds json html perfetto kernelshark ;;
	gfp) echo csv zones json html ;;
	leaks) echo csv layers json html ;;
	reclaim) echo csv json html ;;
	esac
}

# say VERB RECORDING DIRECTORY
say() {
	mkdir -p "$3"
	status=0
	# shellcheck disable=SC2046
	timeout 300 "$program" "$1" $(for f in $(files_of "$1"); do echo "--$f $3/$f"; done) "$2" >"$3/text" 2>"$3/log" || status=$?
	echo "$status" >"$3/status"
	sed -i "s|$3|OUT|g" "$3/text" "$3/log"	# a message about an output names it
}

for recording; do
	name=$(echo "${recording#../}" | tr / _)
	for verb in info analyze timeline leaks gfp reclaim; do
		say "$verb" "$recording" "$to/$name/$verb"
	done
done
