#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""metamorph.py - does vmstall say the same of the same machine, however it is told, and nothing else when told less?

usage: metamorph.py --vmstall PROGRAM --variants VARIANT [--only CHANGE[,CHANGE...]] RECORDING.dat...

Needs no truth. VARIANT (tests/truth/variant, built) tells a recording in other words: at another time, with other CPUs,
pids and names, with more that says nothing new. The findings must be the same in these words. It also takes events away:
then findings may be fewer and their bounds wider, and none may be another one.
Exit status 1 when a recording does not keep to it and KNOWN does not say why, or no longer needs to be in KNOWN.
"""
import argparse
import collections
import csv
import fnmatch
import os
import re
import subprocess
import sys
import tempfile

PIDS = 1000000
SHIFT = 5000            # s
CPUS = 64
AGAIN = 1000            # ns: how far the stamps of one event in two buffers may move an answer
MATCH = 5000            # ns
LEARNT = 0.0001         # of a hold: what a page costs is learnt from holds, whose bounds may be wider, too
FILES = ('csv', 'victims', 'holds')
TIMES = re.compile(r'^(start|end|event|frozen_from|frozen_to|(start|end)_(earliest|latest))_ns$')
PID = re.compile(r'^((cause|trigger)_)?pid$|^waits_for_pid$')
NAME = re.compile(r'^((cause|trigger)_)?comm$')
CPU = re.compile(r'^(cause_)?cpu$')
NUMBER = re.compile(r'(_ns|ns_per_page)$')
OWN = re.compile(r'swapper|kswapd|kworker|migration/|ksoftirqd/|kcompactd|khugepaged|rcu|cpuhp/|ktimers/|irq/|jbd2/|'
                 r'idle_inject/|trace-cmd|<')

# What is known to be answered otherwise: recordings, changes, why. A row fails as soon as all of it is answered rightly.
KNOWN = (
    ('quick-3', 'no wake-ups', 'a start is bounded by the end of the hold before, which it is not with the wake-ups'),
)


def read_csv(path):
    with open(path, newline='') as f:
        return list(csv.DictReader(f))


def answer(program, recording):
    """{file: rows} of what vmstall says; a victim's stall is told by its start, whose number may change."""
    with tempfile.TemporaryDirectory() as d:
        paths = {k: os.path.join(d, k) for k in FILES}
        done = subprocess.run([program, 'analyze', '-q', recording] + [w for k in FILES for w in ('--' + k, paths[k])],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode not in (0, 3, 4):
            raise SystemExit('%s: exit status %d: %s' % (recording, done.returncode, done.stderr))
        rows = {k: read_csv(paths[k]) if os.path.exists(paths[k]) else [] for k in FILES}
    start = {s['stall_id']: s['start_ns'] for s in rows['csv']}
    for row in rows['victims']:
        row['start_ns'] = start[row.pop('stall_id')]
    for row in rows['csv']:
        del row['stall_id']
    for row in (r for k in FILES for r in rows[k]):
        del row['recording']
    return rows


# --- the same in other words ---

def rot13(name):
    if OWN.match(name):
        return name
    return ''.join(chr((ord(c) & 96) + (ord(c) % 32 + 12) % 26 + 1) if c.isascii() and c.isalpha() else c for c in name)


def of_other_cpu(name, nr_cpus):
    """swapper/3 is named after its CPU."""
    return re.sub(r'^(swapper/|migration/|ksoftirqd/|cpuhp/|rcuc/|ktimers/)(\d+)$',
                  lambda m: m[1] + str(nr_cpus - 1 - int(m[2])) if int(m[2]) < nr_cpus else m[0], name)


def untold(change, row, nr_cpus):
    """The row in the words of the recording that was not changed."""
    out = dict(row)
    for k, v in row.items():
        if not v:
            continue
        if change == 'shift' and TIMES.match(k):
            out[k] = str(int(v) - SHIFT * 1000000000)
        elif change == 'pids' and PID.match(k) and 0 < int(v) < PIDS:
            out[k] = str(PIDS - int(v))
        elif change == 'names' and NAME.match(k):
            out[k] = rot13(v)
        elif change == 'cpus' and CPU.match(k):
            out[k] = str(nr_cpus - 1 - int(v))
        elif change == 'cpus' and NAME.match(k):
            out[k] = of_other_cpu(v, nr_cpus)
        elif change == 'idle' and k == 'cpus_total':
            out[k] = str(int(v) - CPUS)
    return out


SAME = (
    ('copy', 'copy:'), ('shift', 'shift:%d' % SHIFT), ('cpus', 'cpus:'), ('pids', 'pids:'), ('names', 'names:'),
    ('regroup', 'regroup:7'), ('full', 'regroup:0'), ('noise', 'noise:on'), ('noise within', 'noise:any'),
    ('twice', 'twice:mm_vmscan,sched_switch'), ('idle', 'idle:%d' % CPUS),
)


def near(change, key, a, b):
    if a == b or change != 'twice' or not NUMBER.search(key) or not a or not b:
        return a == b
    room = AGAIN * (200 if key == 'frozen_task_ns' else 1)
    return abs(float(a) - float(b)) <= (room if key.endswith('_ns') else 0.01 * float(a))


def order(row):
    """Rows that belong together come together: what a moment of time does not change, first."""
    return [v for k, v in row.items() if not NUMBER.search(k)], [int(v) for k, v in row.items() if TIMES.match(k) and v]


def differences(change, base, new, nr_cpus):
    for k in FILES:
        a = sorted(base[k], key=order)
        b = sorted((untold(change, r, nr_cpus) for r in new[k]), key=order)
        if len(a) != len(b):
            yield '%s has %d rows, not %d' % (k, len(b), len(a))
            continue
        for x, y in zip(a, b):
            other = ['%s %s, not %s' % (c, y.get(c), x[c]) for c in x if not near(change, c, x[c], y.get(c, ''))]
            if other:
                yield '%s of %s: %s' % (k, x['start_ns'], '; '.join(other))


# --- less ---

LESS = (
    ('no kmem', 'drop:mm_page,kmalloc,kfree,kmem_cache,rss_stat'),
    ('no wake-ups', 'drop:sched_wak'),
    ('no switches', 'drop:sched_switch'),
    ('no interrupts', 'drop:irq_,softirq_,hrtimer_,timer_,tick_,local_timer'),
    ('no locks', 'drop:contention,lock_'),
    ('no kswapd', 'drop:mm_vmscan_kswapd,mm_vmscan_wakeup'),
    ('no reclaims', 'drop:mm_vmscan_direct,mm_vmscan_memcg,mm_vmscan_node,mm_shrink'),
    ('no scans', 'drop:mm_vmscan_lru_isolate'),
    ('1 % lost', 'lose:1'),
    ('10 % lost', 'lose:10'),
)


def overlap(x, y):
    return min(int(x['end_ns']), int(y['end_ns'])) - max(int(x['start_ns']), int(y['start_ns']))


def of_same_event(a, b):
    return bool(a['event_ns']) and a['event_ns'] == b['event_ns'] and a['cause_cpu'] == b['cause_cpu']


def stalls_beside(stall, base):
    """What the whole recording says of the same time: of the same event, if that is known."""
    same = [s for s in base if of_same_event(stall, s)]
    return same or [s for s in base if overlap(stall, s) > 0]


def other_stalls(base, new):
    for s in new['csv']:
        beside = stalls_beside(s, base['csv'])
        where = '%s of %.1f ms at %s by %s' % (s['cause'], int(s['duration_ns']) / 1e6, s['start_ns'], s['cause_pid'])
        if not beside:
            yield 'another stall: ' + where
        elif s['cause'] == 'lru_lock_hold' and not any(of_same_event(s, b) for b in beside):
            if not any(h['event_ns'] == s['event_ns'] for h in base['holds']):
                yield 'another cause: ' + where
        elif any(of_same_event(s, b) and s['cause_pid'] not in ('', b['cause_pid']) for b in beside):
            yield 'another culprit: ' + where


def other_victims(base, new):
    stalls = {s['start_ns']: s for s in new['csv']}
    for v in new['victims']:
        beside = {b['start_ns'] for b in stalls_beside(stalls[v['start_ns']], base['csv'])}
        culprits = {b['cause_pid'] for b in base['csv'] if b['start_ns'] in beside}
        named = {b['pid'] for b in base['victims'] if b['start_ns'] in beside}
        if beside and v['pid'] not in named | culprits:
            yield 'another victim of %s: %s (%s), %s %s' % (v['start_ns'], v['comm'], v['pid'], v['kind'], v['confidence'])


def narrower(base, new):
    whole = {(h['event_ns'], h['cpu']): h for h in base['holds']}
    for h in new['holds']:
        b = whole.get((h['event_ns'], h['cpu']))
        if not b:
            yield 'another hold at %s' % h['event_ns']
            continue
        for end in ('start', 'end'):
            room = MATCH if end == 'end' else max(MATCH, LEARNT * (int(b['end_ns']) - int(b['start_ns'])))
            early, late = (int(h['%s_%s_ns' % (end, k)]) - int(b['%s_%s_ns' % (end, k)]) for k in ('earliest', 'latest'))
            if early > room or late < -room:
                yield 'hold at %s: its %s bounded more narrowly, by %d and %d us' % (
                    h['event_ns'], end, max(0, early) / 1000, max(0, -late) / 1000)


def others(base, new):
    yield from other_stalls(base, new)
    yield from other_victims(base, new)
    yield from narrower(base, new)


# --- all of it ---

class Verdict:
    """Counts. A row of KNOWN is in use while at least one of its recordings is answered otherwise."""

    def __init__(self, details):
        self.details, self.failed, self.kept, self.not_yet = details, 0, collections.Counter(), collections.Counter()
        self.rows = {row: [0, 0] for row in KNOWN}      # judged, answered otherwise

    def judge(self, name, change, wrong):
        row = next((r for r in KNOWN if fnmatch.fnmatch(name, r[0]) and fnmatch.fnmatch(change, r[1])), None)
        if row:
            self.rows[row][0] += 1
            self.rows[row][1] += bool(wrong)
        if not wrong:
            self.kept[change] += 1
        elif row:
            self.not_yet[change] += 1
        else:
            self.failed += 1
            print('FAILED: %s, %s: %d differences' % (name, change, len(wrong)))
            for w in wrong[:self.details]:
                print('        ' + w)

    def finish(self):
        for (name, change, why), (judged, otherwise) in self.rows.items():
            if otherwise:
                print('not answered yet: %s, %s (%d of %d): %s' % (name, change, otherwise, judged, why))
            elif judged:
                self.failed += 1
                print('FAILED: %s, %s: is answered now, take it out of KNOWN' % (name, change))


def vary(args, how, plain, varied):
    """Make the variant; returns how many CPUs it has."""
    done = subprocess.run([args.variants, how, plain, varied], check=True, stdout=subprocess.PIPE, text=True)
    return int(done.stdout.split()[0])


def judge_recording(args, recording, scratch, verdict):
    name = os.path.basename(recording)[:-len('.dat')]
    plain, varied = (os.path.join(scratch, f) for f in ('plain.dat', 'varied.dat'))
    subprocess.run(['trace-cmd', 'convert', '-i', recording, '-o', plain, '--compression', 'none'],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    base = answer(args.vmstall, plain)
    nr_cpus = vary(args, 'copy:', plain, varied)
    for change, how in SAME + LESS:
        if args.only and change not in args.only.split(','):
            continue
        vary(args, how, plain, varied)
        new = answer(args.vmstall, varied)
        wrong = differences(change, base, new, nr_cpus) if (change, how) in SAME else others(base, new)
        verdict.judge(name, change, list(wrong))


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--vmstall', required=True)
    p.add_argument('--variants', required=True, metavar='PROGRAM')
    p.add_argument('--only', metavar='CHANGE[,CHANGE...]')
    p.add_argument('--details', type=int, default=3, metavar='N', help='so many differences of each')
    p.add_argument('recordings', nargs='+')
    args = p.parse_args()
    verdict = Verdict(args.details)
    with tempfile.TemporaryDirectory() as scratch:
        for recording in args.recordings:
            judge_recording(args, recording, scratch, verdict)
    verdict.finish()
    print('%d recordings; kept to: %s' % (len(args.recordings), ', '.join('%s %d' % c for c in sorted(verdict.kept.items()))))
    print('%d kept to, %d not answered yet, %d failed' % (
        sum(verdict.kept.values()), sum(verdict.not_yet.values()), verdict.failed))
    return 1 if verdict.failed else 0


if __name__ == '__main__':
    sys.exit(main())
