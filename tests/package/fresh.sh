#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# fresh.sh - run a command in a fresh Debian 12 that has nothing but the source, as of the last commit
#
#	fresh.sh COMMAND...	as root, in the source's root, with what the directory $WITH has in /with
#
# Status 77: there is no debootstrap, or nothing to bootstrap from.
set -eu
cd "$(dirname "$0")/../.."
cannot() { echo "skipped: fresh Debian: $1"; exit 77; }

[ "$(id -u)" -eq 0 ] || cannot "not root"
command -v debootstrap >/dev/null || cannot "debootstrap is not installed"
root=$(mktemp -d)
leave() {
	umount "$root/proc" 2>/dev/null || true
	rm -rf --one-file-system "$root" "$root.log"
}
trap leave EXIT
debootstrap --variant=minbase bookworm "$root" "${MIRROR-http://deb.debian.org/debian}" >"$root.log" ||
	{ tail "$root.log"; cannot "debootstrap failed"; }
mount -t proc proc "$root/proc" || true	# a container may not; little asks for it
mkdir "$root/source" "$root/with"
git archive HEAD | tar -x -C "$root/source"
[ -z "${WITH-}" ] || cp -r "$WITH"/* "$root/with/"
chroot "$root" sh -c 'apt-get -qq update && cd /source && exec "$@"' sh "$@"
