#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# package.sh - build the Debian packages, ask lintian, install and use them (check.sh), and take them away again
#
#	package.sh [BUILD]		on this machine, which must not have vmstall installed
#	package.sh --chroot [BUILD]	in a fresh Debian 12 made by debootstrap: shows that what they depend on is enough
#
# BUILD: configured with --preset debian; build-deb, made if need be. As root. Status 77: this is no machine where it can
# be done; the last line says why.
set -eu
cd "$(dirname "$0")/../.."
fresh=
if [ "${1-}" = --chroot ]; then
	fresh=yes
	shift
fi
build=${1-build-deb}
cannot() { echo "skipped: packages: $1"; exit 77; }

[ "$(id -u)" -eq 0 ] || cannot "not root"
command -v dpkg-deb >/dev/null || cannot "not a Debian system"
[ "$fresh" ] || ! dpkg-query -W vmstall >/dev/null 2>&1 || cannot "vmstall is installed on this machine"

pack() {
	[ -e "$build/CPackConfig.cmake" ] || cmake -B "$build" --preset debian
	cmake --build "$build" --parallel "$(nproc)" && cpack --config "$build/CPackConfig.cmake" -B "$build"
}
rm -rf "$build"/*.deb "$build/packages"
pack >"$build.log" 2>&1 || { tail -n 40 "$build.log"; echo "FAILED: no packages"; exit 1; }
rm -f "$build.log"
ls -l "$build"/*.deb
if command -v lintian >/dev/null; then
	lintian --allow-root --fail-on error "$build"/*.deb
else
	echo "skipped: lintian is not installed"
fi
[ "$fresh" ] || exec bash tests/package/check.sh "$build"
mkdir "$build/packages"
mv "$build"/*.deb "$build/packages/"
WITH=$build/packages exec sh tests/package/fresh.sh bash tests/package/check.sh /with
