#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# arm64.sh - does vmstall, built for arm64 by Debian's cross compiler, say byte for byte what it says on this machine?
#
# Installs the cross compiler and the libraries of arm64: run it in a container or a fresh Debian,
#
#	sh tests/package/fresh.sh sh tests/cross/arm64.sh
#
# The program runs under qemu-user. Held against the golden outputs, which are those of amd64, and leaves the packages.
set -eu
cd "$(dirname "$0")/../.."
export DEBIAN_FRONTEND=noninteractive
build=build-arm64

dpkg --add-architecture arm64
apt-get -qq update
# What it is built with, as a machine of arm64 has it; tools are this machine's.
libraries=$(sed -n "s/^packages='\(.*\)'/\1/p" samples/install-deps.sh | tr ' ' '\n' | grep -v libc6 | sed -n 's/-dev$/-dev:arm64/p')
# shellcheck disable=SC2086
apt-get -qq install --yes --no-install-recommends cmake make pkgconf scdoc file dpkg-dev qemu-user crossbuild-essential-arm64 \
	$libraries >/dev/null
{ cmake --preset debian-arm64 -DCMAKE_COMPILE_WARNING_AS_ERROR=ON && cmake --workflow --preset debian-arm64; } >"$build.log" ||
	{ tail -n 40 "$build.log"; exit 1; }
file "$build/vmstall"
ls "$build"/*.deb

program=$(mktemp)
trap 'rm -f "$program"' EXIT
printf '#!/bin/sh\nexec qemu-aarch64 %s/vmstall "$@"\n' "$(realpath "$build")" >"$program"
chmod +x "$program"
sh tests/golden/run.sh "$program"
echo "arm64: all of $(ls tests/golden/*.args | wc -l) golden outputs are byte for byte those of amd64"
