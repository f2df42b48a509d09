#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""killed.py - is a batch that was killed at any moment, and run again, what one is that nobody disturbed?"""
import os
import random
import signal
import subprocess
import time

import fleet

SEED = 20240611
TIMES = 20


class Killed(fleet.Fleet):
    def setUp(self):
        super().setUp()
        for i in range(8):
            self.recording('w/car%d/%d.dat' % (i % 3, i), i)
        self.recording('w/copy.dat', 3)
        self.file('w/text.dat', b'not a recording')
        self.file('w/cut.dat', self.small[:5000])
        self.args = ('--label-from', r'(?<vehicle>car\d)', '-j', '3', 'w')
        begun = time.monotonic()
        self.batch('--db', 'whole.sqlite', *self.args, status=4)
        self.took = time.monotonic() - begun
        self.whole = self.dump('whole.sqlite')

    def start(self):
        return subprocess.Popen([fleet.PROGRAM, 'batch', *self.args], cwd=self.dir, stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True)

    def test_kill_9_at_random_moments_loses_and_doubles_nothing(self):
        rnd = random.Random(SEED)
        stored = []
        for i in range(TIMES):
            with self.subTest(seed=SEED, number=i):
                ran = self.start()
                time.sleep(rnd.uniform(0, self.took))
                ran.kill()
                ran.communicate()
                stored.append(self.count())
                self.batch(*self.args, status=4)
                self.assertEqual(self.dump(), self.whole)
                for name in os.listdir(self.dir):
                    if name.startswith('fleet.sqlite'):
                        os.unlink(self.path(name))
        self.assertGreater(len(set(stored)), 3, 'the moments were all alike: %s' % stored)

    def count(self):
        try:
            return self.rows('SELECT count(*) FROM recordings')[0][0]
        except fleet.sqlite3.OperationalError:
            return -1

    def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(self):
        for sig in (signal.SIGINT, signal.SIGTERM):
            ran = self.start()
            err = ran.stderr.readline()         # a line says that a file is done; the others still have to be
            ran.send_signal(sig)
            err += ran.communicate()[1]
            self.assertEqual(ran.returncode, -sig, err)
            self.assertRegex(err, r'stopped by .*: \d+ of 11 files are done and stored in fleet.sqlite; the same command goes on')
            self.assertGreater(self.count(), 0)
            self.batch(*self.args, status=4)
            self.assertEqual(self.dump(), self.whole)
            os.unlink(self.path('fleet.sqlite'))


if __name__ == '__main__':
    fleet.main()
