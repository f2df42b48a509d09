#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test_truth.py - does truth.py read back, from what the probes would have written, the holds of a recording?"""
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURE = os.path.join(HERE, '..', '..', 'fixtures', 'recordings', 'amd64-6.12-zoneskip')


def rows(path):
    with open(path, newline='') as f:
        return list(csv.DictReader(f))


def probe(row, seconds, name, rest):
    return '%16s-%s [%03d] d..1. %s: %s: %s\n' % (row['comm'], row['pid'], int(row['cpu']), seconds, name, rest)


class Truth(unittest.TestCase):
    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.base = os.path.join(self.scratch.name, 'copy')
        shutil.copy(FIXTURE + '.dat', self.base + '.dat')
        os.mkdir(os.path.join(self.scratch.name, 'gaps'))

    def tearDown(self):
        self.scratch.cleanup()

    def made_of(self, lines):
        with open(os.path.join(self.scratch.name, 'truth.txt'), 'w') as f:
            f.writelines(lines)
        subprocess.run([sys.executable, os.path.join(HERE, 'truth.py'), self.scratch.name, self.base + '.dat'], check=True,
                       stdout=subprocess.DEVNULL)

    def test_each_probed_scan_is_a_hold_with_its_event(self):
        holds = rows(FIXTURE + '.holds.csv')
        lines = ['# tracer: nop\n']
        for h in holds:
            lines.append(probe(h, h['lock_hold_start_s'], 'scan', '(isolate_lru_folios+0x0/0x3f0)'))
            lines.append(probe(h, h['lock_hold_end_s'], 'scanned', '(shrink_lruvec+0x805/0xe50 <- isolate_lru_folios)'))
        self.made_of(lines)
        same = ('lock_hold_start_s', 'lock_hold_end_s', 'cpu', 'pid', 'comm', 'nr_scanned', 'isolate_event_s')
        self.assertGreater(len(holds), 1)
        self.assertEqual([[h[k] for k in same] for h in rows(self.base + '.holds.csv')], [[h[k] for k in same] for h in holds])

    def held(self, words):
        """The one hold of a scan whose probe wrote @words."""
        h = rows(FIXTURE + '.holds.csv')[0]
        self.made_of([probe(h, h['lock_hold_start_s'], 'scan', '(isolate_lru_folios+0x0/0x3f0)' + words),
                      probe(h, h['lock_hold_end_s'], 'scanned', '(shrink_lruvec+0x805/0xe50 <- isolate_lru_folios)')])
        return rows(self.base + '.holds.csv')[0]

    def test_a_hold_names_its_lock_as_the_waits_do_and_its_node(self):
        hold = self.held(' lruvec=0xffff88800405d840 node=1')
        self.assertEqual((hold['lock'], hold['node']), ('0xffff88800405d890', '1'))

    def test_where_the_node_was_not_probed_it_is_empty_not_zero(self):
        hold = self.held(' lruvec=0xffff88800405d840')
        self.assertEqual((hold['lock'], hold['node']), ('0xffff88800405d890', ''))
        self.assertEqual((self.held('')['lock'], self.held('')['node']), ('', ''))

    def test_a_hold_ends_before_what_it_took_is_freed(self):
        h = rows(FIXTURE + '.holds.csv')[0]
        end = float(h['lock_hold_end_s'])
        lines = [probe(h, h['lock_hold_start_s'], 'scan', '(isolate_lru_folios+0x0/0x3f0)'),
                 probe(h, h['lock_hold_end_s'], 'scanned', '(shrink_lruvec+0x805/0xe50 <- isolate_lru_folios)')]
        freed = [probe(h, '%.6f' % (end + after), 'free', '(shrink_folio_list+0x0/0xe50)') for after in (0.012, 0.013)]
        self.made_of(lines + freed)
        self.assertEqual(rows(self.base + '.holds.csv')[0]['lock_hold_end_latest_s'], '%.6f' % (end + 0.012))
        self.made_of(lines + lines[:1] + freed)     # by then, what the next scan took
        self.assertEqual(rows(self.base + '.holds.csv')[0]['lock_hold_end_latest_s'], '')

    def test_a_scan_without_an_event_is_no_hold(self):
        row = {'comm': 'nobody', 'pid': '99999', 'cpu': '0'}
        self.made_of([probe(row, '167.0', 'scan', '(f)'), probe(row, '167.5', 'scanned', '(g <- f)')])
        self.assertEqual(rows(self.base + '.holds.csv'), [])

    def test_long_waits_are_listed_with_their_lock_and_short_ones_are_not(self):
        row = {'comm': 'worker', 'pid': '7', 'cpu': '2'}
        lines = []
        for begin, end in (('167.000000', '167.300000'), ('168.000000', '168.000100')):
            lines += [probe(row, begin, 'spin', '(slow+0x4/0x2a0) lock=0xffff88800405d890'), probe(row, end, 'spun', '(x <- slow)')]
        self.made_of(lines)
        self.assertEqual([(w['wait_start_s'], w['wait_end_s'], w['lock']) for w in rows(self.base + '.waits.csv')],
                         [('167.000000', '167.300000', '0xffff88800405d890')])


unittest.main()
