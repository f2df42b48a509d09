#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test_score.py - does score.py tell a right answer from a wrong one? The answers are made up here, by a program that gives them."""
import os
import stat
import subprocess
import sys
import tempfile
import unittest

SCORE = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'score.py')
TRUTH = 'lock_hold_start_s,lock_hold_end_s,cpu,pid,comm,isolate_event_s,lock_hold_end_latest_s\n'
HOLDS = 'cpu,comm,pid,start_ns,start_earliest_ns,start_latest_ns,end_ns,end_earliest_ns,end_latest_ns,event_ns\n'
PROGRAM = '''#!/bin/sh
while [ $# -gt 0 ]; do
	case $1 in --holds) cp "$0.holds" "$2" ;; --csv | --victims) : >"$2" ;; esac
	shift
done
'''


class Scored(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.program = os.path.join(self.scratch.name, 'vmstall')
        self.write('vmstall', PROGRAM)
        os.chmod(self.program, stat.S_IRWXU)

    def tearDown(self):
        self.scratch.cleanup()

    def write(self, name, text):
        with open(os.path.join(self.scratch.name, name), 'w') as f:
            f.write(text)

    def score(self, end_latest, said_ms):
        """A scan from 100.000 to 100.020 s, let go by @end_latest; the answer is that it ended after @said_ms, exactly."""
        self.write('r.holds.csv', TRUTH + '100.000000,100.020000,1,7,kswapd0,100.019990,%s\n' % end_latest)
        self.write('r.waits.csv', 'wait_start_s,wait_end_s,cpu,pid,comm,lock\n')
        self.write('r.publishers.txt', '')
        end = 100000000000 + said_ms * 1000000
        self.write('vmstall.holds', HOLDS + '1,kswapd0,7,%d,%d,%d,%d,%d,%d,100019990000\n' % (3 * (100000000000,) + 3 * (end,)))
        done = subprocess.run([sys.executable, SCORE, '--details', '--no-bars', '--vmstall', self.program,
                               os.path.join(self.scratch.name, 'r.dat')], capture_output=True, text=True, check=True)
        return done.stdout

    def test_where_the_unlock_was_not_probed_the_return_is_the_end(self):
        self.assertNotIn('outside', self.score('', 20))
        self.assertIn('outside', self.score('', 25))

    def test_an_end_between_the_return_and_the_freeing_is_right(self):
        self.assertNotIn('outside', self.score('100.030000', 25))
        self.assertNotIn('estimate off', self.score('100.030000', 25))

    def test_an_end_after_the_freeing_is_wrong(self):
        self.assertIn('outside', self.score('100.030000', 35))

    def test_a_hold_said_to_be_of_more_than_twice_its_time_is_remarked(self):
        self.assertIn('is said to be of 70.0 ms; it was of 30.0 ms', self.score('100.030000', 70))
        self.assertNotIn('is said to be', self.score('100.030000', 55))


unittest.main()
