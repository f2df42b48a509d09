#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""inputs.py - trees and lists as they are in the field: loops, pipes, odd names, what cannot be read, what is not there"""
import csv
import os
import socket
import subprocess

import fleet


class Inputs(fleet.Fleet):
    def lines(self, ran):
        self.assertRegex(ran.stderr, r'\A(vmstall: [^\n]*\n)*\Z')
        return ran.stderr.splitlines()

    def test_symbolic_links_are_followed_and_each_directory_is_walked_once(self):
        self.recording('w/a/x.dat')
        os.symlink('..', self.path('w/a/up'))
        os.symlink('a', self.path('w/z'))
        os.symlink('self', self.path('w/self'))
        os.symlink('../outside.dat', self.path('w/out.dat'))
        self.recording('outside.dat', 1)
        ran = self.batch('w', status=4)
        self.assertEqual(self.statuses(), {'w/a/x.dat': 'ok', 'w/out.dat': 'ok'})
        self.assertEqual(dict(self.rows('SELECT path, error FROM files WHERE recording_id IS NULL')),
                         {'w/self': 'Too many levels of symbolic links'})
        self.assertIn('w/a/up: a symbolic link to a directory that it is in: left alone', ran.stderr)

    def test_what_is_no_file_is_left_alone_without_waiting(self):
        self.recording('w/a.dat')
        os.mkfifo(self.path('w/pipe.dat'))
        os.symlink('/dev/zero', self.path('w/zero.dat'))
        with socket.socket(socket.AF_UNIX) as s:
            s.bind(self.path('w/s'))
            ran = self.batch('-j1', 'w')
        for says in ('w/pipe.dat: a FIFO: left alone', 'w/zero.dat: a device: left alone', 'w/s: a socket: left alone'):
            self.assertIn('vmstall: ' + says, self.lines(ran))
        self.assertEqual(self.statuses(), {'w/a.dat': 'ok'})

    def test_what_is_named_and_is_no_file_has_failed(self):
        self.recording('a.dat')
        os.mkfifo(self.path('pipe'))
        self.batch('pipe', '/dev/zero', 'a.dat', 'missing.dat', status=4)
        self.assertEqual(dict(self.rows('SELECT path, error FROM failed_files')),
                         {'pipe': 'not a file', '/dev/zero': 'not a file', 'missing.dat': 'No such file or directory'})
        self.assertEqual(self.statuses(), {'a.dat': 'ok'})

    def test_odd_names_are_kept_as_they_are_and_do_no_harm(self):
        names = ['new\nline.dat', 'esc\033[2J.dat', "quote'\".dat", '=cmd|calc.dat', 'täst.dat', '-j.dat', ' .dat']
        for i, name in enumerate(names):
            self.recording('w/' + name, i + 1)
        with open(os.fsencode(self.path('w/')) + b'bad\xff\xfe.dat', 'wb') as f:
            f.write(self.small)
        ran = self.batch('--csv-dir', 'out', 'w')
        self.lines(ran)
        self.assertNotIn('\033', ran.stdout + ran.stderr)
        stored = {p if isinstance(p, bytes) else p.encode() for p, in self.rows('SELECT path FROM recordings')}
        self.assertEqual(stored, {b'w/' + n.encode() for n in names} | {b'w/bad\xff\xfe.dat'})
        with open(self.path('out/recordings.csv'), newline='', encoding='utf-8') as f:
            self.assertEqual(len(list(csv.DictReader(f, strict=True))), 8)
        before = self.dump()
        self.assertEqual(self.batch('--jsonl', 'w').stdout, '')
        self.assertEqual(self.dump(), before)

    def test_files_of_other_names_are_recordings_by_their_first_bytes(self):
        self.recording('w/trace.dat.cpu0')
        self.file('w/readme', b'text')
        ran = self.batch('w')
        self.assertEqual(self.statuses(), {'w/trace.dat.cpu0': 'ok'})
        self.assertIn('1 files that are no recordings were left alone', ran.stderr)

    def test_what_may_not_be_read_is_told_and_the_rest_is_done(self):
        self.recording('w/a.dat')
        self.recording('w/secret.dat', 1)
        self.recording('w/closed/b.dat', 2)
        os.chmod(self.path('w/secret.dat'), 0)
        os.chmod(self.path('w/closed'), 0)
        os.chmod(self.dir, 0o777)
        user = {'user': 65534, 'group': 65534, 'extra_groups': []} if os.geteuid() == 0 else {}
        try:
            if user and subprocess.run([fleet.PROGRAM, '--version'], capture_output=True, **user).returncode:
                self.skipTest('nobody may run the program')
            ran = self.batch('w', status=4, **user)
        finally:
            os.chmod(self.path('w/closed'), 0o755)
        self.assertEqual(self.statuses(), {'w/a.dat': 'ok'})
        self.assertEqual(dict(self.rows('SELECT path, error FROM failed_files')),
                         {'w/secret.dat': 'Permission denied', 'w/closed': 'Permission denied'})
        self.assertIn('w/closed: Permission denied', ran.stderr)

    def test_a_file_that_can_be_read_later_is_no_failure_any_more(self):
        self.batch('a.dat', status=3)
        self.recording('a.dat')
        self.batch('a.dat')
        self.assertEqual(self.rows('SELECT * FROM failed_files'), [])

    def test_what_could_not_be_read_and_is_gone_is_forgotten(self):
        os.makedirs(self.path('w'))
        os.makedirs(self.path('ww'))
        for name in ('w/a.dat', 'w/b.dat', 'ww/c.dat'):
            os.symlink('nowhere', self.path(name))
        self.batch('w', 'ww', status=3)
        os.unlink(self.path('w/a.dat'))
        os.unlink(self.path('ww/c.dat'))
        self.batch('w/', status=3)
        self.assertEqual(self.rows('SELECT path FROM failed_files'), [('w/b.dat',), ('ww/c.dat',)])

    def test_without_plugins_nothing_is_tried_or_stored(self):
        self.recording('a.dat')
        for where in ('none', '.'):
            self.assertIn(where, self.batch('--plugin-dir', where, 'a.dat', status=2).stderr)
        self.assertEqual(self.statuses(), {})
        self.batch('a.dat')

    def test_nothing_to_do_is_told(self):
        os.mkdir(self.path('w'))
        self.assertIn('which recordings', self.batch(status=2).stderr)
        self.assertIn('0 files', self.batch('w').stderr)
        self.batch('', status=3)


class Lists(fleet.Fleet):
    def batch_list(self, data, *args, status=0):
        ran = subprocess.run([fleet.PROGRAM, 'batch', '-q', '--files-from', '-', *args], cwd=self.dir, input=data, capture_output=True)
        self.assertEqual(ran.returncode, status, ran.stderr)
        return ran.stderr.decode(errors='replace')

    def test_a_list_from_standard_input_names_files_and_directories(self):
        for i, name in enumerate(('a.dat', 'd/b.dat', 'd/c.dat')):
            self.recording(name, i)
        self.batch_list(b'a.dat\r\n\nd\na.dat')
        self.assertEqual(sorted(self.statuses()), ['a.dat', 'd/b.dat', 'd/c.dat'])

    def test_names_with_newlines_are_listed_with_null_characters(self):
        self.recording('two\nlines.dat')
        self.batch_list(b'two\nlines.dat\0', '--null')
        self.assertEqual(list(self.statuses()), ['two\nlines.dat'])

    def test_what_a_list_names_and_is_not_there_has_failed(self):
        self.recording('a.dat')
        err = self.batch_list(b'a.dat\nmissing.dat\n\xff\xfe\n', status=4)
        self.assertIn('missing.dat: No such file', err)
        self.assertEqual(self.rows('SELECT count(*) FROM failed_files'), [(2,)])

    def test_a_list_of_rubbish_fails_line_by_line(self):
        err = self.batch_list(os.urandom(4096).replace(b'/', b'') + b'\n' + b'x' * 100000 + b'\n', status=3)
        self.assertIn('File name too long', err)

    def test_a_list_that_cannot_be_read_is_told_before_anything_is_done(self):
        self.recording('a.dat')
        for name, says in (('none.txt', 'No such file'), ('.', 'Is a directory')):
            self.assertIn('--files-from: %s: %s' % (name, says), self.batch('--files-from', name, 'a.dat', status=2).stderr)
        self.assertEqual(self.statuses(), {})

    def test_parts_of_a_list_are_apart_and_are_all_of_it(self):
        for i in range(12):
            self.recording('%d.dat' % i, i)
        everything = ''.join('%d.dat\n' % i for i in range(12)).encode()
        for k in (1, 2, 3):
            self.batch_list(everything, '--shard', '%d/3' % k, '--db', '%d.sqlite' % k)
        parts = [set(self.statuses('%d.sqlite' % k)) for k in (1, 2, 3)]
        self.assertEqual(sorted(sum(map(sorted, parts), [])), sorted('%d.dat' % i for i in range(12)))

    def test_a_wrong_part_is_told(self):
        for shard in ('0/3', '4/3', 'x'):
            self.assertIn('is not K/N', self.batch('--shard', shard, '.', status=2).stderr)

    def test_a_job_of_an_array_takes_its_part(self):
        self.recording('w/a.dat')
        env = dict(os.environ, SLURM_ARRAY_TASK_ID='2', SLURM_ARRAY_TASK_MIN='1', SLURM_ARRAY_TASK_MAX='2', SLURM_ARRAY_TASK_COUNT='2')
        self.assertIn('part 2 of 2', self.batch('--db', '2.sqlite', 'w', env=env).stderr)
        env['SLURM_ARRAY_TASK_ID'] = '1'
        self.batch('--db', '1.sqlite', 'w', env=env)
        self.assertEqual(len(self.statuses('1.sqlite')) + len(self.statuses('2.sqlite')), 1)


if __name__ == '__main__':
    fleet.main()
