#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""damage.py - what does the program do with input that is damaged, hostile or no recording at all?

usage: damage.py VMSTALL MAKE_RECORDING SAMPLE.dat [CASE]

For any bytes: a result, a salvage with a word about it, or one line on stderr; never a hang, a crash, a file that is not
whole, or memory without end. A crash inside libtracecmd or libtraceevent must look like any other damage.
"""
import glob
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import unittest

SECONDS = 20
PEAK_KIB = 512 * 1024   # the sanitizers' share included
SEED = 20240611
OUTPUTS = ('stalls.csv', 'victims.csv', 'holds.csv', 'report.json', 'trace.pftrace')
ASAN_EXIT = 99

PROGRAM, MAKE_RECORDING, SAMPLE = map(os.path.abspath, sys.argv[1:4])


def library_crash(log):
    """Did the sanitizer stop it in a library that reads the file, and not in the program?"""
    frames = [f for f in re.findall(r'^ *#\d+ .*$', log, re.M) if 'libsanitizer' not in f and 'asan.so' not in f]
    return 'ERROR: AddressSanitizer' in log and frames and re.search(r'/libtrace(event|cmd)\.so', frames[0])


class Ran:
    def __init__(self, args, cwd, **env):
        options = 'exitcode=%d:log_path=%s/sanitizer:detect_leaks=0' % (ASAN_EXIT, cwd)
        env = dict(os.environ, ASAN_OPTIONS=options + env.pop('asan', ''), UBSAN_OPTIONS=options, LC_ALL='C', **env)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            p = subprocess.Popen(['timeout', '-s', 'KILL', str(SECONDS), PROGRAM, *args], cwd=cwd, stdout=out, stderr=err,
                                 env=env)
            _, status, usage = os.wait4(p.pid, 0)
            p.returncode = self.status = os.waitstatus_to_exitcode(status)
            self.peak_kib = usage.ru_maxrss
            self.out, self.err = (f.seek(0) or f.read().decode('utf-8', 'replace') for f in (out, err))
        logs = glob.glob(cwd + '/sanitizer.*')
        self.log = ''.join(open(f, errors='replace').read() for f in logs)
        for f in logs:
            os.unlink(f)


class Damage(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.dir = scratch.name

    def file(self, data, name='a.dat'):
        path = os.path.join(self.dir, name)
        with open(path, 'wb') as f:
            f.write(data)
        return path

    def plain(self, version):
        path = os.path.join(self.dir, 'plain')
        subprocess.run([MAKE_RECORDING, str(version), path], check=True)
        with open(path, 'rb') as f:
            data = f.read()
        os.unlink(path)
        return data

    def left(self, inputs):
        return sorted(set(os.listdir(self.dir)) - set(inputs))

    def analyze(self, path, **env):
        before = os.listdir(self.dir)
        outputs = ('--csv', OUTPUTS[0], '--victims', OUTPUTS[1], '--holds', OUTPUTS[2], '--json', OUTPUTS[3],
                   '--perfetto', OUTPUTS[4])
        ran = Ran(('analyze', *outputs, path), self.dir, **env)
        ran.left = self.left(before)
        for name in ran.left:
            os.unlink(os.path.join(self.dir, name))
        return ran

    def assert_refused(self, ran, says='', status=3):
        self.assertEqual(ran.status, status, ran.err + ran.log)
        self.assertEqual(ran.out, '')
        self.assertRegex(ran.err, r'\Avmstall: [^\n]+\n\Z')
        self.assertIn(says, ran.err)
        self.assertEqual(ran.left, [])

    def assert_sane(self, ran):
        """A result, a salvage or a refusal; or a library's crash, which the sanitizer reported in its place."""
        self.assertLess(ran.peak_kib, PEAK_KIB)
        if ran.status == ASAN_EXIT and library_crash(ran.log):
            self.assertEqual((ran.out, ran.left), ('', []))
            return
        if ran.status == 3 and ran.out:         # it was read and has no answer: what it does tell is there, and no table
            self.assertRegex(ran.out, r'\ACannot tell ')
            self.assertIn('cannot tell ', ran.err)
            self.assertEqual(ran.left, sorted(name for name in OUTPUTS if not name.endswith('csv')))
            return None
        if ran.status == 3:
            return self.assert_refused(ran)
        self.assertIn(ran.status, (0, 4), ran.err + ran.log)
        self.assertEqual(ran.left, sorted(OUTPUTS))
        self.assertEqual(ran.err.count('\n'), 1 if ran.status == 4 else 0, ran.err)

    def assert_survives(self, data, change, times):
        """@times files, each changed in its own way."""
        rnd = random.Random(SEED)
        for i in range(times):
            with self.subTest(seed=SEED, number=i):
                damaged = bytearray(data)
                change(rnd, damaged)
                self.assert_sane(self.analyze(self.file(damaged)))


def flip_bytes(rnd, data):
    for _ in range(rnd.choice((1, 4, 16, 64))):
        data[rnd.randrange(len(data))] = rnd.randrange(256)


def flip_head(rnd, data):
    """Where the sizes and offsets of a file of version 6, and the first sections of version 7, are."""
    for _ in range(rnd.choice((1, 2, 4))):
        data[rnd.randrange(12, min(20000, len(data)))] = rnd.randrange(256)


def huge_number(rnd, data):
    """A size, a count or an offset as large as can be."""
    at = rnd.randrange(12, len(data) - 8)
    width = rnd.choice((4, 8))
    data[at:at + width] = rnd.choice((b'\xff', b'\x7f')) * (width - 1) + rnd.choice((b'\xff', b'\x7f'))


class NoRecording(Damage):
    def test_a_missing_file_is_refused(self):
        self.assert_refused(self.analyze('missing.dat'), 'missing.dat: No such file')

    def test_an_empty_file_is_refused(self):
        self.assert_refused(self.analyze(self.file(b'')), 'empty file')

    def test_a_directory_is_refused(self):
        os.mkdir(self.dir + '/d.dat')
        self.assert_refused(self.analyze('d.dat'), 'a directory')

    def test_a_fifo_is_refused_without_waiting_for_a_writer(self):
        os.mkfifo(self.dir + '/f.dat')
        self.assert_refused(self.analyze('f.dat'), 'not a regular file')

    def test_a_text_file_is_refused(self):
        self.assert_refused(self.analyze(self.file(b'kswapd0-68 [005] 5145.403\n' * 1000)), 'not a trace.dat')

    def test_versions_that_cannot_be_read_are_named(self):
        for version in (b'5', b'8'):
            self.assert_refused(self.analyze(self.file(b'\x17\x08\x44tracing' + version + b'\0' + bytes(4096))),
                                'version %s;' % version.decode())

    def test_hostile_names_stay_on_their_line(self):
        self.assert_refused(self.analyze('a\nb\033[2J.dat'), 'a?b?[2J.dat')

    def test_every_verb_refuses_alike(self):
        path = self.file(b'no recording')
        for verb in ('analyze', 'timeline', 'info'):
            ran = Ran((verb, path), self.dir)
            ran.left = self.left(['a.dat'])
            self.assert_refused(ran, 'not a trace.dat')

    def test_without_plugins_nothing_is_tried(self):
        os.mkdir(self.dir + '/none')
        for where in ('none', 'nowhere'):
            ran = Ran(('analyze', '--plugin-dir', where, '--csv', 'stalls.csv', SAMPLE), self.dir)
            ran.left = self.left(['none'])
            self.assert_refused(ran, where, status=2)

    def test_a_wrong_option_is_told_before_anything_else(self):
        ran = Ran(('analyze', '--min-stall', 'soon', 'missing.dat'), self.dir)
        ran.left = []
        self.assert_refused(ran, 'soon', status=2)


class Cut(Damage):
    def assert_never_whole(self, data, times):
        """Refused while nothing but metadata is left, a salvage from the first records on."""
        salvaged = False
        for i in range(times):
            with self.subTest(cut=len(data) * i // times):
                ran = self.analyze(self.file(data[:len(data) * i // times]))
                self.assert_sane(ran)
                self.assertEqual(ran.status, 4 if salvaged or ran.status == 4 else 3)
                salvaged = ran.status == 4
        self.assertTrue(salvaged)

    def test_the_sample_cut_anywhere_is_never_a_whole_one(self):
        with open(SAMPLE, 'rb') as f:
            self.assert_never_whole(f.read(), 40)

    def test_plain_files_cut_anywhere_are_never_whole_ones(self):
        for version in (6, 7):
            self.assert_never_whole(self.plain(version), 40)


    def test_a_cut_among_the_formats_leaves_nothing_to_read(self):
        self.assert_refused(self.analyze(self.file(self.plain(7)[:900])), 'cut at byte 900')
        self.assert_refused(self.analyze(self.file(self.plain(6)[:900])), 'cut at byte 900')

    def test_what_is_missing_is_told_by_every_verb(self):
        with open(SAMPLE, 'rb') as f:
            data = f.read()
        path = self.file(data[:len(data) * 4 // 5])
        info = Ran(('info', path), self.dir)
        self.assertEqual(info.status, 4)
        self.assertRegex(info.out, 'cut at byte %d' % (len(data) * 4 // 5))
        self.assertRegex(info.out, r'CPU \d: what it wrote after \d+\.\d{6} is not in the file')
        ran = Ran(('analyze', '--json', '-', path), self.dir)
        self.assertEqual(ran.status, 4)
        report = json.loads(ran.out)['input']
        self.assertTrue(report['file']['partial'])
        torn = [c['cpu'] for c in report['cpus'] if c['torn']]
        self.assertTrue(torn)
        for cpu in torn:
            self.assertTrue(report['cpus'][cpu]['lost_marks'])


class Flipped(Damage):
    def test_the_sample_with_wrong_bytes(self):
        with open(SAMPLE, 'rb') as f:
            self.assert_survives(f.read(), flip_bytes, 60)

    def test_version_6_with_wrong_bytes(self):
        self.assert_survives(self.plain(6), flip_bytes, 120)

    def test_version_7_with_wrong_bytes(self):
        self.assert_survives(self.plain(7), flip_bytes, 120)

    def test_wrong_sizes_and_offsets(self):
        for version in (6, 7):
            self.assert_survives(self.plain(version), flip_head, 60)

    def test_huge_sizes_and_counts(self):
        for version in (6, 7):
            self.assert_survives(self.plain(version), huge_number, 60)


class Crash(Damage):
    def test_a_division_by_zero_in_a_print_format_is_damage(self):
        data = self.plain(7)
        text = re.search(rb'print fmt: ("isolate_mode=[^\n]*)\n', data)
        data = data[:text.start(1)] + b'"%d", 1/0'.ljust(len(text[1])) + data[text.end(1):]
        self.assert_refused(self.analyze(self.file(data), asan=':handle_sigfpe=0'),
                            'a.dat: damaged: the reading library crashed on it (SIGFPE)')

    def test_what_stood_under_the_outputs_name_stays(self):
        for name in OUTPUTS:
            self.file(b'of yesterday', name)
        for data in (b'', b'no recording', self.plain(7)[:900]):
            self.analyze(self.file(data))
            for name in OUTPUTS:
                with open(os.path.join(self.dir, name), 'rb') as f:
                    self.assertEqual(f.read(), b'of yesterday')


if __name__ == '__main__':
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]])
