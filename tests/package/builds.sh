#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# builds.sh - is it one program: with gcc or clang, libvmstall shared or not, wherever and whenever it is built?
#
# Every build must say what the golden outputs say. Two Debian builds in different directories must give the same packages.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

for cc in gcc clang; do
	command -v "$cc" >/dev/null || { echo "skipped: $cc is not installed"; continue; }
	for shared in ON OFF; do
		cmake -S . -B "$work/$cc-$shared" -DCMAKE_C_COMPILER="$cc" -DBUILD_SHARED_LIBS=$shared -DVMSTALL_TESTS=OFF \
			-DCMAKE_COMPILE_WARNING_AS_ERROR=ON >"$work/log"
		cmake --build "$work/$cc-$shared" --parallel "$(nproc)" >"$work/log" 2>&1 || { tail -n 40 "$work/log"; exit 1; }
		sh tests/golden/run.sh "$work/$cc-$shared/vmstall"
		sh tests/library/symbols.sh "$work/$cc-$shared" include/vmstall/vmstall.h
		echo "ok: $cc, BUILD_SHARED_LIBS=$shared"
	done
done

SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
for place in "$work/here" "$work/there/and farther"; do
	mkdir -p "$place"
	git archive HEAD | tar -x -C "$place"
	(cd "$place" && cmake --workflow --preset debian) >"$work/log" 2>&1 || { tail -n 40 "$work/log"; exit 1; }
	(cd "$place/build-deb" && sha256sum ./*.deb) >"$work/sums"
	[ -e "$work/first" ] || mv "$work/sums" "$work/first"
done
cat "$work/first"
diff "$work/first" "$work/sums"
echo "ok: the same packages from two directories"
