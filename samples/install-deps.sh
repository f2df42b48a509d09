#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# install-deps.sh - install what is missing to build vmstall, from Debian's own packages
#
#	install-deps.sh		to build and run it
#	install-deps.sh tests	to test it too
set -eu

packages='cmake gcc libc6-dev make pkgconf libtraceevent-dev libtracefs-dev libtracecmd-dev libjansson-dev libzstd-dev zlib1g-dev libsqlite3-dev nettle-dev libpcre2-dev scdoc'
[ "${1-}" != tests ] ||
	packages="$packages libcmocka-dev trace-cmd python3 python3-jsonschema python3-yaml sqlite3 gcovr man-db zsh fish chromium fonts-dejavu-core
		protobuf-compiler python3-protobuf libkshark-dev libjson-c-dev bash-completion dpkg-dev file lintian"

command -v dpkg-query >/dev/null || { echo "install-deps.sh: not a Debian system; needed: $packages" >&2; exit 0; }

# Without these a whole test is skipped, and says so.
optional=
[ "${1-}" != tests ] || optional='slurm-wlm munge'

missing_of() {
	for package; do
		status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=
		[ "$status" = installed ] || printf ' %s' "$package"
	done
}

# shellcheck disable=SC2086
missing=$(missing_of $packages) wanted=$(missing_of $optional)
[ -n "$missing$wanted" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo >/dev/null || { echo "install-deps.sh: as root: apt-get install$missing$wanted" >&2; exit 1; }
	as_root='sudo'
fi
echo "installing:$missing$wanted" >&2
export DEBIAN_FRONTEND=noninteractive
# A fresh machine has no package lists yet; old ones name versions that are gone.
$as_root apt-get -qq update >&2
# shellcheck disable=SC2086
[ -z "$missing" ] || $as_root apt-get -qq install --yes --no-install-recommends $missing >&2
# shellcheck disable=SC2086
[ -z "$wanted" ] || $as_root apt-get -qq install --yes --no-install-recommends $wanted >&2 ||
	echo "install-deps.sh: not to be had:$wanted; what needs it is not tested" >&2
