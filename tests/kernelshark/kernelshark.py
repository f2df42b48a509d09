#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""kernelshark.py - does a session of --kernelshark open in KernelShark's library, with the markers on the stall?

usage: kernelshark.py VMSTALL SESSION_ROWS SCENES RECORDING.dat...

SCENES is the program of tests/perfetto/scenes.c, "-": only the recordings.
"""
import csv
import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM, ROWS, SCENES, *RECORDINGS = (a if a == '-' else os.path.abspath(a) for a in sys.argv[1:])
scratch = tempfile.TemporaryDirectory()


class Opened:
    """A session, what the library says of it, and the tables of the same report."""

    def __init__(self, recording, place):
        self.name, self.recording = os.path.basename(recording), recording
        path = {t: os.path.join(place, t) for t in ('session.json', 'csv', 'victims')}
        self.ran = subprocess.run([PROGRAM, 'analyze', '-q', '--kernelshark', path['session.json'], '--csv', path['csv'],
                                   '--victims', path['victims'], recording], capture_output=True, text=True)
        if not os.path.exists(path['session.json']):
            self.session = None
            return
        with open(path['session.json'], encoding='utf-8') as f:
            self.session = json.load(f)
        self.tables = {}
        for table in ('csv', 'victims'):
            with open(path[table], newline='', encoding='utf-8') as f:
                self.tables[table] = list(csv.DictReader(f))
        self.library = subprocess.run([ROWS, path['session.json']], capture_output=True, text=True)
        self.marks = {w[0]: [int(n) if n != 'none' else None for n in w[1:]]
                      for w in (line.split() for line in self.library.stdout.splitlines()) if w and w[0] in ('rows', 'markA', 'markB')}

    def longest(self):
        stalls = self.tables['csv']
        return max(stalls, key=lambda s: (int(s['duration_ns']), -int(s['stall_id']))) if stalls else None


class Sessions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        made = os.path.join(scratch.name, 'scenes')
        os.mkdir(made)
        if SCENES != '-':
            subprocess.run([SCENES, made], check=True)
        recordings = RECORDINGS + [os.path.join(made, n + '.dat') for n in SCENES_USED if SCENES != '-']
        cls.opened = []
        for i, recording in enumerate(recordings):
            place = os.path.join(scratch.name, str(i))
            os.mkdir(place)
            cls.opened.append(Opened(recording, place))

    def each(self, check):
        for o in self.opened:
            with self.subTest(recording=o.name):
                if o.session:
                    check(o)

    def test_a_session_is_written_for_what_can_be_opened(self):
        for o in self.opened:
            with self.subTest(recording=o.name):
                self.assertEqual(o.session is not None, o.ran.returncode == 0, o.ran.stderr)

    def test_the_library_opens_it(self):
        self.each(lambda o: self.assertEqual((o.library.returncode, len(o.marks)), (0, 3), o.library.stderr))

    def test_markers_are_the_last_rows_before_begin_and_end_of_the_longest_stall(self):
        def check(o):
            stall = o.longest()
            if not stall:
                self.assertEqual((o.marks['markA'], o.marks['markB']), ([None], [None]))
                return
            for mark, column in (('markA', 'start_ns'), ('markB', 'end_ns')):
                _, here, behind = o.marks[mark]
                self.assertLessEqual(here, int(stall[column]))
                self.assertGreater(behind, int(stall[column]))
        self.each(check)

    def test_cpus_and_tasks_of_culprit_and_victims_are_plotted(self):
        def check(o):
            stall = o.longest()
            (stream,) = o.session['data streams']
            if not stall:
                self.assertEqual(stream['TaskPlots'], [])
                return
            victims = [v for v in o.tables['victims'] if v['stall_id'] == stall['stall_id']]
            self.assertEqual(set(stream['CPUPlots']), {int(c) for c in [stall['cause_cpu']] + [v['cpu'] for v in victims] if c})
            self.assertEqual(set(stream['TaskPlots']), {int(p) for p in [stall['cause_pid']] + [v['pid'] for v in victims] if p})
        self.each(check)

    def test_the_view_is_around_the_stall(self):
        def check(o):
            stall, (lo, hi) = o.longest(), o.session['Model']['range']
            self.assertLess(lo, hi)
            if stall:
                self.assertLessEqual(lo, int(stall['start_ns']))
                self.assertGreaterEqual(hi, int(stall['end_ns']))
                self.assertLessEqual(hi - lo, 2 * int(stall['duration_ns']))
        self.each(check)

    def test_it_names_the_file_in_full_and_its_time(self):
        def check(o):
            data = o.session['data streams'][0]['data']
            self.assertEqual((data['file'], data['time']), (os.path.realpath(o.recording), int(os.stat(o.recording).st_mtime)))
        self.each(check)


SCENES_USED = ('clock-boot', 'clock-local', 'losses', 'names', 'two-buffers')

if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
