#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""leaks.py - does vmstall leaks find what leaks, count it right, and accuse nobody else?

usage: leaks.py --vmstall PROGRAM RECORDING.dat...

What is true of NAME.dat stands beside it: in NAME.leaks.csv; or in BASE.truth.txt, what a module counted of its own leaks
at the start and at the end of the recordings BASE-kmem.dat and BASE-kmem-stack.dat. In a recording with neither, nothing
leaks: nothing may be called a leak with more than low confidence.
Exit status 1 when something is not as it should be.
"""
import argparse
import csv
import os
import re
import subprocess
import sys
import tempfile

TOLERANCE = 0.02        # of counts and bytes
EDGE = 2                # leaked between the module's counting and the recording's edge, at either end


def read_csv(path):
    with open(path, newline='') as f:
        return list(csv.DictReader(f))


def truth_file(recording):
    """What a module counted, or None."""
    path = re.sub(r'-kmem(-stack)?\.dat$', '', recording) + '.truth.txt'
    if not os.path.exists(path):
        return None
    with open(path) as f:
        return f.read()


def part_of(text, recording):
    return text.split('== recording kmem')[2 if recording.endswith('-stack.dat') else 1].split('==')[0]


def grown(part, pattern):
    """By how much, from the counting at the start to that at the end."""
    before, after = map(int, re.findall(pattern, part))
    return after - before


def counted(text, recording):
    """Truth from the module's own counters, before and after."""
    part = part_of(text, recording)
    objects = grown(part, r'attr_allocs.*? leaked=(\d+)')
    blocks = grown(part, r'dma_gets.*? leaked_blocks=(\d+)')
    return [dict(function='cma_attr_clone', layer='slab', pattern='hidden', least=objects, most=objects + EDGE,
                 object_bytes=512, comm='cmaidad'),
            dict(function='cma_dma_get', layer='page', pattern='retry', least=blocks, most=blocks + EDGE,
                 object_bytes=16384, comm='cmaidad')]


def truth_of(recording):
    base = recording[:-len('.dat')]
    if os.path.exists(base + '.leaks.csv'):
        return read_csv(base + '.leaks.csv')
    text = truth_file(recording)
    return counted(text, recording) if text else []


def answer_of(program, verb, recording):
    with tempfile.TemporaryDirectory() as d:
        out = os.path.join(d, 'answer.csv')
        done = subprocess.run([program, verb, '-q', '--csv', out, recording], stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True)
        if done.returncode == 3 and 'cannot tell' in done.stderr:
            return []
        if done.returncode not in (0, 4):
            raise SystemExit('%s: exit status %d: %s' % (recording, done.returncode, done.stderr))
        return read_csv(out)


class Check:
    def __init__(self, recording):
        self.name, self.failed = os.path.basename(recording), False

    def expect(self, good, what, *args):
        if not good:
            print('%s: %s' % (self.name, what % args))
            self.failed = True


def row_for(rows, truth):
    """Pages have a function only with a stack: without one it is the retry that names them."""
    for row in rows:
        if row['layer'] == truth['layer'] and (row['site_function'] == truth['function'] or (
                row['layer'] == 'page' and row['pattern'] == truth['pattern'])):
            return row
    return None


def check_leak(check, rows, truth):
    row = row_for(rows, truth)
    check.expect(row, 'no row for %s', truth['function'])
    if not row:
        return None
    least, most = int(truth['least']), int(truth['most'])
    live, size = int(row['live']), int(truth['object_bytes'])
    check.expect(row['verdict'] == 'leak', '%s is called %s', truth['function'], row['verdict'])
    check.expect(row['pattern'] == truth['pattern'], '%s: pattern %s', truth['function'], row['pattern'])
    check.expect(least * (1 - TOLERANCE) <= live <= most * (1 + TOLERANCE), '%s: %d left, in truth %d to %d',
                 truth['function'], live, least, most)
    check.expect(int(row['live_bytes']) == live * size, '%s: %s bytes left', truth['function'], row['live_bytes'])
    check.expect(truth['comm'] in row['comms'].split(';'), '%s: tasks %s', truth['function'], row['comms'])
    return row


def check_recording(program, recording):
    check, rows, truth = Check(recording), answer_of(program, 'leaks', recording), truth_of(recording)
    leaks = [check_leak(check, rows, t) for t in truth]
    wrong = [r for r in rows if r['verdict'] == 'leak' and r not in leaks and r['confidence'] != 'low']
    for row in wrong:
        check.expect(False, 'false leak: %s %s', row['layer'], row['site_function'])
    for i, row in enumerate(rows):
        check.expect(int(row['rank']) == i + 1, 'rank %s in row %d', row['rank'], i + 1)
    check.expect({r['rank'] for r in leaks if r} == {str(i + 1) for i in range(len(truth))}, 'the leaks are not ranked first')
    busy = [r for r in rows if r['site_function'] == 'cma_buf_get']
    check.expect(all(r['verdict'] == 'ok' for r in busy), 'cma_buf_get, which frees everything, is not ok')
    if not check.failed:
        print('%s: %d of %d leaks found, %d sites, no false leak' % (check.name, len(leaks), len(truth), len(rows)))
    return not check.failed


def judge(doc, check_recording):
    """The whole program: check each recording of the command line; doc is the program's own."""
    parser = argparse.ArgumentParser(usage=doc.split('\n\n')[1][7:])
    parser.add_argument('--vmstall', required=True)
    parser.add_argument('recordings', nargs='+')
    args = parser.parse_args()
    good = [check_recording(args.vmstall, r) for r in args.recordings]
    sys.exit(not all(good))


if __name__ == '__main__':
    judge(__doc__, check_recording)
