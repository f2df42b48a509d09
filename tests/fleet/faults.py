#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""faults.py - does a recording that crashes, hangs or eats its process cost the batch more than one row?

plugin_fault.so does to the process what the end of the recording tells it to.
"""
import json
import os
import resource
import subprocess
import time

import fleet

BUILD = os.path.dirname(fleet.PROGRAM)
SIGNALS = 'segv', 'bus', 'fpe', 'ill', 'abort'
FAULTS = {      # what the row must say
    **{name: ('crashed', r'the reading library crashed on it \(SIG%s\)' % {'abort': 'ABRT'}.get(name, name.upper())) for name in SIGNALS},
    'stack': ('crashed', r'crashed on it \(SIGSEGV\)'),
    'spin': ('timeout', r'not done after \d+ s'),
    'sleep': ('timeout', r'not done after \d+ s'),
    'stop': ('timeout', r'not done after \d+ s'),
    'memory': ('crashed', r'crashed on it \(SIGSEGV\), with its limit of 300 MiB of memory taken'),
    'exit': ('crashed', r'the analysis ended early, with status 0'),
    'kill': ('crashed', r'killed by signal 9 \(Killed\): the machine may have run out of memory'),
}


class Faults(fleet.Fleet):
    def setUp(self):
        super().setUp()
        os.mkdir(self.path('plugins'))
        for where in (BUILD + '/plugins', BUILD + '/tests/fault'):
            for name in os.listdir(where):
                if name.endswith('.so'):
                    os.symlink(os.path.join(where, name), self.path('plugins/' + name))
        # The sanitizer would report the crash in its own way, and make malloc() fail in another than the C library does.
        self.env = dict(os.environ, ASAN_OPTIONS='handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0:'
                        'allocator_may_return_null=1:detect_leaks=0')

    def mutate(self, name):
        return self.file('w/%s.dat' % name, self.small + b'fault:' + name.encode())

    def run_all(self, *args, status=4):
        return self.batch('--plugin-dir', 'plugins', *args, 'w', status=status, env=self.env)

    def test_each_fault_is_its_recordings_row_and_the_others_are_analysed(self):
        for name in FAULTS:
            self.mutate(name)
        for i in range(3):
            self.recording('w/good%d.dat' % i, i)
        ran = self.run_all('--timeout', '8s', '--memory', '300M', '-j', '4')
        rows = {os.path.basename(path)[:-4]: (status, error, stalls) for path, status, error, stalls
                in self.rows('SELECT path, status, error, stalls FROM recordings')}
        for i in range(3):
            self.assertEqual(rows.pop('good%d' % i), ('ok', None, 1))
        for name, (status, says) in FAULTS.items():
            self.assertEqual(rows[name][0], status, rows[name])
            self.assertRegex(rows[name][1], says)
            self.assertIsNone(rows[name][2])
            self.assertRegex(ran.stderr, r'w/%s\.dat: %s: .*%s' % (name, status, says))
        self.assertEqual(len(rows), len(FAULTS))
        self.assertEqual(self.rows('SELECT count(*) FROM stalls'), [(3,)])

    def test_nothing_is_left_running(self):
        for name in ('sleep', 'spin', 'stop'):
            self.mutate(name)
        self.run_all('--timeout', '1s', '-j', '3', status=3)
        self.assertEqual(self.running(), [])

    def test_who_is_killed_takes_children_along_that_are_not_deaf(self):
        self.mutate('spin')
        ran = subprocess.Popen([fleet.PROGRAM, 'batch', '--plugin-dir', 'plugins', 'w'], cwd=self.dir, env=self.env)
        while len(self.running()) < 2:
            time.sleep(0.05)
        ran.kill()
        ran.wait()
        for _ in range(200):
            if not self.running():
                return
            time.sleep(0.05)
        self.fail('%s run on' % self.running())

    def running(self):
        """The processes of the program in this directory."""
        found = []
        for pid in filter(str.isdigit, os.listdir('/proc')):
            try:
                if os.readlink('/proc/%s/cwd' % pid) == os.path.realpath(self.dir):
                    with open('/proc/%s/stat' % pid, encoding='utf-8', errors='replace') as f:
                        found += [pid] if f.read().rpartition(')')[2].split()[0] not in 'ZX' else []
            except OSError:
                pass
        return found

    def test_ctrl_c_does_not_wait_for_who_hangs(self):
        self.mutate('sleep')
        ran = subprocess.Popen([fleet.PROGRAM, 'batch', '--plugin-dir', 'plugins', 'w'], cwd=self.dir, env=self.env, stderr=subprocess.PIPE)
        while len(self.running()) < 2:
            time.sleep(0.05)
        begun = time.monotonic()
        ran.send_signal(fleet.signal.SIGINT)
        err = ran.communicate()[1].decode()
        self.assertLess(time.monotonic() - begun, 10)
        self.assertEqual(ran.returncode, -fleet.signal.SIGINT)
        self.assertIn('0 of 1 files are done', err)
        self.assertEqual(self.running(), [])
        self.assertEqual(self.statuses(), {})

    def test_a_child_that_somebody_ends_is_no_row_and_the_next_run_has_it(self):
        self.mutate('spin')
        self.recording('w/good.dat')
        ran = subprocess.Popen([fleet.PROGRAM, 'batch', '--plugin-dir', 'plugins', '-j1', 'w'], cwd=self.dir, env=self.env,
                               stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        while not (ended := [p for p in self.running() if p != str(ran.pid) and self.spins(p)]):
            time.sleep(0.05)
        os.kill(int(ended[0]), fleet.signal.SIGTERM)
        err = ran.communicate()[1]
        self.assertEqual(ran.returncode, 4, err)
        self.assertIn('w/spin.dat: stopped: told to end by signal 15 (Terminated): not stored', err)
        self.assertEqual(self.statuses(), {'w/good.dat': 'ok'})
        self.batch('w')
        self.assertEqual(self.statuses(), {'w/good.dat': 'ok', 'w/spin.dat': 'ok'})

    def spins(self, pid):
        try:
            with open('/proc/%s/maps' % pid, encoding='utf-8') as f:
                return 'spin.dat' in f.read()
        except OSError:
            return False

    def test_a_crash_is_tried_again_when_asked_and_a_result_replaces_it(self):
        self.mutate('segv')
        self.run_all('-q', status=3)
        self.assertEqual(self.run_all('--jsonl', status=3).stdout, '')
        ran = self.batch('--retry', '--jsonl', 'w')     # without the plugin that crashes
        self.assertEqual(json.loads(ran.stdout)['status'], 'ok')
        self.assertEqual(self.statuses(), {'w/segv.dat': 'ok'})

    def test_a_real_library_crash_is_one_row_too(self):
        """libtraceevent divides by zero for whoever asks it to."""
        at = self.small.index(b'print fmt: "isolate_mode=') + len(b'print fmt: ')
        end = self.small.index(b'\n', at)
        self.file('w/zero.dat', self.small[:at] + b'"%d", 1/0'.ljust(end - at) + self.small[end:])
        self.recording('w/good.dat')
        self.run_all('-q')
        self.assertEqual(self.statuses(), {'w/zero.dat': 'crashed', 'w/good.dat': 'ok'})


if __name__ == '__main__':
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    fleet.main()
