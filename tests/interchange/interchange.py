#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""interchange.py - do the programs that people have read what vmstall writes, without a word of complaint?

usage: interchange.py VMSTALL SCHEMA.json RECORDING.dat...
"""
import csv
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import unittest

import jsonschema

PROGRAM, SCHEMA, *RECORDINGS = map(os.path.abspath, sys.argv[1:])

TABLES = {      # by option: columns that hold whole numbers, columns that hold words
    'csv': ('start_ns end_ns duration_ns event_ns nr_scanned nr_skipped cpus_frozen tasks_frozen', 'cause evidence'),
    'victims': ('stall_id pid frozen_from_ns frozen_to_ns frozen_ns', 'kind evidence confidence'),
    'holds': ('cpu pid start_ns end_ns event_ns nr_scanned', 'evidence'),
}


def sqlite(database, *commands):
    return subprocess.run(['sqlite3', '-bail', database, *commands], capture_output=True, text=True)


class Interchange(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.written, cls.answered = [], []
        for i, recording in enumerate(RECORDINGS):
            place = os.path.join(cls.scratch.name, str(i))
            os.mkdir(place)
            options = [x for name in (*TABLES, 'json') for x in ('--' + name, os.path.join(place, name))]
            done = subprocess.run([PROGRAM, 'analyze', *options, recording], stdout=subprocess.DEVNULL)
            if done.returncode != 3:        # 3: it cannot tell, and then there are no tables
                done.check_returncode()
                cls.written.append(place)
                cls.answered.append(recording)
        assert cls.written

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def each(self, check):
        for place, recording in zip(self.written, self.answered):
            with self.subTest(recording=os.path.basename(recording)):
                check(place, recording)

    def rows(self, path):
        with open(path, newline='', encoding='utf-8') as f:
            return list(csv.DictReader(f, strict=True))

    def test_csv_has_a_value_or_nothing_in_every_column(self):
        def check(place, _):
            for name, (numbers, words) in TABLES.items():
                for row in self.rows(os.path.join(place, name)):
                    self.assertNotIn(None, row)                 # more fields than columns
                    self.assertNotIn(None, row.values())        # fewer
                    for column in numbers.split():
                        self.assertRegex(row[column], r'\A\d*\Z')
                    for column in words.split():
                        self.assertRegex(row[column], r'\A\S')
        self.each(check)

    def test_csv_lines_end_as_rfc_4180_says(self):
        def check(place, _):
            for name in TABLES:
                with open(os.path.join(place, name), 'rb') as f:
                    data = f.read()
                self.assertTrue(data.endswith(b'\r\n'))
                self.assertEqual(data.count(b'\n'), data.count(b'\r\n'))
        self.each(check)

    def test_timeline_prints_the_table_of_stalls(self):
        def check(place, recording):
            out = subprocess.run([PROGRAM, 'timeline', recording], check=True, capture_output=True)
            with open(os.path.join(place, 'csv'), 'rb') as f:
                self.assertEqual(out.stdout, f.read())
            self.assertEqual(out.stderr, b'')
        self.each(check)

    def test_sqlite_imports_every_table_in_silence(self):
        def check(place, _):
            database = os.path.join(place, 'db')
            for name in TABLES:
                ran = sqlite(database, '.mode csv', '.import %s %s' % (os.path.join(place, name), name))
                self.assertEqual((ran.returncode, ran.stdout, ran.stderr), (0, '', ''))
            with sqlite3.connect(database) as db:
                for name in TABLES:
                    (count,), = db.execute('select count(*) from "%s"' % name) if self.rows(os.path.join(place, name)) else [(0,)]
                    self.assertEqual(count, len(self.rows(os.path.join(place, name))))
        self.each(check)

    def test_sqlite_joins_victims_to_their_stalls(self):
        def check(place, _):
            if not self.rows(os.path.join(place, 'victims')):
                return
            ran = sqlite(':memory:', '.mode csv', *('.import %s %s' % (os.path.join(place, n), n) for n in ('csv', 'victims')),
                         'select count(*) from victims v join csv s using (recording, stall_id) where s.tasks_frozen > 0')
            self.assertEqual(ran.stderr, '')
            self.assertEqual(int(ran.stdout), len(self.rows(os.path.join(place, 'victims'))))
        self.each(check)

    def test_json_is_what_the_schema_says(self):
        with open(SCHEMA) as f:
            schema = json.load(f)
        validator = jsonschema.validators.validator_for(schema)
        validator.check_schema(schema)
        def check(place, _):
            with open(os.path.join(place, 'json'), encoding='utf-8') as f:
                validator(schema).validate(json.load(f))
        self.each(check)

    def test_leaks_are_the_same_in_json_and_csv(self):
        with open(SCHEMA) as f:
            schema = json.load(f)
        def check(place, recording):
            files = [os.path.join(place, name) for name in ('leaks.json', 'leaks.csv')]
            status = subprocess.run([PROGRAM, 'leaks', '--json', files[0], '--csv', files[1], recording], check=False,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
            with open(files[0], encoding='utf-8') as f:
                report = json.load(f)
            jsonschema.validate(report, schema)
            self.assertEqual(status, 3 if report['input'].get('unanswered') else 0)
            self.assertEqual(os.path.exists(files[1]), status == 0)     # no answer leaves no table
            if status:
                return
            self.assertEqual([(str(s['rank']), s['layer'], str(s['figures']['live']), s['verdict']) for s in report['sites']],
                             [(r['rank'], r['layer'], r['live'], r['verdict']) for r in self.rows(files[1])])
        self.each(check)

    def test_json_and_csv_tell_the_same_stalls(self):
        def check(place, _):
            with open(os.path.join(place, 'json'), encoding='utf-8') as f:
                stalls = json.load(f)['stalls']
            rows = self.rows(os.path.join(place, 'csv'))
            self.assertEqual([(str(s['bounds']['start_ns']), str(s['bounds']['end_ns'])) for s in stalls],
                             [(r['start_ns'], r['end_ns']) for r in rows])
        self.each(check)

    def test_the_sample_has_its_stall_in_all_of_them(self):
        self.assertEqual([len(self.rows(os.path.join(self.written[0], n))) > 0 for n in TABLES], [True] * len(TABLES))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
