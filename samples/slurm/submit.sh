#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# submit.sh - analyse a directory of recordings on a cluster: an array of jobs, and one behind it that merges
#
#	submit.sh RECORDINGS RESULTS [TASKS] [BATCH_OPTION...]
#
# RECORDINGS and RESULTS are where every node sees them. Each of the TASKS (8) takes its part of the recordings into
# RESULTS/part-K-of-TASKS.sqlite; then RESULTS/fleet.sqlite has all of them. Submit it again, with as many tasks, when
# recordings were added or tasks were killed: what is done is not done again. Options of vmstall batch (--label-from ...)
# go behind the number; sbatch takes SBATCH_PARTITION, SBATCH_ACCOUNT and the like from the environment.
# It prints the ids of the two jobs.
set -eu
[ $# -ge 2 ] || { sed -n '5p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
recordings=$(cd "$1" && pwd)
mkdir -p "$2"
results=$(cd "$2" && pwd)
tasks=${3:-8}
shift "$(($# < 3 ? $# : 3))"

array=$(sbatch --parsable --array="1-$tasks" --chdir="$results" "$here/batch.sbatch" "$recordings" "$results" "$@")
# afterany: a part that failed leaves what it had, and that is worth merging
merge=$(sbatch --parsable --dependency="afterany:${array%%;*}" --chdir="$results" "$here/merge.sbatch" "$results")
echo "${array%%;*} ${merge%%;*}"
