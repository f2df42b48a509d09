#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# completion.bash - does bash complete every command, option and word that the program has, and files where they belong?
#
#	completion.bash VMSTALL		in an empty directory that it makes
set -u
program=$(realpath "$1")
here=$(cd "$(dirname "$0")/../../docs/completion" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mkdir "a dir"
touch trace.dat "a file"
failed=0

# shellcheck source=/dev/null
. "$here/vmstall"

# Complete the last word of a command line, as bash parts it.
typed()
{
	COMP_WORDS=("$program" "$@") COMP_CWORD=$#
	_vmstall
}

# expect WORDS TYPED...: what is offered, parted by '|'
expect()
{
	local wanted=$1 got

	shift
	typed "$@"
	mapfile -t COMPREPLY < <(printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort)
	got=$(IFS='|' && echo "${COMPREPLY[*]}")
	[[ $got == "$wanted" ]] && return
	echo "FAILED: vmstall $* completes to '$got', not '$wanted'"
	failed=1
}

expect 'analyze' ana
expect 'trace.dat' tr
expect 'leaks' help l
expect 'a dir|a file' analyze 'a '
expect 'a dir' analyze --plugin-dir ''
expect 'trace.dat' analyze --csv = t
expect 'trace.dat' analyze -j 2 t
expect '' analyze -j ''
expect '--min-stall=' trace.dat --mi
expect '' nonsense --mi
while IFS=$'\t' read -r command _; do
	expect "$command" "$command"
	while IFS=$'\t' read -r spelling _; do
		name=${spelling%%=*}
		name=${name##*,}
		typed "$command" "$name"
		[[ " ${COMPREPLY[*]} " =~ " $name"=?' ' ]] || { echo "FAILED: $command $name is offered"; failed=1; }
		[[ $spelling != *\|* ]] ||
			expect "$(tr '|' '\n' <<<"${spelling#*=}" | LC_ALL=C sort | paste -s -d '|')" "$command" "$name" =
	done < <("$program" "$command" --list-options)
done < <("$program" --list-commands)
exit $failed
