#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""install.py - does an installed vmstall find its plugins, do its hosts find them, and does nobody get in anybody's way?

usage: install.py BUILD-DIRECTORY RECORDING.dat SHOW_INFO
environment: VMSTALL_PRELOAD, what a host has to load before plugins that were built with a sanitizer
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, RECORDING, SHOW_INFO = map(os.path.abspath, sys.argv[1:])
ISOLATE = 'mm_vmscan_lru_isolate:'
COST = ' skipped=99.999% amplification=1158933.7x walked=39.79GiB'


def host_plugin_dir():
    """Where the libtraceevent of this machine looks: the library holds the path."""
    cache = subprocess.run(['ldconfig', '-p'], capture_output=True, text=True).stdout
    library = next(line.split()[-1] for line in cache.splitlines() if 'libtraceevent.so.1 ' in line)
    with open(library, 'rb') as f:
        paths = [s for s in f.read().split(b'\0') if s.startswith(b'/') and s.endswith(b'traceevent/plugins')]
    return paths[0].decode()


def run(*command, plugins='', home='/nonexistent'):
    env = dict(os.environ, HOME=home, TRACEEVENT_PLUGIN_DIR=plugins, LD_PRELOAD=os.environ.get('VMSTALL_PRELOAD', ''),
               ASAN_OPTIONS='detect_leaks=0:detect_odr_violation=0')
    ran = subprocess.run(command, capture_output=True, text=True, errors='replace', env=env)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def report(**where):
    return run('trace-cmd', 'report', RECORDING, **where).splitlines()


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.root = os.path.join(cls.scratch.name, 'root')
        subprocess.run(['cmake', '--install', BUILD, '--prefix', '/usr'], check=True, capture_output=True,
                       env=dict(os.environ, DESTDIR=cls.root))
        cls.program = os.path.join(cls.root, 'usr/bin/vmstall')
        cls.hosts = cls.root + host_plugin_dir()
        cls.plain = report()

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_plugins_are_where_libtraceevent_looks_under_names_of_their_own(self):
        ours = sorted(os.listdir(self.hosts))
        self.assertIn('plugin_vmstall_vmscan.so', ours)
        self.assertTrue(all(name.startswith('plugin_vmstall_') for name in ours))

    def test_trace_cmd_says_what_an_isolate_event_cost_with_them_and_not_without(self):
        isolate = [line for line in self.plain if ISOLATE in line and 'nr_scanned=10430403' in line]
        self.assertEqual(len(isolate), 1)
        self.assertEqual([line for line in report(plugins=self.hosts) if ISOLATE in line and 'nr_scanned=10430403' in line],
                         [isolate[0] + COST])

    def test_no_other_word_of_the_report_changes_but_what_the_library_could_not_print(self):
        told = report(plugins=self.hosts)
        self.assertEqual(len(told), len(self.plain))
        added = 0
        for plain, line in zip(self.plain, told):
            if '[FAILED TO PARSE]' in plain:
                self.assertNotIn('[FAILED TO PARSE]', line)
                continue
            self.assertTrue(line.startswith(plain), (plain, line))
            added += line != plain
        self.assertGreater(added, 0)

    def test_the_same_plugin_in_two_places_is_no_clash(self):
        """The system's directory, and the user's own with the files as they are built."""
        home = os.path.join(self.scratch.name, 'home')
        shutil.copytree(os.path.join(BUILD, 'plugins'), os.path.join(home, '.local/lib/traceevent/plugins'))
        for one, two in zip(report(plugins=self.hosts), report(plugins=self.hosts, home=home), strict=True):
            self.assertEqual(two, one)          # line by line: a list would be compared word by word

    def test_kernelshark_shows_the_same(self):
        self.assertNotIn('walked=', run(SHOW_INFO, RECORDING, '10430403'))
        self.assertIn(COST, run(SHOW_INFO, RECORDING, '10430403', plugins=self.hosts))

    def analyze(self, plugins=''):
        env = dict(os.environ, TRACEEVENT_PLUGIN_DIR=plugins)
        return subprocess.run([self.program, 'timeline', RECORDING], capture_output=True, text=True, env=env)

    def test_the_program_loads_what_is_in_its_own_directory_and_nothing_else(self):
        built = subprocess.run([os.path.join(BUILD, 'vmstall'), 'timeline', RECORDING], capture_output=True, text=True)
        self.assertEqual(self.analyze().stdout, built.stdout)
        self.assertEqual(self.analyze(plugins=self.hosts).stdout, built.stdout)
        own = next(d for d, _, _ in os.walk(self.root) if d.endswith('/vmstall/plugins'))
        os.rename(own, own + '.away')
        try:
            ran = self.analyze(plugins=self.hosts)
            if ran.returncode == 0:
                self.skipTest('vmstall is installed on this machine, too')
            self.assertEqual(ran.returncode, 2)
            self.assertIn('no vmstall plugins found; looked in', ran.stderr)
        finally:
            os.rename(own + '.away', own)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
