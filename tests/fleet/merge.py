#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""merge.py - are parts that several machines did, put together, what one machine would have done?"""
import itertools
import os

import fleet


class Merge(fleet.Fleet):
    def setUp(self):
        super().setUp()
        for i in range(9):
            self.recording('w/car%d/%d.dat' % (i % 3, i), i)
        self.recording('w/car2/copy.dat', 3)    # of car0/3.dat
        self.file('w/car1/text.dat', b'not a recording')
        os.symlink('nowhere', self.path('w/car1/lost.dat'))
        self.args = ('-q', '--label-from', r'(?<vehicle>car\d)', 'w')
        self.batch('--db', 'one.sqlite', *self.args, status=4)
        self.one = self.dump('one.sqlite')

    def merge(self, *names, status=0):
        return self.run_program('merge', *names, status=status)

    def parts(self, n):
        names = []
        for k in range(1, n + 1):
            names.append('part%d.sqlite' % k)
            ran = fleet.subprocess.run([fleet.PROGRAM, 'batch', '--shard', '%d/%d' % (k, n), '--db', names[-1], *self.args],
                                       cwd=self.dir, capture_output=True)
            self.assertIn(ran.returncode, (0, 4), ran.stderr)
        return names

    def test_parts_put_together_are_the_whole_in_any_order(self):
        names = self.parts(3)
        self.assertEqual(sum(self.rows('SELECT count(*) FROM files WHERE recording_id IS NOT NULL', n)[0][0] for n in names), 11)
        for i, order in enumerate(itertools.permutations(names)):
            out = 'all%d.sqlite' % i
            self.merge(out, *order)
            self.assertEqual(self.dump(out), self.one)

    def test_merging_again_changes_nothing(self):
        names = self.parts(2)
        self.merge('all.sqlite', *names)
        self.merge('all.sqlite', *names, *names)
        self.assertEqual(self.dump('all.sqlite'), self.one)

    def test_what_is_read_is_not_changed(self):
        [name, _] = self.parts(2)
        os.chmod(self.path(name), 0o444)
        before = fleet.sha256(self.path(name))
        self.merge('all.sqlite', name)
        self.assertEqual(fleet.sha256(self.path(name)), before)

    def test_the_later_analysis_stays_whatever_the_order(self):
        self.batch('--db', 'old.sqlite', *self.args, status=4)
        self.change("UPDATE recordings SET analysis = 0, kernel = 'old'", 'old.sqlite')
        self.change("DELETE FROM stalls", 'old.sqlite')
        for names in (('one.sqlite', 'old.sqlite'), ('old.sqlite', 'one.sqlite')):
            self.merge('all.sqlite', *names)
            self.assertEqual(self.dump('all.sqlite'), self.one)
            os.unlink(self.path('all.sqlite'))

    def test_a_result_is_better_than_a_failure(self):
        self.batch('--db', 'late.sqlite', *self.args, status=4)
        self.change("UPDATE recordings SET status = 'timeout', stalls = NULL, worst_ns = NULL, error = 'not done'", 'late.sqlite')
        self.change("DELETE FROM stalls", 'late.sqlite')
        self.merge('late.sqlite', 'one.sqlite')
        self.assertEqual(self.dump('late.sqlite'), self.one)

    def test_one_bad_database_is_named_and_the_others_are_merged(self):
        self.file('text.sqlite', b'no database' * 100)
        ran = self.merge('all.sqlite', 'text.sqlite', 'one.sqlite', 'none.sqlite', status=4)
        self.assertIn('text.sqlite: not a database', ran.stderr)
        self.assertIn('none.sqlite: No such file', ran.stderr)
        self.assertEqual(self.dump('all.sqlite'), self.one)
        self.merge('other.sqlite', 'text.sqlite', status=3)

    def test_a_database_is_not_merged_into_itself(self):
        self.assertIn('to be written and to be read', self.merge('one.sqlite', './one.sqlite', status=2).stderr)
        self.merge('one.sqlite', status=2)

    def test_names_that_are_special_in_a_uri_are_names(self):
        os.rename(self.path('one.sqlite'), self.path('a%20b?c#d.sqlite'))
        self.merge('all.sqlite', 'a%20b?c#d.sqlite')
        self.assertEqual(self.dump('all.sqlite'), self.one)


if __name__ == '__main__':
    fleet.main()
