#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""fleet.py - how many recordings a second does a batch analyse, in how much memory, into how large a database?

    python3 tests/bench/fleet.py DIRECTORY NUMBER RECORDING...

NUMBER recordings are made in DIRECTORY, unless they are there: of each RECORDING as many copies, each later than the one
before, compressed as trace-cmd 3 does it (bench_grow). What bench_grow cannot read, the damaged ones, is copied with
another end. Then they are analysed, into DIRECTORY/fleet.sqlite: once from scratch, once with nothing to do. Memory is
the parent's own peak (VmHWM), and the largest of a child's (ru_maxrss).
"""
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../..')
PROGRAM = os.path.join(ROOT, 'build-bench/vmstall')
GROW = os.path.join(ROOT, 'build-bench/bench/bench_grow')


def make_one(plain, recording, number, path):
    grown = plain and subprocess.run([GROW, '--compression', 'zstd', '--later', str(number * 1000000007), plain, path],
                                     stderr=subprocess.DEVNULL).returncode == 0
    if not grown:
        shutil.copyfile(recording, path)
        with open(path, 'ab') as f:
            f.write(b'%d' % number)


def make(directory, number, recordings):
    os.makedirs(directory)
    with tempfile.TemporaryDirectory(dir=directory) as scratch:
        for i, recording in enumerate(recordings):
            plain = os.path.join(scratch, 'plain.dat')
            converted = subprocess.run(['trace-cmd', 'convert', '--file-version', '7', '--compression', 'none', '-i', recording, '-o', plain],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
            name = os.path.splitext(os.path.basename(recording))[0]
            for k in range(i, number, len(recordings)):
                os.makedirs(os.path.join(directory, 'car%d' % (k % 40)), exist_ok=True)
                make_one(converted and plain, recording, k, os.path.join(directory, 'car%d' % (k % 40), '%s-%04d.dat' % (name, k)))


def peak(pid):
    with open('/proc/%d/status' % pid, encoding='utf-8') as f:
        return next((int(line.split()[1]) for line in f if line.startswith('VmHWM:')), 0)


def batch(db, copies):
    """Wall seconds, what it used, and the parent's peak in KiB."""
    begun, most = time.monotonic(), 0
    ran = subprocess.Popen([PROGRAM, 'batch', '-q', '--label-from', r'(?<vehicle>car\d+)', '--db', db, copies],
                           stderr=subprocess.DEVNULL)
    while True:
        pid, status, used = os.wait4(ran.pid, os.WNOHANG)
        if pid:
            break
        most = max(most, peak(ran.pid))
        time.sleep(0.02)
    if os.waitstatus_to_exitcode(status) not in (0, 4):
        sys.exit('vmstall batch ended with %d' % os.waitstatus_to_exitcode(status))
    return time.monotonic() - begun, used, most


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    directory, number, recordings = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    subprocess.run(['sh', os.path.join(ROOT, 'tests/bench/build.sh')], check=True)
    copies, db = os.path.join(directory, 'copies'), os.path.join(directory, 'fleet.sqlite')
    if not os.path.isdir(copies):
        make(copies, number, recordings)
    for name in (db, db + '-wal', db + '-shm'):
        if os.path.exists(name):
            os.unlink(name)
    took, used, memory = batch(db, copies)
    again, _, _ = batch(db, copies)
    with sqlite3.connect(db) as connection:
        [(stored, size, events, stalls, covered)] = connection.execute(
            'SELECT count(*), sum(bytes), sum(events), (SELECT count(*) FROM stalls), sum(covered_ns) / 3600e9 FROM recordings')
    cpu = used.ru_utime + used.ru_stime
    print('%d recordings, %.1f MB each, %.0f thousand events each; %d stalls in %.2f hours' %
          (stored, size / stored / 1e6, events / stored / 1e3, stalls, covered))
    print('%.1f s on %d cores: %.2f recordings a second; load of the machine now: %.1f' % (took, os.cpu_count(), stored / took, os.getloadavg()[0]))
    print('%.1f s of CPU (%.1f of them system): in a second of it %.2f recordings, %.1f MB, %.2f million events' %
          (cpu, used.ru_stime, stored / cpu, size / cpu / 1e6, events / cpu / 1e6))
    print('with nothing to do: %.2f s' % again)
    print('memory: parent %.1f MiB, largest child %.1f MiB' % (memory / 1024, used.ru_maxrss / 1024))
    print('database: %.1f MB, %.1f kB a recording' % (os.path.getsize(db) / 1e6, os.path.getsize(db) / stored / 1e3))


main()
