#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# run.sh - does the program still say, on real recordings, what people looked at and found right?
#
#	run.sh VMSTALL			compare; the difference is printed
#	run.sh VMSTALL --update		write the expected outputs anew: look at the difference before you commit it
#
# A case is a file NAME.args with the program's arguments, read from the project's root, and a first line that says
# why it is worth keeping; NAME.out is what it must print.
set -eu
program=$(realpath "$1")
cd "$(dirname "$0")/../.."
# Of a build with the sanitizers: what libraries leak is not the program's output.
export LSAN_OPTIONS="${LSAN_OPTIONS-suppressions=$PWD/tests/lsan.supp:print_suppressions=0}"
out=$(mktemp)
trap 'rm -f "$out"' EXIT
failed=0
for case in tests/golden/*.args; do
	name=${case%.args}
	# shellcheck disable=SC2046
	LC_ALL=C "$program" $(sed 1d "$case") >"$out" 2>&1 || echo "exit status $?" >>"$out"
	if [ "${2-}" = --update ]; then
		cp "$out" "$name.out"
	elif ! diff -u "$name.out" "$out"; then
		echo "FAILED: $name"
		failed=1
	fi
done
exit $failed
