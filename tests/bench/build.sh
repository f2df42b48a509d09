#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# build.sh - build in build-bench what is measured: the program as it is installed, and what it is compared with
set -eu
cd "$(dirname "$0")/../.."
{ cmake -S . -B build-bench -DCMAKE_BUILD_TYPE=RelWithDebInfo -DVMSTALL_TESTS=OFF -DVMSTALL_BENCH=ON &&
	cmake --build build-bench --parallel "$(nproc)"; } >build-bench.log 2>&1 || { tail -n 40 build-bench.log >&2; exit 1; }
rm -f build-bench.log
