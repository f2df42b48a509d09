#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# check.sh - install Debian packages in the system that this runs in, use all that is in them, and take them away again
#
#	check.sh DIR	with vmstall*.deb, libvmstall0*.deb, libvmstall-dev*.deb; from the root of the source, as root
set -u
packages=$(realpath "$1")
sample=samples/sample-arm64-5.10-dmazone-stall.dat
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 MANPAGER=cat
failed=0

# ok CLAIM COMMAND...: the command succeeds; what it said is shown if not
ok()
{
	local claim=$1

	shift
	"$@" >"$work/said" 2>&1 && return
	failed=$((failed + 1))
	echo "FAILED: $claim"
	sed 's/^/	/' "$work/said" | tail -n 20
}

says() { "${@:2}" 2>&1 | grep -qE -- "$1"; }
install() { apt-get -qq -o DPkg::Lock::Timeout=300 install --yes --no-install-recommends "$@"; }
as_golden() { /usr/bin/vmstall timeline "$sample" | diff - tests/golden/sample-timeline.out; }

# What a command is run on: a recording, where nothing else is said here.
run_command()
{
	case $1 in
	batch) /usr/bin/vmstall batch --db "$work/fleet.sqlite" --label vehicle=car1 "$sample" ;;
	fleet) /usr/bin/vmstall fleet --db "$work/fleet.sqlite" ;;
	merge) /usr/bin/vmstall merge "$work/all.sqlite" "$work/fleet.sqlite" 2>&1 ;;
	rules) /usr/bin/vmstall rules ;;
	leaks) # the sample has no allocations, and the program says so
		! /usr/bin/vmstall leaks "$sample" 2>"$work/err" && grep -q 'cannot tell whether kernel memory leaks' "$work/err" ;;
	*) /usr/bin/vmstall "$1" "$sample" ;;
	esac >"$work/out" && [ -s "$work/out" ]
}

completes_in_bash()
{
	bash -c '. /usr/share/bash-completion/bash_completion
		_completion_loader vmstall
		COMP_WORDS=(vmstall analyze --vic) COMP_CWORD=2
		$(complete -p vmstall | sed "s/.*-F \([^ ]*\).*/\1/")
		[ "${COMPREPLY[*]}" = --victims= ]'
}

completes_in_zsh() { says '^_vmstall$' zsh -f -c 'autoload -U compinit; compinit -D -u; print $_comps[vmstall]'; }
completes_in_fish() { says '^leaks' fish -c "complete -C 'vmstall lea'"; }

check_program()
{
	ok "the program says what it said when it was built" as_golden
	for command in $(/usr/bin/vmstall --list-commands | cut -f 1); do
		ok "vmstall $command runs on the sample" run_command "$command"
	done
}

check_pages()
{
	ok "man vmstall" says 'COMMANDS' man vmstall
	for command in $(/usr/bin/vmstall --list-commands | cut -f 1); do
		ok "man vmstall-$command" says '--help' man "vmstall-$command"
	done
	ok "man libvmstall" says 'vmstall_analyze' man libvmstall
	ok "man vmstall-stalls.csv" says 'frozen_task_ns' man 5 vmstall-stalls.csv
}

check_surroundings()
{
	if grep -qrs '^path-exclude.*/man' /etc/dpkg/dpkg.cfg.d; then
		echo "skipped: man pages: dpkg of this system leaves them out"
	else
		check_pages
	fi
	ok "bash completes" completes_in_bash
	! command -v zsh >/dev/null || ok "zsh completes" completes_in_zsh
	! command -v fish >/dev/null || ok "fish completes" completes_in_fish
	ok "trace-cmd takes the plugins up by itself" says 'skipped=[0-9.]+%' trace-cmd report -O parent=0 "$sample"
	ok "the example builds with pkg-config alone" sh tests/library/example.sh / cc
}

echo "the program alone, with what it depends on"
ok "apt-get installs vmstall" install "$packages"/vmstall_*.deb
[ "$failed" -eq 0 ] || exit 1
check_program
echo "with libvmstall, and what the checks need"
ok "apt-get installs libvmstall" install "$packages"/libvmstall*.deb man-db bash-completion trace-cmd gcc libc6-dev pkgconf \
	libtracecmd-dev libtracefs-dev libtraceevent-dev libjansson-dev libzstd-dev zlib1g-dev
check_surroundings
echo "removed"
files=$(dpkg -L vmstall libvmstall0 libvmstall-dev | grep vmstall)
ok "dpkg -r" dpkg -r libvmstall-dev libvmstall0 vmstall
ok "dpkg --purge" dpkg --purge libvmstall-dev libvmstall0 vmstall
ok "nothing is left of what they had" sh -c 'for f; do if [ -e "$f" ]; then echo "$f"; left=1; fi; done; [ -z "${left-}" ]' sh $files
find / -xdev \( -path "$PWD" -o -path "$packages" -o -path /proc -o -path /tmp -o -path /root -o -path /work -o -path /var/log -o -path /var/cache \) -prune \
	-o -name '*vmstall*' -print >"$work/found"
ok "nothing anywhere has their name" sh -c 'cat "$1"; [ ! -s "$1" ]' sh "$work/found"
ok "dpkg does not know them" sh -c '! dpkg-query -W vmstall libvmstall0 libvmstall-dev'
ok "there is no page" sh -c '! man -w vmstall-analyze'
echo "packages: $failed failed"
[ "$failed" -eq 0 ]
