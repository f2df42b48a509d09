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
apt-get -qq install --yes --no-install-recommends cmake make pkgconf scdoc file dpkg-dev qemu-user crossbuild-essential-arm64 \
	libtraceevent-dev:arm64 libtracefs-dev:arm64 libtracecmd-dev:arm64 libjansson-dev:arm64 libzstd-dev:arm64 \
	zlib1g-dev:arm64 >/dev/null
cmake --workflow --preset debian-arm64 >"$build.log" || { tail -n 40 "$build.log"; exit 1; }
file "$build/vmstall"
ls "$build"/*.deb

program=$(mktemp)
trap 'rm -f "$program"' EXIT
printf '#!/bin/sh\nexec qemu-aarch64 %s/vmstall "$@"\n' "$(realpath "$build")" >"$program"
chmod +x "$program"
sh tests/golden/run.sh "$program"
echo "arm64: all of $(ls tests/golden/*.args | wc -l) golden outputs are byte for byte those of amd64"
