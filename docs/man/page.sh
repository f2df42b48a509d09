#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# page.sh - write a man page: options, usage and exit status are asked of the program, so they cannot differ from it
#
#	page.sh TEXT.scd PAGE.gz PLUGIN_DIR VMSTALL...
#
# TEXT.scd is docs/man/COMMAND.scd: what is above its first heading describes the command, the rest follows the options.
# Or it is a whole page, NAME.SECTION.scd, in which @VERSION@, @COMMANDS@ and the like are replaced. VMSTALL may be several
# words: an emulator and the program.
set -eu
export LC_ALL=C
text=$1 page=$2 plugin_dir=$3
shift 3

escape() { sed 's/[\\*_#]/\\&/g'; }

options() {
	"$@" --list-options | escape | awk -F '\t' '{
		gsub(/,--/, "*, *--", $1)
		print "*" (sub(/=/, "*=_", $1) ? $1 "_" : $1 "*") "\n\t" $2 "\n"
	}'
}

# The paragraphs of the help that are neither about the command nor its options; @1 is the awk program that picks some.
paragraphs() {
	pick=$1
	shift
	"$@" --help | escape | awk "BEGIN { RS = \"\"; ORS = \"\n\n\" } NR > 2 && $pick"
}

command_page() {
	command=$1
	shift
	printf 'vmstall-%s(1) "%s"\n\n# NAME\n\n' "$command" "$("$@" --version)"
	"$@" --list-commands | escape | awk -F '\t' -v c="$command" '$1 == c { print "vmstall-" c " - " $2 "\n" }'
	printf '# SYNOPSIS\n\n'
	"$@" "$command" --help | sed -n '/^$/q; s/^Usage: *//p; s/^  *\(vmstall \)/\1/p' | escape |
		sed -E 's/^vmstall [a-z]+/*&*/; s/\b[A-Z]+\b/_&_/g; s/$/\n/'
	printf '# DESCRIPTION\n\n'
	"$@" "$command" --help | sed '/^$/,$d; /^Usage:/d; /^  *vmstall /d' | escape
	echo
	sed '/^# /,$d' "$text"
	printf '\n# OPTIONS\n\n'
	options "$@" "$command"
	paragraphs '!/^Exit status:/' "$@" "$command"
	printf '# EXIT STATUS\n\n'
	paragraphs 'sub(/^Exit status: /, "")' "$@" "$command"
	sed -n '/^# /,$p' "$text"
	printf '\n# SEE ALSO\n\n*vmstall*(1), *vmstall-stalls.csv*(5), *trace-cmd*(1)\n'
}

whole_page() {
	pages=$("$@" --list-commands | awk -F '\t' '{ printf "%s*vmstall-%s*(1)", (NR > 1 ? ", " : ""), $1 }')
	commands=$("$@" --list-commands | escape | awk -F '\t' '{ print "*" $1 "*\n\t" $2 "." }')
	sed "s|@VERSION@|$("$@" --version)|; s|@PLUGIN_DIR@|$plugin_dir|; s|@PAGES@|$pages|" "$text" |
		commands=$commands awk '/^@COMMANDS@/ { print ENVIRON["commands"]; next } { print }'
}

name=$(basename "$text" .scd)
plain=${page%.gz} source=$(mktemp)
trap 'rm -f "$source" "$plain"' EXIT
case $name in
*.[0-9]) whole_page "$@" ;;
*) command_page "$name" "$@" ;;
esac >"$source"
scdoc <"$source" >"$plain"
gzip -9n <"$plain" >"$page"
