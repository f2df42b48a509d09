#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""summary.py - are the figures of a fleet those of its recordings, in text, CSV and JSON?"""
import csv
import io
import json
import os

import fleet

LABELS = ('--label-from', r'(?<vehicle>car\d)/(?<release>r\d)/(?<date>\d{8})')


class Summary(fleet.Fleet):
    """Six recordings of one stall of a second in 5 s each, by two vehicles; of one nothing but its failure is known."""
    def setUp(self):
        super().setUp()
        for i, where in enumerate(('car1/r1/20240601', 'car1/r1/20240608', 'car1/r2/20240615',
                                   'car2/r1/20240601', 'car2/r2/20240615', 'car2/r2/20240616')):
            self.recording('w/%s/%d.dat' % (where, i), i + 1)
        self.file('w/car2/r2/20240615/bad.dat', b'not a recording')
        self.batch('-q', *LABELS, 'w', status=4)

    def fleet(self, *args):
        return self.run_program('fleet', *args).stdout

    def summary(self, *args):
        return json.loads(self.fleet('--json', '-', *args))

    def by(self, groups):
        return {g['name']: (g['recordings'], g['failed'], g['stalls']) for g in groups}

    def test_the_sums_are_those_of_the_recordings(self):
        s = self.summary()
        self.assertEqual((s['all']['recordings'], s['all']['failed'], s['all']['stalls']), (7, 1, 6))
        [(covered,)] = self.rows('SELECT sum(covered_ns) FROM recordings')
        self.assertAlmostEqual(s['all']['covered_hours'], covered / 3600e9, places=12)
        self.assertAlmostEqual(s['all']['stalls_per_hour'], 6 / s['all']['covered_hours'])
        self.assertAlmostEqual(s['all']['low_per_hour'], 2.2019 / s['all']['covered_hours'], delta=0.1)
        self.assertAlmostEqual(s['all']['high_per_hour'], 13.0595 / s['all']['covered_hours'], delta=0.1)
        self.assertEqual(self.by(s['vehicles']), {'car1': (3, 0, 3), 'car2': (4, 1, 3)})
        self.assertEqual(self.by(s['releases']), {'r1': (3, 0, 3), 'r2': (4, 1, 3)})
        self.assertEqual(self.by(s['kernels']), {'5.15.0': (6, 0, 6), None: (1, 1, None)})
        self.assertEqual([d['name'] for d in s['dates']], ['2024-06-01', '2024-06-08', '2024-06-15', '2024-06-16'])

    def test_a_failed_recording_covers_no_time(self):
        [unknown] = [g for g in self.summary()['kernels'] if g['name'] is None]
        self.assertEqual((unknown['covering'], unknown['covered_hours'], unknown['stalls_per_hour'], unknown['stalls']), (0, 0, None, None))

    def test_durations_add_up_and_the_median_is_one_of_them(self):
        s = self.summary()
        self.assertEqual({d['from_ns']: d['stalls'] for d in s['durations'] if d['stalls']}, {1000000000: 6})
        durations = sorted(n for n, in self.rows('SELECT duration_ns FROM stalls'))
        self.assertEqual((s['all']['median_ns'], s['all']['worst_ns']), (durations[2], durations[-1]))

    def test_culprits_are_counted_over_recordings(self):
        [culprit] = self.summary()['culprits']
        self.assertEqual((culprit['cause'], culprit['cause_comm'], culprit['stalls'], culprit['recordings'], culprit['new']),
                         ('lru_lock_hold', 'kswapd0', 6, 6, None))

    def test_since_compares_with_before_and_tells_what_is_new(self):
        s = self.summary('--since', '2024-06-15')
        self.assertEqual([s['since'][side]['stalls'] for side in ('before', 'since')], [3, 3])
        self.assertEqual([s['since'][side]['recordings'] for side in ('before', 'since')], [3, 4])
        self.assertFalse(s['culprits'][0]['new'])
        self.assertIn('no difference', self.fleet('--since', '2024-06-15'))
        self.change("UPDATE stalls SET cause_comm = 'bdev_reader' WHERE recording_id IN "
                    "(SELECT id FROM recording_list WHERE date >= '2024-06-15')")
        new = {c['cause_comm']: c['new'] for c in self.summary('--since', '2024-06-15')['culprits']}
        self.assertEqual(new, {'kswapd0': False, 'bdev_reader': True})
        self.assertRegex(self.fleet('--since', '2024-06-15'), r'bdev_reader.*new')

    def test_less_often_is_said_only_when_the_intervals_are_apart(self):
        self.change("UPDATE recordings SET covered_ns = covered_ns * 100 WHERE id IN "
                    "(SELECT id FROM recording_list WHERE date >= '2024-06-15')")
        self.assertIn('less often', self.fleet('--since', '2024-06-15'))

    def test_shorter_stalls_and_other_causes_can_be_left_out(self):
        self.assertEqual(self.summary('--min-stall', '2s')['all']['stalls'], 0)
        self.assertEqual(self.summary('--cause', 'direct_reclaim')['all']['stalls'], 0)
        self.assertEqual(self.summary('--cause', 'lru_lock_hold')['all']['stalls'], 6)

    def test_failed_files_are_named_with_the_reason(self):
        [failure] = self.summary()['failures']
        self.assertEqual((failure['path'], failure['status']), ('w/car2/r2/20240615/bad.dat', 'failed'))
        self.assertIn('not a trace.dat', failure['error'])
        self.assertIn('bad.dat: failed: not a trace.dat', ' '.join(self.fleet().split()))

    def test_csv_and_json_say_the_same(self):
        rows = list(csv.DictReader(io.StringIO(self.fleet('--csv', '-'), newline=''), strict=True))
        s = self.summary()
        [total] = [r for r in rows if r['section'] == 'all']
        self.assertEqual((int(total['recordings']), int(total['stalls'])), (7, 6))
        self.assertAlmostEqual(float(total['stalls_per_hour']), s['all']['stalls_per_hour'], places=5)
        self.assertEqual([r['name'] for r in rows if r['section'] == 'vehicle'], [g['name'] for g in s['vehicles']])
        self.assertEqual([r['name'] for r in rows if r['section'] == 'failed'], [f['path'] for f in s['failures']])

    def test_tables_fit_the_terminal(self):
        for line in self.fleet().splitlines():
            self.assertLessEqual(len(line), 100, line)

    def test_csv_dir_has_the_columns_of_analyze(self):
        self.batch('-q', '--csv-dir', 'out', *LABELS, 'w', status=4)
        for name, option in (('stalls.csv', '--csv'), ('victims.csv', '--victims')):
            with open(self.path('out/' + name), newline='', encoding='utf-8') as f:
                exported = list(csv.DictReader(f, strict=True))
            path = exported[0]['recording']
            alone = self.run_program('analyze', option, '-', path).stdout
            alone = list(csv.DictReader(io.StringIO(alone, newline=''), strict=True))
            self.assertEqual(list(exported[0]), list(alone[0]))
            mine = [r for r in exported if r['recording'] == path]
            self.assertEqual([{k: number(v) for k, v in r.items()} for r in mine],
                             [{k: number(v) for k, v in r.items()} for r in alone])

    def test_recordings_csv_has_a_row_a_file_that_failed_included(self):
        self.batch('-q', '--csv-dir', 'out', *LABELS, 'w', 'missing.dat', status=4)
        with open(self.path('out/recordings.csv'), newline='', encoding='utf-8') as f:
            rows = {r['recording']: r for r in csv.DictReader(f, strict=True)}
        self.assertEqual(list(next(iter(rows.values())))[:14], 'recording sha256 bytes status error kernel clock cpus first_ns '
                         'last_ns events lost stalls worst_ns'.split())
        self.assertEqual(len(rows), 8)
        self.assertEqual((rows['missing.dat']['status'], rows['missing.dat']['sha256'], rows['missing.dat']['stalls']), ('failed', '', ''))
        self.assertEqual(rows['w/car1/r1/20240601/0.dat']['vehicle'], 'car1')

    def test_what_is_no_database_is_refused_and_left_alone(self):
        self.assertIn('No such file', self.run_program('fleet', '--db', 'none.sqlite', status=2).stderr)
        self.assertNotIn('none.sqlite', os.listdir(self.dir))


def number(cell):
    """A ratio has as many digits as its writer likes."""
    try:
        return float(cell)
    except ValueError:
        return cell


if __name__ == '__main__':
    fleet.main()
