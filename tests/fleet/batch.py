#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""batch.py - does a batch give each recording its row, once, and leave alone what it knows?"""
import json
import os

import fleet

ALLOCATIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../fixtures/allocations/amd64-6.1-spinlock.dat')


class Rows(fleet.Fleet):
    def test_each_file_has_the_row_that_it_deserves(self):
        self.recording('week/a.dat')
        self.file('week/cut.dat', self.small[:len(self.small) // 2])
        self.file('week/empty.dat', b'')
        self.file('week/text.dat', b'not a recording')
        os.symlink(fleet.SAMPLE, self.path('week/sample.dat'))
        self.file('week/notes.txt', b'left alone')
        ran = self.batch('week', status=4)
        self.assertEqual(self.statuses(), {'week/a.dat': 'ok', 'week/sample.dat': 'ok', 'week/cut.dat': 'partial',
                                           'week/empty.dat': 'failed', 'week/text.dat': 'failed'})
        errors = dict(self.rows('SELECT path, error FROM failed_files'))
        self.assertNotIn('week/cut.dat', errors)
        self.assertIn('empty', errors['week/empty.dat'])
        self.assertIn('not a trace.dat', errors['week/text.dat'])
        self.assertIn('1 files that are no recordings were left alone', ran.stderr)

    def test_a_row_says_what_analyze_says(self):
        os.symlink(fleet.SAMPLE, self.path('s.dat'))
        self.run_program('analyze', '-q', '--json', 'report.json', 's.dat')
        self.batch('s.dat')
        with open(self.path('report.json'), encoding='utf-8') as f:
            report = json.load(f)
        [(sha, size, kernel, clock, cpus, first, last, events, stalls, worst)] = self.rows(
            'SELECT sha256, bytes, kernel, clock, cpus, first_ns, last_ns, events, stalls, worst_ns FROM recordings')
        self.assertEqual((sha, size), (fleet.sha256(fleet.SAMPLE), os.path.getsize(fleet.SAMPLE)))
        given = report['input']
        self.assertEqual((kernel, clock, cpus, first, last, events),
                         (given['kernel'], given['clock'], len(given['cpus']), given['first_ns'], given['last_ns'], given['events']))
        self.assertEqual(stalls, len(report['stalls']))
        stall = report['stalls'][0]
        self.assertEqual(worst, stall['bounds']['end_ns'] - stall['bounds']['start_ns'])
        [row] = self.rows('SELECT start_ns, end_ns, cause, cause_comm, nr_scanned, nr_skipped, tasks_frozen FROM stalls')
        self.assertEqual(row, (stall['bounds']['start_ns'], stall['bounds']['end_ns'], 'lru_lock_hold', 'kswapd0', 10430403, 10430394,
                               len(stall['victims'])))
        self.assertEqual(self.rows('SELECT comm, pid, kind, frozen_ns FROM victims ORDER BY row'),
                         [(v['comm'], v['pid'], v['kind'], v['frozen_to_ns'] - v['frozen_from_ns']) for v in stall['victims']])

    def test_what_could_not_have_shown_a_stall_covers_no_time_and_has_no_count(self):
        self.file('text.dat', b'not a recording')
        self.recording('a.dat')
        self.batch('a.dat', 'text.dat', status=4)
        self.assertEqual(self.rows("SELECT covered_ns, stalls FROM recordings WHERE path = 'text.dat'"), [(None, None)])
        [(covered, stalls)] = self.rows("SELECT covered_ns, stalls FROM recordings WHERE path = 'a.dat'")
        self.assertGreater(covered, 4e9)
        self.assertEqual(stalls, 1)

    def test_a_recording_that_cannot_tell_has_a_status_of_its_own_and_covers_no_time(self):
        os.symlink(ALLOCATIONS, self.path('kmem.dat'))
        self.recording('a.dat')
        self.assertIn('1 cannot tell, 0 failed', self.batch('a.dat', 'kmem.dat').stderr)
        self.assertEqual(self.statuses(), {'a.dat': 'ok', 'kmem.dat': 'cannot_tell'})
        [(error, covered, stalls, wrong)] = self.rows(
            "SELECT error, covered_ns, stalls, wrong_contexts FROM recordings WHERE path = 'kmem.dat'")
        self.assertEqual((error, covered, stalls), ('not recorded: vmscan:mm_vmscan_lru_isolate', None, None))
        self.assertGreater(wrong, 0)        # of what it has, it tells
        self.assertEqual(self.rows('SELECT * FROM failed_files'), [])
        self.batch('--db', 'only.sqlite', 'kmem.dat', status=3)
        self.assertIn('No time is covered', self.run_program('fleet', '--db', 'only.sqlite').stdout)

    def test_every_column_of_a_csv_has_a_place_in_the_database(self):
        self.recording('a.dat')
        self.batch('a.dat')
        for table, verb, option in (('stalls', 'analyze', '--csv'), ('victims', 'analyze', '--victims'), ('leaks', 'leaks', '--csv'),
                                    ('gfp', 'gfp', '--csv'), ('reclaim', 'reclaim', '--csv')):
            # A table is only written where the recording has an answer.
            file = ALLOCATIONS if verb in ('leaks', 'gfp') else 'a.dat'
            header = self.run_program(verb, option, '-', file).stdout.splitlines()[0].split(',')
            there = [name for name, in self.rows("SELECT name FROM pragma_table_info('%s')" % table)]
            self.assertEqual(sorted(set(header) - set(there)), ['recording'], table)


class Identity(fleet.Fleet):
    def analysed(self, ran):
        return [json.loads(line)['recording'] for line in ran.stdout.splitlines() if not json.loads(line)['known']]

    def test_what_has_not_changed_is_not_looked_at_again(self):
        self.recording('w/a.dat')
        self.recording('w/b.dat', 1)
        self.assertEqual(sorted(self.analysed(self.batch('--jsonl', 'w'))), ['w/a.dat', 'w/b.dat'])
        before = self.dump()
        self.assertEqual(self.batch('--jsonl', 'w').stdout, '')
        self.assertEqual(self.dump(), before)

    def test_a_renamed_file_is_the_same_recording_under_its_new_name(self):
        self.recording('w/old.dat')
        self.batch('w')
        os.rename(self.path('w/old.dat'), self.path('w/new.dat'))
        self.assertEqual(self.analysed(self.batch('--jsonl', 'w')), [])
        self.assertEqual(self.statuses(), {'w/new.dat': 'ok'})
        self.assertEqual(self.rows('SELECT path FROM files'), [('w/new.dat',)])

    def test_a_touched_file_is_not_analysed_again(self):
        path = self.recording('w/a.dat')
        self.batch('w')
        os.utime(path, (1, 1))
        self.assertEqual(self.analysed(self.batch('--jsonl', 'w')), [])
        self.assertEqual(self.batch('--jsonl', 'w').stdout, '')

    def test_copies_are_one_recording_under_the_first_of_their_names(self):
        for name in ('c', 'a', 'b'):
            self.recording('w/%s.dat' % name)
        self.batch('-j1', 'w')
        self.assertEqual(self.statuses(), {'w/a.dat': 'ok'})
        self.assertEqual(self.rows('SELECT count(*) FROM files'), [(3,)])
        self.assertEqual(self.rows('SELECT count(*) FROM stalls'), [(1,)])

    def test_other_content_under_an_old_name_is_another_recording(self):
        self.recording('w/a.dat')
        self.batch('w')
        self.recording('w/a.dat', 1)
        self.batch('w')
        self.assertEqual(self.rows('SELECT count(*), count(DISTINCT sha256), min(path), max(path) FROM recordings'),
                         [(2, 2, 'w/a.dat', 'w/a.dat')])

    def test_another_analysis_replaces_the_result(self):
        self.recording('w/a.dat')
        self.batch('w')
        self.batch('--min-stall', '2s', 'w')
        self.assertEqual(self.rows('SELECT min_stall_ns, stalls FROM recordings'), [(2000000000, 0)])
        self.assertEqual(self.rows('SELECT count(*) FROM stalls'), [(0,)])
        self.assertEqual(self.rows('SELECT count(*) FROM victims'), [(0,)])

    def test_an_older_analysis_is_done_again(self):
        self.recording('w/a.dat')
        self.batch('w')
        before = self.dump()
        self.change('UPDATE recordings SET analysis = 0, kernel = 1')
        self.assertEqual(self.analysed(self.batch('--jsonl', 'w')), ['w/a.dat'])
        self.assertEqual(self.dump(), before)

    def test_what_failed_is_looked_at_again_only_when_asked(self):
        self.file('w/text.dat', b'not a recording')
        self.batch('w', status=3)
        self.assertEqual(self.batch('--jsonl', 'w', status=3).stdout, '')
        self.assertEqual(self.analysed(self.batch('--jsonl', '--retry', 'w', status=3)), ['w/text.dat'])


class Labels(fleet.Fleet):
    def labels(self):
        return self.rows('SELECT r.path, l.name, l.value FROM labels l JOIN recordings r ON r.id = l.recording_id ORDER BY 1, 2')

    def test_labels_come_from_the_path_and_from_the_command(self):
        self.recording('car17/20240611/a.dat')
        self.batch('--label', 'release=2.1', '--label-from', r'(?<vehicle>car\d+)/(?<date>\d{8})', '.')
        self.assertEqual(self.labels(), [('./car17/20240611/a.dat', 'date', '20240611'),
                                         ('./car17/20240611/a.dat', 'release', '2.1'),
                                         ('./car17/20240611/a.dat', 'vehicle', 'car17')])
        self.assertEqual(self.rows('SELECT vehicle, release, date FROM recording_list'), [('car17', '2.1', '2024-06-11')])

    def test_what_is_known_can_be_labelled_later(self):
        self.recording('car17/a.dat')
        self.batch('car17')
        self.assertEqual(self.labels(), [])
        self.assertEqual(self.batch('--jsonl', '--label', 'vehicle=car 17', 'car17').stdout, '')
        self.assertEqual(self.labels(), [('car17/a.dat', 'vehicle', 'car 17')])

    def test_a_path_that_does_not_match_has_no_label(self):
        self.recording('x.dat')
        self.batch('--label-from', r'(?<vehicle>car\d+)', 'x.dat')
        self.assertEqual(self.labels(), [])

    def test_a_wrong_expression_is_told_before_anything_is_done(self):
        for regex, says in (('(?<vehicle>car', 'missing closing parenthesis'), (r'car\d+', 'names no group')):
            self.assertIn(says, self.batch('--label-from', regex, '.', status=2).stderr)
        self.assertEqual(os.listdir(self.dir), [])


if __name__ == '__main__':
    fleet.main()
