#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# paths.sh - is nothing that is installed told where it was built?
#
#	paths.sh BUILD SOURCE	BUILD without sanitizers and gcov, which tell
set -eu
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
DESTDIR=$root cmake --install "$1" >/dev/null
[ -n "$(find "$root" -name 'libvmstall.a')" ]
find "$root" -name '*.gz' -exec gunzip -q {} +
! grep -rlF -e "$(realpath "$1")" -e "$(realpath "$2")" "$root"
