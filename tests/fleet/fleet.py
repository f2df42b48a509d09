# SPDX-License-Identifier: LGPL-2.1-or-later
"""fleet.py - what the tests of batches share: a directory of small recordings, the program, and its database

usage of each: TEST.py VMSTALL MAKE_RECORDING SAMPLE.dat [CASE]
"""
import contextlib
import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest

PROGRAM, MAKE_RECORDING, SAMPLE = map(os.path.abspath, sys.argv[1:4])
SECONDS = 120


class Fleet(unittest.TestCase):
    maxDiff = 2000

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as scratch:
            path = os.path.join(scratch, 'small.dat')
            subprocess.run([MAKE_RECORDING, '7', path], check=True)
            with open(path, 'rb') as f:
                cls.small = f.read()

    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.dir = self.scratch.name
        self.addCleanup(self.scratch.cleanup)

    def path(self, name):
        return os.path.join(self.dir, name)

    def recording(self, name, number=0):
        """A recording of one stall of a second; by its @number of another content than others."""
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), 'wb') as f:
            f.write(self.small + (b'%d' % number if number else b''))
        return self.path(name)

    def file(self, name, data):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), 'wb') as f:
            f.write(data)
        return self.path(name)

    def run_program(self, *args, status=0, **kwargs):
        ran = subprocess.run([PROGRAM, *args], cwd=self.dir, capture_output=True, text=True, errors='surrogateescape',
                             timeout=SECONDS, **kwargs)
        self.assertEqual(ran.returncode, status, ran.stdout + ran.stderr)
        return ran

    def batch(self, *args, status=0, **kwargs):
        return self.run_program('batch', *args, status=status, **kwargs)

    def rows(self, sql, db='fleet.sqlite'):
        with contextlib.closing(sqlite3.connect(self.path(db))) as connection:
            return connection.execute(sql).fetchall()

    def change(self, sql, db='fleet.sqlite'):
        with contextlib.closing(sqlite3.connect(self.path(db))) as connection, connection:
            connection.executescript('PRAGMA foreign_keys = ON;' + sql)

    def statuses(self, db='fleet.sqlite'):
        return dict(self.rows('SELECT path, status FROM recordings', db))

    def dump(self, db='fleet.sqlite'):
        ran = subprocess.run(['sqlite3', '-bail', self.path(db), 'PRAGMA integrity_check', 'PRAGMA foreign_key_check', '.dump'],
                             capture_output=True, text=True, check=True)
        self.assertTrue(ran.stdout.startswith('ok\nPRAGMA foreign_keys'), ran.stdout[:200])
        return ran.stdout


def sha256(path):
    with open(path, 'rb') as f:
        return hashlib.sha256(f.read()).hexdigest()


def main():
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
