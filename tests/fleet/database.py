#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""database.py - a database that is locked, foreign, old, full or shared: a clear line, the right status, nothing lost"""
import contextlib
import os
import sqlite3
import subprocess
import time

import fleet

SCHEMA_1 = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../fixtures/fleet/schema-1.sql')


class Database(fleet.Fleet):
    def setUp(self):
        super().setUp()
        for i in range(6):
            self.recording('w/%d.dat' % i, i)

    def whole(self):
        self.batch('-q', '--db', 'whole.sqlite', 'w')
        return self.dump('whole.sqlite')

    def start(self, *args):
        return subprocess.Popen([fleet.PROGRAM, 'batch', *args], cwd=self.dir, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def wait_for_rows(self, n):
        for _ in range(600):
            with contextlib.suppress(sqlite3.OperationalError):
                if self.rows('SELECT count(*) FROM recordings')[0][0] >= n:
                    return
            time.sleep(0.05)
        self.fail('nothing is stored')

    def assert_refused(self, says, *args):
        for verb in (('batch', '--db', 'x.sqlite', 'w'), ('fleet', '--db', 'x.sqlite'), ('merge', 'x.sqlite', 'whole.sqlite')):
            before = fleet.sha256(self.path('x.sqlite'))
            ran = self.run_program(*verb, *args, status=2)
            self.assertRegex(ran.stderr, r'\Avmstall: [^\n]*\n\Z')
            self.assertIn('x.sqlite: ' + says, ran.stderr)
            self.assertEqual(fleet.sha256(self.path('x.sqlite')), before, verb)

    def test_what_is_no_database_is_left_alone(self):
        self.whole()
        self.file('x.sqlite', b'dear diary' * 1000)
        self.assert_refused('not a database')

    def test_a_database_of_something_else_is_left_alone(self):
        self.whole()
        self.change('CREATE TABLE mine (x); INSERT INTO mine VALUES (1)', 'x.sqlite')
        self.assert_refused('a database, but not one of vmstall')

    def test_a_database_of_a_later_version_is_left_alone(self):
        self.whole()
        os.rename(self.path('whole.sqlite'), self.path('x.sqlite'))
        self.whole()
        self.change('PRAGMA journal_mode = DELETE; PRAGMA user_version = 99', 'x.sqlite')
        self.assert_refused('written by a later vmstall (schema 99')

    def old(self, name):
        with open(SCHEMA_1, encoding='utf-8') as f, contextlib.closing(sqlite3.connect(self.path(name))) as db:
            db.executescript(f.read())

    def test_a_database_of_version_1_becomes_one_of_today(self):
        self.old('fleet.sqlite')
        before = self.rows('SELECT sha256, path, status, stalls, worst_ns FROM recordings ORDER BY id')
        stalls = self.rows('SELECT * FROM stalls ORDER BY 1, 2')
        victims = self.rows('SELECT * FROM victims ORDER BY 1, 2')
        self.file('none.dat', b'no recording either')
        self.batch('-q', 'none.dat', status=3)
        self.whole()
        for ask in ('SELECT type, name, sql FROM sqlite_schema ORDER BY 1, 2', 'PRAGMA user_version', 'PRAGMA application_id'):
            self.assertEqual(self.rows(ask), self.rows(ask, 'whole.sqlite'))
        self.assertEqual(self.rows('SELECT sha256, path, status, stalls, worst_ns FROM recordings '
                                   "WHERE path <> 'none.dat' ORDER BY id"), before)
        self.assertEqual((self.rows('SELECT * FROM stalls ORDER BY 1, 2'), self.rows('SELECT * FROM victims ORDER BY 1, 2')),
                         ([row + (None, None) for row in stalls],       # the window is newer, and so is the chance
                          [row + (None,) for row in victims]))
        self.assertEqual(self.rows("SELECT DISTINCT leaks, wrong_contexts, direct_reclaims FROM recordings"), [(None, None, None)])
        self.assertGreater(len(stalls), 0)

    def test_what_version_1_had_analysed_is_analysed_again(self):
        self.old('fleet.sqlite')
        self.batch('-q', 'w')
        self.assertEqual(self.rows('SELECT count(*) FROM recordings WHERE analysis > 1'), [(6,)])

    def test_version_1_can_be_read_and_merged_and_stays_as_it_is(self):
        self.old('old.sqlite')
        before = fleet.sha256(self.path('old.sqlite'))
        self.assertIn('2 stalls', self.run_program('fleet', '--db', 'old.sqlite').stdout)
        self.run_program('merge', 'all.sqlite', 'old.sqlite')
        self.assertEqual(self.rows('SELECT count(*) FROM stalls', 'all.sqlite'), [(2,)])
        self.assertEqual(fleet.sha256(self.path('old.sqlite')), before)

    def test_a_locked_database_is_told_and_nothing_is_tried(self):
        self.whole()
        self.batch('-q', '--db', 'x.sqlite', 'w')
        with contextlib.closing(sqlite3.connect(self.path('x.sqlite'), isolation_level=None)) as db:
            db.execute('PRAGMA journal_mode = DELETE')
            db.execute('BEGIN EXCLUSIVE')
            ran = self.batch('--db', 'x.sqlite', '--wait', '0.2s', 'w', status=2)
        self.assertIn('x.sqlite: locked by another program, for more than 0.2 s', ran.stderr)

    def test_a_lock_in_the_middle_ends_it_with_what_is_stored_and_the_next_run_goes_on(self):
        ran = self.start('-j1', '--wait', '0.3s', 'w')
        self.wait_for_rows(1)
        with contextlib.closing(sqlite3.connect(self.path('fleet.sqlite'), isolation_level=None, timeout=30)) as db:
            db.execute('BEGIN IMMEDIATE')
            err = ran.communicate()[1]
        self.assertEqual(ran.returncode, 4, err)
        self.assertIn('locked by another program', err)
        self.assertRegex(err, r'[1-5] of 6 files are done and stored; the same command goes on')
        self.batch('-q', 'w')
        self.assertEqual(self.dump(), self.whole())

    def test_batches_that_begin_at_once_share_a_database(self):
        """A new one: each finds it empty, or half made, by another that sets its journal or makes its tables."""
        for i in range(4):
            name = 'at-once-%d.sqlite' % i
            all_of_them = [self.start('--db', name, 'w') for _ in range(4)]
            for ran in all_of_them:
                err = ran.communicate()[1]
                self.assertEqual(ran.returncode, 0, err)
                self.assertEqual(err.count('locked'), 0)
            self.assertEqual(self.dump(name), self.whole())

    def test_a_fleet_is_summed_up_while_a_batch_runs(self):
        ran = self.start('-j1', 'w')
        self.wait_for_rows(1)
        self.assertRegex(self.run_program('fleet').stdout, r'[1-6] recording')
        ran.communicate()

    def in_a_namespace(self, script):
        """As root of a mount namespace of its own: skipped where that is not allowed."""
        ran = subprocess.run(['unshare', '-rm', 'sh', '-c', 'mount -t tmpfs none /mnt'], capture_output=True)
        if ran.returncode:
            self.skipTest('no mount namespace: %s' % ran.stderr.decode())
        return subprocess.run(['unshare', '-rm', 'sh', '-ec', script, fleet.PROGRAM], cwd=self.dir, capture_output=True, text=True)

    def test_a_full_disk_ends_it_with_what_is_stored_and_the_next_run_goes_on(self):
        whole = self.whole()
        os.mkdir(self.path('small'))
        ran = self.in_a_namespace('mount -t tmpfs -o size=260k none small; cd w; status=0; '
                                  '"$0" batch -q -j1 --db ../small/fleet.sqlite . 2>../err || status=$?; '
                                  'mkdir ../kept; sqlite3 ../small/fleet.sqlite ".backup ../kept/fleet.sqlite"; exit $status')
        with open(self.path('err'), encoding='utf-8') as f:
            err = f.read()
        self.assertEqual(ran.returncode, 4, err + ran.stderr)
        self.assertIn('no space left on the disk', err)
        stored = self.rows('SELECT count(*) FROM recordings', 'kept/fleet.sqlite')[0][0]
        self.assertIn('%d of 6 files are done and stored' % stored, err)
        ran = subprocess.run([fleet.PROGRAM, 'batch', '-q', '--db', '../kept/fleet.sqlite', '.'], cwd=self.path('w'))
        self.assertEqual(ran.returncode, 0)
        self.assertEqual(self.dump('kept/fleet.sqlite').replace("'./", "'w/"), whole)

    def test_a_fleet_can_be_read_where_nothing_can_be_written(self):
        self.batch('-q', 'w')
        os.mkdir(self.path('ro'))
        os.rename(self.path('fleet.sqlite'), self.path('ro/fleet.sqlite'))
        ran = self.in_a_namespace('mount --bind ro ro; mount -o remount,bind,ro ro; "$0" fleet --db ro/fleet.sqlite; "$0" merge out.sqlite ro/fleet.sqlite')
        self.assertEqual(ran.returncode, 0, ran.stderr)
        self.assertIn('6 recordings', ran.stdout)

    def test_a_database_that_cannot_be_made_is_told(self):
        self.assertIn('none/x.sqlite: cannot be opened: No such file', self.batch('--db', 'none/x.sqlite', 'w', status=2).stderr)
        self.assertIn('w: not a file', self.batch('--db', 'w', 'w', status=2).stderr)


if __name__ == '__main__':
    fleet.main()
