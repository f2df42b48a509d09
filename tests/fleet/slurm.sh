#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# slurm.sh - does a real Slurm cluster, driven by samples/slurm, find what one machine does?
#
#	slurm.sh VMSTALL RECORDINGS...
#
# The cluster is this host: munged, slurmctld and slurmd (slurm-wlm, munge), on the loopback, with everything they have in
# a temporary directory. Status 77: they are not installed, and the last line says so.
set -eu
for program in munged slurmctld slurmd sbatch squeue; do
	command -v "$program" >/dev/null || PATH=$PATH:/usr/sbin
	command -v "$program" >/dev/null || { echo "skipped: $program is not installed (apt-get install slurm-wlm munge)"; exit 77; }
done
VMSTALL=$(realpath "$1")
export VMSTALL
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
dir=$(mktemp -d "${TMPDIR:-/tmp}/vmstall-slurm.XXXXXX")
tasks=3

# A daemon that was started here is in its own pid file; slurmd ends its steps.
stop() {
	for daemon in slurmd slurmctld munged; do
		[ ! -s "$dir/$daemon.pid" ] || kill "$(cat "$dir/$daemon.pid")" 2>/dev/null || true
	done
	sleep 1
	rm -rf "$dir"
}
fail() {
	echo "FAILED: $1"
	for log in "$dir"/*.log "$dir"/results/*.log; do
		[ ! -s "$log" ] || { echo "== $(basename "$log")"; tail -n 25 "$log"; }
	done
	exit 1
}
trap stop EXIT
trap 'exit 1' INT TERM HUP

# until_true SECONDS WHAT COMMAND...
until_true() {
	left=$(($1 * 5)) what=$2
	shift 2
	until "$@" >/dev/null 2>&1; do
		left=$((left - 1))
		[ "$left" -gt 0 ] || fail "$what"
		sleep 0.2
	done
}

free_ports() {
	python3 -c '
import socket
taken = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
print(*(s.getsockname()[1] for s in taken))'
}

configure() {
	# shellcheck disable=SC2046
	set -- $(free_ports)
	mkdir -m 700 "$dir/state" "$dir/spool"
	dd if=/dev/urandom of="$dir/munge.key" bs=1024 count=1 2>/dev/null
	chmod 400 "$dir/munge.key"
	cat >"$dir/slurm.conf" <<-CONF
		ClusterName=vmstall
		SlurmctldHost=$(hostname -s)(127.0.0.1)
		SlurmctldPort=$1
		SlurmdPort=$2
		AuthType=auth/munge
		CredType=cred/munge
		AuthInfo=socket=$dir/munge.socket
		SlurmUser=$(id -un)
		SlurmdUser=$(id -un)
		StateSaveLocation=$dir/state
		SlurmdSpoolDir=$dir/spool
		SlurmctldPidFile=$dir/slurmctld.pid
		SlurmdPidFile=$dir/slurmd.pid
		SlurmctldLogFile=$dir/slurmctld.log
		SlurmdLogFile=$dir/slurmd.log
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		SwitchType=switch/none
		MpiDefault=none
		JobAcctGatherType=jobacct_gather/none
		AccountingStorageType=accounting_storage/none
		SchedulerType=sched/builtin
		SelectType=select/cons_tres
		SelectTypeParameters=CR_CPU
		ReturnToService=2
		KillWait=5
		MinJobAge=600
		NodeName=here NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
		PartitionName=all Nodes=here Default=YES MaxTime=INFINITE State=UP
	CONF
	export SLURM_CONF="$dir/slurm.conf"
}

start() {
	# --force: whose the directories above the temporary one are is not its business here
	munged --force --socket="$dir/munge.socket" --key-file="$dir/munge.key" --pid-file="$dir/munged.pid" \
		--log-file="$dir/munged.log" --seed-file="$dir/munge.seed" >"$dir/start.log" 2>&1 || fail "munged does not start"
	slurmctld -c >>"$dir/start.log" 2>&1 || fail "slurmctld does not start"
	slurmd -N here >>"$dir/start.log" 2>&1 || fail "slurmd does not start"
	until_true 60 "the node does not get ready" sh -c 'sinfo -h -o %t | grep -qx idle'
}

ended() { ! squeue -h -j "$1" 2>/dev/null | grep -q .; }
state() { scontrol show job "$1" | sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p' | sort -u; }

configure
mkdir "$dir/recordings"
for recording; do		# of two with one name both are in
	ln -s "$(realpath "$recording")" "$dir/recordings/$#-$(basename "$recording")"
	shift
done
(cd "$dir" && "$VMSTALL" batch -q --db one.sqlite "$dir/recordings" 2>one.log) || [ $? -eq 4 ] || fail "one machine does not"
start
jobs=$(sh "$root/samples/slurm/submit.sh" "$dir/recordings" "$dir/results" $tasks 2>>"$dir/start.log") || fail "submit.sh does not"
until_true 600 "the jobs do not end" ended "$(echo "$jobs" | tr ' ' ,)"
for job in $jobs; do
	[ "$(state "$job")" = COMPLETED ] || fail "job $job ended as $(state "$job")"
done
[ "$(ls "$dir"/results/part-*-of-$tasks.sqlite | wc -l)" -eq $tasks ] || fail "there are not $tasks parts"
for db in one results/fleet; do
	sqlite3 -bail "$dir/$db.sqlite" .dump >"$dir/$(basename $db).sql"
done
cmp "$dir/one.sql" "$dir/fleet.sql" || fail "the cluster's database is not that of one machine"
parts=$(for part in "$dir"/results/part-*.sqlite; do sqlite3 "$part" 'SELECT count(*) FROM recordings'; done | tr '\n' ' ')
echo "the same database: $(sqlite3 "$dir/one.sqlite" 'SELECT count(*) FROM recordings') recordings, in parts of $parts"
