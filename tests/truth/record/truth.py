#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""truth.py - from what the probes of record.sh wrote, the files that score.py reads

usage: truth.py DIRECTORY RECORDING.dat

DIRECTORY has truth.txt, the text of the buffer with the probes, and gaps/, a file of each task. Beside RECORDING.dat come
.holds.csv, .waits.csv and .publishers.txt. The lock of a hold is named by its address, as in .waits.csv, and by its node, where the
kernel could be asked for it; both are empty where they were not probed. A hold ends between the return of the scan
(lock_hold_end_s) and the call that frees what it took (lock_hold_end_latest_s, empty where none followed). On PREEMPT_RT there is nothing to spin for: there the recording's own
lock:contention events with the flag RT are the waits.
"""
import collections
import csv
import os
import re
import subprocess
import sys

LEAST = 2e-4            # shorter holds and waits are left out
MATCH = 5e-6            # two stamps of one event
LOCK_IN_LRUVEC = 0x50   # lru_lock comes after the five lists
PROBE = re.compile(r'^\s*(.*)-(\d+)\s+\[(\d+)\]\s+\S+\s+(\d+\.\d+): (\w+): (.*)$')
EVENT = re.compile(r'^\s*(.*)-(\d+)\s+\[(\d+)\]\s+(\d+\.\d+): (\w+):\s*(.*)$')
HOLDS = ('lock_hold_start_s', 'lock_hold_end_s', 'cpu', 'pid', 'comm', 'nr_scanned', 'nr_skipped', 'kind', 'isolate_event_s', 'lock',
         'node', 'lock_hold_end_latest_s')
WAITS = ('wait_start_s', 'wait_end_s', 'cpu', 'pid', 'comm', 'lock')

Record = collections.namedtuple('Record', 'comm pid cpu ts name rest stamp')


def records(lines, pattern):
    for line in lines:
        m = pattern.match(line)
        if m:
            yield Record(m[1], int(m[2]), int(m[3]), float(m[4]), m[5], m[6], m[4])


def number(name, rest):
    m = re.search(name + r'=(\d+)', rest)
    return m[1] if m else ''


def lock_of(scan):
    """Address and node of the lock that this scan holds."""
    lruvec = re.search(r'lruvec=0x([0-9a-f]+)', scan.rest)
    return ('0x%x' % (int(lruvec[1], 16) + LOCK_IN_LRUVEC) if lruvec else '', number('node', scan.rest))


def recorded(dat):
    """The isolate events by task, and the waits for a sleeping lock."""
    isolates, begun, waits = collections.defaultdict(list), {}, []
    report = subprocess.run(['trace-cmd', 'report', '-t', dat], capture_output=True, text=True, errors='replace', check=True)
    for r in records(report.stdout.splitlines(), EVENT):
        if r.name == 'mm_vmscan_lru_isolate':
            isolates[r.pid].append(r)
        elif r.name == 'contention_begin' and 'RT' in r.rest:
            begun[r.pid] = r
        elif r.name == 'contention_end' and r.pid in begun:
            b = begun.pop(r.pid)
            waits.append([b.ts, r.ts, r.cpu, r.pid, r.comm, b.rest.split()[0]])
    return isolates, waits


def probed(path, isolates):
    scans, spins, ended, holds, waits = {}, {}, {}, [], []
    with open(path, errors='replace') as f:
        for r in records(f, PROBE):
            if r.name == 'scan':
                scans[r.pid] = r
                ended.pop(r.pid, None)
            elif r.name == 'scanned' and r.pid in scans:
                scan = scans.pop(r.pid)
                start = scan.ts
                inside = [i for i in isolates[r.pid] if start - MATCH <= i.ts <= r.ts + MATCH]
                if inside:
                    i = inside[-1]
                    ended[r.pid] = [start, r.ts, i.cpu, r.pid, r.comm, number('nr_scanned', i.rest),
                                    number('nr_skipped', i.rest), 'scan', i.stamp, *lock_of(scan), '']
                    holds.append(ended[r.pid])
            elif r.name == 'free' and r.pid in ended:
                ended.pop(r.pid)[-1] = r.ts
            elif r.name == 'spin':
                spins[r.cpu] = r
            elif r.name == 'spun' and r.cpu in spins:
                s = spins.pop(r.cpu)
                if s.pid == r.pid:
                    waits.append([s.ts, r.ts, r.cpu, r.pid, r.comm, re.search(r'lock=(\S+)', s.rest)[1]])
    return holds, waits


def write(path, header, rows):
    with open(path, 'w', newline='') as f:
        out = csv.writer(f, lineterminator='\n')
        out.writerow(header)
        for row in rows:
            out.writerow(['%.6f' % v if isinstance(v, float) else v for v in row])


def main():
    directory, dat = sys.argv[1:]
    base = dat[:-len('.dat')]
    isolates, sleeping = recorded(dat)
    holds, spinning = probed(os.path.join(directory, 'truth.txt'), isolates)
    write(base + '.holds.csv', HOLDS, [h for h in holds if (h[-1] or h[1]) - h[0] >= LEAST])
    write(base + '.waits.csv', WAITS, [w for w in spinning or sleeping if w[1] - w[0] >= LEAST])
    with open(base + '.publishers.txt', 'w') as out:
        for name in sorted(os.listdir(os.path.join(directory, 'gaps'))):
            with open(os.path.join(directory, 'gaps', name)) as f:
                out.write(f.read())
    print('%s: %d holds, %d waits' % (dat, len(holds), len(spinning or sleeping)))


main()
