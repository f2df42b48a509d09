#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# example.sh - does samples/library build with pkg-config alone against what is installed, and say what the program says?
#
#	example.sh BUILD [CC [CFLAGS]]	installs BUILD into a directory of its own
#	example.sh / [CC [CFLAGS]]	what is installed on this machine
set -eu
build=$1 cc=${2-cc} flags=${3-}
cd "$(dirname "$0")/../.."
recording=samples/sample-arm64-5.10-dmazone-stall.dat
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ "$build" != / ]; then
	DESTDIR=$work/root cmake --install "$build" >"$work/log" || { cat "$work/log"; exit 1; }
	pc=$(find "$work/root" -name libvmstall.pc)
	export PKG_CONFIG_PATH="${pc%/*}" PKG_CONFIG_SYSROOT_DIR="$work/root"
fi
bin=$(pkg-config --variable=prefix libvmstall)/bin
libdir=$(pkg-config --variable=libdir libvmstall)

# @1 finds as many stalls and frozen tasks as the program, and says of the first the same.
check() {
	LD_LIBRARY_PATH=$libdir "$1" "$recording" >"$work/told"
	"$bin/vmstall" analyze -q --min-stall 20ms --csv "$work/stalls" --victims "$work/victims" "$recording" >"$work/text"
	{
		sed -nE '1 s/^([0-9.]+) [0-9.]+ s of (.*) tasks frozen.*/\1 \2/p' "$work/told"
		grep -cE '^[0-9.]+ [0-9.]+ s of ' "$work/told"
		grep -cE '^  .* [0-9]+ (spinning|runnable|timer-late|dependent|blocked) ' "$work/told"
	} >"$work/a" || true
	{
		awk -F, 'NR == 2 { printf "%.6f %s by %s, %d\n", $3 / 1e9, $10, $11, $27 }' "$work/stalls"
		echo $(($(wc -l <"$work/stalls") - 1))
		echo $(($(wc -l <"$work/victims") - 1))
	} >"$work/b"
	diff "$work/a" "$work/b"
	echo "$(basename "$1") says: $(head -n 1 "$work/told")"
}

# shellcheck disable=SC2046,SC2086
compile() {
	"$cc" $flags -Wall -Wextra -Werror -o "$@"
}

source=samples/library/frozen.c
if [ -e "$libdir/libvmstall.so" ]; then
	compile "$work/frozen" "$source" $(pkg-config --cflags --libs libvmstall)
	check "$work/frozen"
fi
# Ours from the archive, the system's as they come. It looks for the event tables as the program does, so it is put there.
static=$bin/frozen-static
[ "$build" != / ] || static=$work/frozen-static
libs=$(pkg-config --static --libs libvmstall | sed 's/-lvmstall/-l:libvmstall.a/')
compile "$static" "$source" $(pkg-config --cflags libvmstall) $libs
check "$static"
