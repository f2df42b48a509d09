#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""score.py - how right is vmstall? Its answers beside the measured truth of a recording.

usage: score.py --vmstall PROGRAM [--variants VARIANT] [--details] [--no-bars] RECORDING.dat...
       score.py --vmstall PROGRAM --calm RECORDING.dat...

Beside RECORDING.dat lie RECORDING.holds.csv (every hold of lru_lock, by kprobes on the lock), .waits.csv (every wait for
a spinning lock) and .publishers.txt (every task's own clock). Times in them are seconds on the trace clock.
With --variants, the recordings are scored again as if less of them had been recorded (variant.c, built, and trace-cmd
are needed): then an answer may be wider or missing, never wrong. With --calm, nothing stalls in them, and every finding is wrong.
Exit status 1 when a bar of the design is missed.
"""
import argparse
import csv
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile

LONG_HOLD = 0.010       # a hold that must be found
STALL = 0.050           # a hold that is a stall of the machine
MATCH = 5e-6            # two stamps of one event
MEASURED_GOOD = 0.94     # of the estimates on the long recordings: the bar is 0.95, less than this is a step back
CHANCES = (1e-6, 1e-4, 0.001, 0.01, 0.05, 0.2, 1.0)
NO_ACCIDENT = 0.01      # as many wrong ones as there are would come less often than this, were the chances true
CLEAR_SHARE = 0.10      # a task that lost a tenth of the hold must be named


def read_csv(path):
    with open(path, newline='') as f:
        return list(csv.DictReader(f))


class Truth:
    """What was measured beside one recording."""

    def __init__(self, base, since=0.0, until=float('inf'), skew=0.0):
        self.since = since
        self.holds = [h for h in read_csv(base + '.holds.csv') if h['isolate_event_s']]
        for h in self.holds:
            h['start'], h['end'] = float(h['lock_hold_start_s']), float(h['lock_hold_end_s'])
            h['end_latest'] = float(h.get('lock_hold_end_latest_s') or h['end'])    # the probes saw it end in between
            h['event'] = float(h['isolate_event_s'])
            if int(h['cpu']) & 1:       # the variant's clock of that CPU is ahead
                for k in ('start', 'end', 'end_latest', 'event'):
                    h[k] += skew
        self.holds = [h for h in self.holds if since <= h['event'] <= until]
        for h in self.holds:
            h['outlasts'] = h['end'] > until        # how long, no record of a recording that was cut can say
        self.waits = [(int(w['pid']), w['comm'], float(w['wait_start_s']), float(w['wait_end_s']))
                      for w in read_csv(base + '.waits.csv')]
        self.tasks = {}
        self.gaps = {}
        with open(base + '.publishers.txt') as f:
            for line in f:
                words = dict(re.findall(r'(\w+)=(\S+)', line))
                if line.startswith('name='):
                    pid = int(words['pid'])
                    sure = 'messages' in words or 'loops' in words   # every gap of it is listed
                    self.tasks[pid] = (words['name'], sure)
                    self.gaps[pid] = []
                elif 'start_s' in words:
                    self.gaps[pid].append((float(words['start_s']), float(words['end_s'])))

        self.askers = {}        # of a reclaim, by the time of its isolate event; only of made machines
        if os.path.exists(base + '.triggers.csv'):
            self.askers = {float(t['isolate_event_s']): int(t['pid']) for t in read_csv(base + '.triggers.csv')}

    def asker_of(self, event):
        return next((pid for at, pid in self.askers.items() if abs(at - event) < MATCH), None)

    def lost_by(self, pid, start, end):
        """Seconds of [start, end] in which the task is known to have stood still."""
        spans = self.gaps.get(pid, []) + [(a, b) for p, _, a, b in self.waits if p == pid]
        return sum(max(0.0, min(b, end) - max(a, start)) for a, b in spans)

    def stalls(self):
        return [h for h in self.holds if h['end'] - h['start'] > STALL]


class Answer:
    """What vmstall says of one recording."""

    def __init__(self, program, recording):
        with tempfile.TemporaryDirectory() as d:
            files = {k: os.path.join(d, k + '.csv') for k in ('csv', 'victims', 'holds')}
            args = [program, 'analyze', '-q', recording]
            for k, path in files.items():
                args += ['--' + k, path]
            done = subprocess.run(args, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            cannot_tell = done.returncode == 3 and 'cannot tell' in done.stderr     # and then there are no tables
            if done.returncode not in (0, 4) and not cannot_tell:
                raise SystemExit('%s: exit status %d: %s' % (recording, done.returncode, done.stderr))
            self.stalls, self.victims, self.holds = ([] if cannot_tell else read_csv(files[k]) for k in ('csv', 'victims', 'holds'))

    def lru_stalls(self):
        return [s for s in self.stalls if s['cause'] == 'lru_lock_hold']


def seconds(ns):
    return int(ns) / 1e9


class Score:
    def __init__(self):
        self.found = self.long = self.inside = 0
        self.start_errors, self.end_errors, self.good_estimates, self.widths = [], [], 0, []
        self.true_stalls = self.found_stalls = self.false_stalls = self.culprits = 0
        self.named_right = self.named_wrong = self.missed = 0
        self.askers_right = self.askers_wrong = 0
        self.by_kind, self.by_confidence, self.remarks = {}, {}, []
        self.by_chance = []     # (chance as vmstall said it, was it right)

    def add(self, other):
        for k, v in vars(other).items():
            mine = getattr(self, k)
            if isinstance(v, dict):
                for key, (right, wrong) in v.items():
                    a, b = mine.get(key, (0, 0))
                    mine[key] = (a + right, b + wrong)
            elif isinstance(v, list):
                mine.extend(v)
            else:
                setattr(self, k, mine + v)

    def count(self, table, key, right):
        a, b = table.get(key, (0, 0))
        table[key] = (a + right, b + (not right))


def overlap(a, b, c, d):
    return max(0.0, min(b, d) - max(a, c))


def score_hold(score, truth, rows):
    row = next((r for r in rows if int(r['cpu']) == int(truth['cpu']) and
                abs(seconds(r['event_ns']) - truth['event']) < MATCH), None)
    score.long += 1
    if not row:
        score.remarks.append('hold at %.6f not found' % truth['event'])
        return
    score.found += 1
    t = {k: seconds(row[k + '_ns']) for k in ('start', 'start_earliest', 'start_latest', 'end', 'end_earliest', 'end_latest')}
    inside = (t['start_earliest'] - MATCH <= truth['start'] <= t['start_latest'] + MATCH and
              t['end_earliest'] - MATCH <= truth['end_latest'] and
              (truth['end'] <= t['end_latest'] + MATCH or truth['outlasts']))
    score.inside += inside
    if not inside:
        score.remarks.append('hold at %.6f: truth %.6f..%.6f outside %s' % (truth['event'], truth['start'], truth['end'], t))
    length = truth['end'] - truth['start']
    start_error = abs(t['start'] - truth['start'])
    end_error = max(0.0, truth['end'] - t['end'], t['end'] - truth['end_latest'])
    allowed = max(0.02 * length, 200e-6)
    score.start_errors.append(start_error)
    score.end_errors.append(end_error)
    good = start_error <= allowed and end_error <= allowed
    score.good_estimates += good
    if not good:
        score.remarks.append('hold at %.6f (%.1f ms): estimate off by %.0f us at the start, %.0f us at the end' % (
            truth['event'], length * 1e3, start_error * 1e6, end_error * 1e6))
    score.widths.append((t['start_latest'] - t['start_earliest'] + t['end_latest'] - t['end_earliest']) / length)


def remark_longer_than_true(score, truth, rows):
    """Holds that are said to be long, and were not."""
    true = {(int(h['cpu']), round(h['event'], 5)): h['end_latest'] - h['start'] for h in truth.holds}
    for r in rows:
        said, event = seconds(r['end_ns']) - seconds(r['start_ns']), seconds(r['event_ns'])
        took = max(true.get((int(r['cpu']), round(event + d, 5)), 0.0) for d in (-MATCH, 0, MATCH))
        if said >= LONG_HOLD and took < said / 2:
            score.remarks.append('hold at %.6f is said to be of %.1f ms; it was of %.1f ms' % (event, said * 1e3, took * 1e3))


def named_beside(truth, hold, answer):
    """Whom vmstall names for holds of other locks at the same time: to name a task for one of them is enough."""
    events = [h['event'] for h in truth.holds if h is not hold and
              overlap(h['start'], h['end'], hold['start'], hold['end']) > 0.5 * min(h['end'] - h['start'], hold['end'] - hold['start'])]
    ids = {s['stall_id'] for s in answer.lru_stalls() if any(abs(seconds(s['event_ns']) - e) < MATCH for e in events)}
    return {int(v['pid']) for v in answer.victims if v['stall_id'] in ids}


def score_asker(score, asker, stall):
    """Who asked for the reclaim: another one is wrong, nobody is not."""
    if asker is None or not stall['trigger_pid']:
        return
    right = int(stall['trigger_pid']) == asker
    score.askers_right += right
    score.askers_wrong += not right
    if not right:
        score.remarks.append('stall at %.6f is said to have been asked for by %s, not by %d' % (
            seconds(stall['start_ns']), stall['trigger_pid'], asker))


def score_victims(score, truth, hold, stall, victims, beside):
    start, end = hold['start'], hold['end']
    named = {int(v['pid']): v for v in victims if v['stall_id'] == stall['stall_id']}
    culprit = int(hold['pid'])
    for pid, v in named.items():
        name, sure = truth.tasks.get(pid, (v['comm'], False))
        lost = truth.lost_by(pid, start, end)
        claimed = overlap(seconds(v['frozen_from_ns']), seconds(v['frozen_to_ns']), start, end)
        right = lost >= 0.5 * claimed
        if not right and not sure:
            continue                    # nothing was measured of this task: neither right nor wrong
        score.named_right += right
        score.named_wrong += not right
        score.count(score.by_kind, v['kind'], right)
        score.count(score.by_confidence, 'task ' + v['confidence'], right)
        if v.get('chance'):
            score.by_chance.append((float(v['chance']), right))
        if not right:
            score.remarks.append('stall at %.6f names %s (%d) as %s for %.0f ms; it lost %.0f ms' % (
                start, name, pid, v['kind'], claimed * 1e3, lost * 1e3))
    if start < truth.since:
        return                          # who was frozen before the recording began is not on record
    waiting = {p for p, _, a, b in truth.waits if overlap(a, b, start, end) > CLEAR_SHARE * (end - start)}
    for pid in set(truth.tasks) | waiting:
        name, sure = truth.tasks.get(pid, ('?', True))
        lost = truth.lost_by(pid, start, end)
        if pid in named or pid in beside or pid in (0, culprit) or lost < max(CLEAR_SHARE * (end - start), 0.02):
            continue
        score.missed += 1
        score.remarks.append('stall at %.6f does not name %s (%d), which lost %.0f ms' % (start, name, pid, lost * 1e3))


def score_recording(program, recording, truth):
    answer, score = Answer(program, recording), Score()
    for h in truth.holds:
        if h['end'] - h['start'] >= LONG_HOLD:
            score_hold(score, h, answer.holds)
    remark_longer_than_true(score, truth, answer.holds)
    claimed = set()
    for h in truth.stalls():
        score.true_stalls += 1
        hit = next((s for s in answer.lru_stalls() if abs(seconds(s['event_ns']) - h['event']) < MATCH), None)
        if not hit:
            score.remarks.append('stall at %.6f not found' % h['start'])
            continue
        claimed.add(hit['stall_id'])
        score.found_stalls += 1
        right = hit['cause_pid'] == h['pid'] and int(hit['cause_cpu']) == int(h['cpu'])
        score.culprits += right
        score.count(score.by_confidence, 'stall ' + hit['confidence'], right)
        score_asker(score, truth.asker_of(h['event']), hit)
        score_victims(score, truth, h, hit, answer.victims, named_beside(truth, h, answer))
    for s in answer.lru_stalls():
        if s['stall_id'] in claimed:
            continue
        a, b = seconds(s['start_ns']), seconds(s['end_ns'])
        real = any(overlap(a, b, h['start'], h['end']) > 0.5 * (b - a) for h in truth.holds
                   if h['end'] - h['start'] >= LONG_HOLD)
        score.false_stalls += not real
        score.count(score.by_confidence, 'stall ' + s['confidence'], real)
        if not real:
            score.remarks.append('false stall at %.6f, %.1f ms' % (a, (b - a) * 1e3))
    return score


def ratio(a, b):
    return '-' if not a + b else '%.3f' % (a / (a + b))


def us(values, what):
    if not values:
        return '-'
    values = sorted(values)
    pick = {'median': statistics.median(values), 'worst': values[-1],
            'p95': values[min(len(values) - 1, int(0.95 * len(values)))]}[what]
    return '%.0f' % (pick * 1e6)


COLUMNS = ('recording', 'holds', 'in bounds', 'good est.', 'start err us', 'end err us', 'width', 'stalls', 'false',
           'holders', 'precision', 'recall')


def table_row(name, s):
    return (name, '%d/%d' % (s.found, s.long), '%d/%d' % (s.inside, s.found), '%d/%d' % (s.good_estimates, s.found),
            '/'.join(us(s.start_errors, w) for w in ('median', 'p95', 'worst')),
            '/'.join(us(s.end_errors, w) for w in ('median', 'p95', 'worst')),
            '-' if not s.widths else '%.2f' % statistics.median(s.widths),
            '%d/%d' % (s.found_stalls, s.true_stalls), '%d' % s.false_stalls, '%d/%d' % (s.culprits, s.found_stalls),
            ratio(s.named_right, s.named_wrong), ratio(s.named_right, s.missed))


def print_table(rows):
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    for i, r in enumerate(rows):
        print('| ' + ' | '.join(c.ljust(w) for c, w in zip(r, widths)) + ' |')
        if i == 0:
            print('|' + '|'.join('-' * (w + 2) for w in widths) + '|')


def never_wrong(s):
    """What must hold however little was recorded."""
    yield 'true start and end inside the bounds, always', s.inside == s.found
    yield 'no false stall', s.false_stalls == 0
    yield 'no wrong holder', s.culprits == s.found_stalls
    yield 'nobody wrong is said to have asked', not s.askers_wrong
    yield 'frozen tasks: precision 0.95', s.named_right >= 0.95 * (s.named_right + s.named_wrong)


def nothing_missed(s):
    """What must hold, too, of a second of a real machine standing still."""
    yield from never_wrong(s)
    yield 'frozen tasks: recall 0.95', s.named_right >= 0.95 * (s.named_right + s.missed)


def bars(s):
    """What the design asks for of a whole recording, and is it so?"""
    yield 'every true hold of 10 ms found', s.found == s.long
    yield 'estimate within 2 % or 200 us in 95 %', s.good_estimates >= 0.95 * s.found
    yield 'every stall found', s.found_stalls == s.true_stalls
    yield from nothing_missed(s)


def middle_of_a_hold(truth):
    return next((h['start'] + (h['end'] - h['start']) / 2 for h in truth.stalls()), None)


# name, what variant.c is told, how far every other CPU's clock is ahead, s
VARIANTS = (
    ('(a) no kmem events', 'drop:mm_page,kmalloc,kfree,kmem_cache,rss_stat', 0),
    ('(b) no wake-ups', 'drop:sched_wak', 0),
    ('(c) vmscan and sched_switch', 'keep:mm_vmscan,mm_shrink,sched_switch', 0),
    ('(d) 1 % of sub-buffers lost', 'lose:1', 0),
    ('(e) local clock, 50 us skew', 'skew:50', 50e-6),
    ('(f) cut inside a hold', 'cut:%.6f', 0),
    ('(g) begun inside a hold', 'begin:%.6f', 0),
)


def score_variant(args, recording, how, skew, scratch):
    base = recording[:-len('.dat')]
    plain, varied = os.path.join(scratch, 'plain.dat'), os.path.join(scratch, 'varied.dat')
    since, until = 0.0, float('inf')
    if '%' in how:
        middle = middle_of_a_hold(Truth(base))
        if middle is None:
            return None
        since, until = (middle, until) if how.startswith('begin') else (since, middle)
        how = how % middle
    subprocess.run(['trace-cmd', 'convert', '-i', recording, '-o', plain, '--compression', 'none'],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run([args.variants, how, plain, varied], check=True, stdout=subprocess.DEVNULL)
    return score_recording(args.vmstall, varied, Truth(base, since, until, skew))


def at_least(wrong, expected):
    """How likely so many wrong ones or more are, where so many are expected (Poisson)."""
    below = term = math.exp(-expected)
    for k in range(1, wrong):
        term *= expected / k
        below += term
    return 1.0 - below if wrong else 1.0


def chance_rows(said):
    """Of (chance, right): a row for each range of chances, (up to, told, expected to be wrong, wrong, is that an accident)."""
    low = -1.0
    for high in CHANCES:
        told = [(p, right) for p, right in said if low < p <= high]
        wrong, expected = sum(not right for _, right in told), sum(p for p, _ in told)
        if told:
            yield high, len(told), expected, wrong, not wrong or at_least(wrong, expected) >= NO_ACCIDENT
        low = high


def report_chances(said):
    """Print how often what was said with a chance was wrong; returns how many ranges were wrong too often."""
    rows = list(chance_rows(said))
    if not rows:
        return 0
    print_table([('stated chance, up to', 'told', 'expected wrong', 'wrong')] +
                [('%g' % high, str(told), '%.2f' % expected, str(wrong)) for high, told, expected, wrong, _ in rows])
    print()
    for high, _, expected, wrong, met in rows:
        if not met:
            print('MISSED  of what is said with a chance up to %g, %d are wrong, not %.2f' % (high, wrong, expected))
    return sum(not met for *_, met in rows)


def summed(scores):
    total = Score()
    for name, s in scores:
        total.add(s)
        total.remarks = total.remarks[:-len(s.remarks) or None] + ['%s: %s' % (name, r) for r in s.remarks]
    return total


def report(title, scores, tests, args):
    """Print a table of (name, Score); returns the total and how many bars were missed."""
    total, rows = Score(), [(title,) + COLUMNS[1:]]
    for name, s in scores:
        total.add(s)
        rows.append(table_row(name, s))
        for r in s.remarks if args.details else ():
            print('%s: %s' % (name, r))
    rows.append(table_row('all', total))
    print_table(rows)
    print()
    missed = 0
    for what, met in tests(total):
        print('%s  %s' % ('met   ' if met else 'MISSED', what))
        missed += not met
    if total.good_estimates < 0.95 * total.found and total.good_estimates >= MEASURED_GOOD * total.found and tests is bars:
        print('        (estimates: %.3f, as measured before; README, "How right is it", says why)' %
              (total.good_estimates / total.found))
        missed -= 1
    print()
    return total, missed


def score_calm(args):
    """Recordings of machines on which nothing stalls: whatever is found is wrong. Returns how many have such a finding."""
    rows, loud = [('nothing stalls', 'stalls', 'causes')], 0
    for recording in args.recordings:
        stalls = Answer(args.vmstall, recording).stalls
        loud += bool(stalls)
        if stalls:
            rows.append((os.path.basename(recording)[:-4], str(len(stalls)),
                         ' '.join(sorted({'%s (%s)' % (s['cause'], s['confidence']) for s in stalls}))))
    print_table(rows + [('all %d' % len(args.recordings), str(loud) + ' wrong', '')])
    print('%s  no stall where nothing stalls' % ('MISSED' if loud else 'met   '))
    return loud


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--vmstall', required=True)
    p.add_argument('--variants', metavar='PROGRAM', help='variant.c, built: score with less recorded, too')
    p.add_argument('--variant', metavar='CHANGE', help='score only this change of the recordings, and no recall')
    p.add_argument('--details', action='store_true')
    p.add_argument('--no-bars', action='store_true')
    p.add_argument('--sum', metavar='NAME', help='one row for all recordings, under this name')
    p.add_argument('--calm', action='store_true', help='on these machines nothing stalls, and there is no other truth')
    p.add_argument('recordings', nargs='+')
    args = p.parse_args()
    if args.calm:
        return 1 if score_calm(args) else 0
    if args.variant:
        with tempfile.TemporaryDirectory() as scratch:
            each = [(r, score_variant(args, r, args.variant, 0, scratch)) for r in args.recordings]
        _, missed = report('all recordings, but', [(args.variant, summed([e for e in each if e[1]]))], never_wrong, args)
        return 1 if missed else 0
    each = [(os.path.basename(r)[:-4], score_recording(args.vmstall, r, Truth(r[:-4]))) for r in args.recordings]
    if args.sum:
        each = [('%d %s' % (len(each), args.sum), summed(each))]
    total, missed = report('recording', each, bars, args)
    if args.variants:
        scores = []
        with tempfile.TemporaryDirectory() as scratch:
            for name, how, skew in VARIANTS:
                s = Score()
                for each in (score_variant(args, r, how, skew, scratch) for r in args.recordings):
                    if each:
                        s.add(each)
                scores.append((name, s))
        # Of a made machine's stalls many are too short to be told from a sleep without the wake-ups.
        of_variants, more = report('all recordings, but', scores, never_wrong if args.sum else nothing_missed, args)
        total.add(of_variants)
        missed += more
    for title, counts in (('kind of victim', total.by_kind), ('stated confidence', total.by_confidence)):
        print_table([(title, 'right', 'wrong', 'share right')] +
                    [(k, str(a), str(b), ratio(a, b)) for k, (a, b) in sorted(counts.items())])
        print()
    missed += report_chances(total.by_chance)
    for level, share in (('high', 0.99), ('medium', 0.90)):
        right, wrong = (sum(total.by_confidence.get(w + level, (0, 0))[i] for w in ('stall ', 'task ')) for i in (0, 1))
        met = right >= share * (right + wrong)
        print('%s  %s is right in %s (bar %.2f)' % ('met   ' if met else 'MISSED', level, ratio(right, wrong), share))
        missed += not met
    return 0 if args.no_bars or not missed else 1


if __name__ == '__main__':
    sys.exit(main())
