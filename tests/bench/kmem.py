#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""kmem.py - where do vmstall leaks and trace-cmd mem differ in what is left of slab objects?

usage: kmem.py VMSTALL RECORDING.dat

Bytes by function. An object whose free left no record shows in both until its address is allocated again: then
vmstall takes it for freed, and trace-cmd mem, which forgets whose it was, leaves it with the function for good.
"""
import collections
import json
import subprocess
import sys


def by_vmstall(program, recording):
    out = subprocess.run([program, 'leaks', '-q', '--json', '-', recording], stdout=subprocess.PIPE, check=False).stdout
    left, unseen = collections.Counter(), collections.Counter()
    for site in json.loads(out)['sites']:
        if site['layer'] == 'slab':
            where = site['place']['function'] or site['place']['address']
            left[where] += site['figures']['live_bytes']
            unseen[where] += site['figures']['freed_unseen']
    return left, unseen


def by_trace_cmd(recording):
    """Function, waste, bytes now, requested, ..."""
    done = subprocess.run(['trace-cmd', 'mem', '-i', recording], stdout=subprocess.PIPE, text=True, errors='replace', check=False)
    left = collections.Counter()
    for line in done.stdout.splitlines():
        word = line.split()
        if len(word) == 9 and word[2].isdigit():
            left[word[0]] += int(word[2])
    return left, done.returncode


def main():
    program, recording = sys.argv[1:]
    (ours, unseen), (theirs, status) = by_vmstall(program, recording), by_trace_cmd(recording)
    if status:
        print('  trace-cmd mem ended with status %d' % status)
    differ = [f for f in set(ours) | set(theirs) if ours[f] != theirs[f]]
    print('  left: %d functions, %d bytes by vmstall; %d, %d bytes by trace-cmd mem; %d differ' % (
        len(ours), sum(ours.values()), len(theirs), sum(theirs.values()), len(differ)))
    for f in sorted(differ, key=lambda f: -abs(ours[f] - theirs[f])):
        print('    %-36s %12d %12d  %s' % (f, ours[f], theirs[f],
                                           '%d allocated again while in use: freed unseen' % unseen[f] if unseen[f] else ''))


if __name__ == '__main__':
    main()
