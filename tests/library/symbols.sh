#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# symbols.sh - do libvmstall.a and libvmstall.so offer what vmstall.h declares, and no other name?
#
#	symbols.sh DIR HEADER [NM [READELF]]	DIR: where the libraries were built
set -eu
dir=$1 header=$2 nm=${3-nm} readelf=${4-readelf}
declared=$(sed -n 's/^VMSTALL_API.*[ *]\(vmstall_[a-z_]*\)(.*/\1/p' "$header" | sort)
failed=0

same() {
	[ "$2" = "$declared" ] && return
	failed=1
	echo "FAILED: $1 offers other names than $header declares:"
	printf '%s\n' "$declared" >"$dir/declared.txt"
	printf '%s\n' "$2" | diff "$dir/declared.txt" - || true
}

[ "$(echo "$declared" | wc -l)" -gt 5 ]
# What the sanitizers and gcov add is theirs.
theirs='^__[aotu]*san\|^__odr_asan\|^__gcov_\|^mangle_path$'
same libvmstall.a "$("$nm" -g --defined-only "$dir/libvmstall.a" | awk 'NF == 3 { print $3 }' | grep -v "$theirs" | sort)"
if [ -e "$dir/libvmstall.so" ]; then
	same libvmstall.so "$("$nm" -D --defined-only "$dir/libvmstall.so" | awk '{ print $3 }' | grep -v "$theirs" | sort)"
	soname=$("$readelf" -d "$dir/libvmstall.so" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
	case $soname in
	libvmstall.so.[0-9]*) [ -e "$dir/$soname" ] ;;
	*) echo "FAILED: libvmstall.so has SONAME '$soname'"; failed=1 ;;
	esac
fi
exit $failed
