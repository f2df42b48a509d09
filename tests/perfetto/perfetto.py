#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""perfetto.py - does what vmstall --perfetto writes decode, keep the format's rules, and say what the recording and the report say?

usage: perfetto.py VMSTALL SCENES RECORDING.dat...

SCENES is the program of scenes.c, "-": only the recordings. A recording that vmstall refuses has to leave no file.
"""
import csv
import os
import re
import subprocess
import sys
import tempfile
import unittest
from collections import Counter, defaultdict

PROGRAM, SCENES, *RECORDINGS = (a if a == '-' else os.path.abspath(a) for a in sys.argv[1:])
HERE = os.path.dirname(os.path.abspath(__file__))

scratch = tempfile.TemporaryDirectory()
subprocess.run(['protoc', '--python_out', scratch.name, '-I', HERE, 'trace.proto'], check=True)
sys.path.insert(0, scratch.name)
import trace_pb2  # noqa: E402

BEGIN, END, INSTANT, COUNTER = (trace_pb2.TrackEvent.Type.Value('TYPE_' + n) for n in ('SLICE_BEGIN', 'SLICE_END', 'INSTANT', 'COUNTER'))


class Written:
    """One recording, its trace, and the same report as CSV."""

    def __init__(self, recording, place, *options):
        self.name, self.recording = os.path.basename(recording), recording
        self.path = os.path.join(place, 'trace')
        self.tables = {t: os.path.join(place, t) for t in ('csv', 'holds', 'victims')}
        tables = [] if options else ['--csv', self.tables['csv'], '--victims', self.tables['victims']]
        self.ran = subprocess.run([PROGRAM, 'analyze', '--perfetto', self.path, *tables, *options, recording], capture_output=True)
        self.trace = None
        if os.path.exists(self.path):
            with open(self.path, 'rb') as f:
                self.bytes = f.read()
            self.trace = trace_pb2.Trace.FromString(self.bytes)
            self.index()

    def index(self):
        self.tracks, self.events, self.ftrace = {}, [], []
        for p in self.trace.packet:
            if p.HasField('track_descriptor'):
                self.tracks.setdefault(p.track_descriptor.uuid, p.track_descriptor)
            if p.HasField('track_event'):
                self.events.append((p.timestamp, p.trusted_packet_sequence_id, p.track_event))
            if p.HasField('ftrace_events'):
                self.ftrace += [(p.ftrace_events.cpu, e) for e in p.ftrace_events.event]

    def rows(self, table):
        """Holds are asked for alone: with them in the report more would be drawn."""
        if not os.path.exists(self.tables[table]):
            subprocess.run([PROGRAM, 'analyze', '-q', '--holds', self.tables['holds'], self.recording], capture_output=True)
        if self.ran.returncode == 3:        # no answer: no table, which would look like a healthy machine
            assert not os.path.exists(self.tables[table]), self.name
            return []
        with open(self.tables[table], newline='', encoding='utf-8') as f:
            return list(csv.DictReader(f))

    def slices(self, top):
        """[(track name, slice name, from, to, notes, flows)] under the group, or the track, of this name."""
        open_, done = defaultdict(list), []
        for ts, _, e in self.events:
            track = self.tracks[e.track_uuid]
            if top not in (track.name, self.tracks[track.parent_uuid].name) or track.HasField('counter'):
                continue
            notes = {n.name: n.string_value or n.int_value or n.uint_value for n in e.debug_annotations}
            if e.type == BEGIN:
                open_[e.track_uuid].append([track.name, e.name, ts, None, notes, list(e.flow_ids)])
            elif e.type == END:
                done.append(open_[e.track_uuid].pop())
                done[-1][3] = ts
                done[-1][4].update(notes)
                done[-1][5] += e.flow_ids
        return done


def decoded_switches(recording):
    """{(ns, cpu, prev_pid, next_pid)} as trace-cmd reads them; of some clocks it prints ns without a point."""
    ran = subprocess.run(['trace-cmd', 'report', '-N', '-t', '-R', '-F', 'sched_switch', recording], capture_output=True)
    assert not ran.returncode or b'event filter' in ran.stderr, ran.stderr      # that event was not recorded
    line = re.compile(rb'\[(\d+)\]\s*([\d.]+):\s+sched_switch:.*? prev_pid=(\d+) .*? next_pid=(\d+)')
    found = (line.search(l) for l in ran.stdout.splitlines())
    return Counter((int(m[2].replace(b'.', b'')), int(m[1]), int(m[3]), int(m[4])) for m in found if m)


class Recordings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.written, cls.refused = [], []
        made = os.path.join(scratch.name, 'scenes')
        os.mkdir(made)
        if SCENES != '-':
            subprocess.run([SCENES, made], check=True)
        for i, recording in enumerate(RECORDINGS + [os.path.join(made, n) for n in sorted(os.listdir(made))]):
            place = os.path.join(scratch.name, str(i))
            os.mkdir(place)
            w = Written(recording, place)
            (cls.written if w.trace else cls.refused).append(w)
        cls.scene = {w.name[:-4]: w for w in cls.written if w.recording.startswith(made)}

    def each(self, check):
        self.assertTrue(self.written)
        for w in self.written:
            with self.subTest(recording=w.name):
                check(w)

    def test_a_recording_that_is_not_analysed_leaves_no_file_and_all_others_do(self):
        for w in self.refused:
            with self.subTest(recording=w.name):
                self.assertIn(w.ran.returncode, (2, 3))
                self.assertEqual(os.listdir(os.path.dirname(w.path)), [])
        self.each(lambda w: self.assertIn(w.ran.returncode, (0, 3, 4), w.ran.stderr))

    def test_it_decodes_and_nothing_in_it_is_unknown_to_the_schema(self):
        def check(w):
            known = trace_pb2.Trace.FromString(w.bytes)
            known.DiscardUnknownFields()
            self.assertEqual(known.ByteSize(), w.trace.ByteSize())
            self.assertEqual(w.trace.ByteSize(), len(w.bytes))      # each number in its shortest form
        self.each(check)

    def test_times_do_not_go_back_on_a_sequence_nor_on_a_cpu(self):
        def check(w):
            last = defaultdict(int)
            for ts, sequence, _ in w.events:
                self.assertGreaterEqual(ts, last[sequence])
                last[sequence] = ts
            last.clear()
            for cpu, e in w.ftrace:
                self.assertGreaterEqual(e.timestamp, last[cpu])
                last[cpu] = e.timestamp
        self.each(check)

    def test_slices_nest_and_all_of_them_end(self):
        def check(w):
            depth = Counter()
            for _, _, e in w.events:
                depth[e.track_uuid] += (e.type == BEGIN) - (e.type == END)
                self.assertGreaterEqual(depth[e.track_uuid], 0)
                self.assertTrue(e.name or e.type in (END, COUNTER))
            self.assertEqual(+depth, Counter())
        self.each(check)

    def test_slices_of_a_track_are_in_one_sequence(self):
        def check(w):
            of = defaultdict(set)
            for _, sequence, e in w.events:
                of[e.track_uuid].add(sequence)
            self.assertTrue(all(len(s) == 1 for s in of.values()))
        self.each(check)

    def test_every_flow_goes_from_a_hold_or_a_stall_to_one_frozen_task(self):
        def check(w):
            begins = Counter(f for top in ('Stalls', 'lru_lock held') for s in w.slices(top) for f in s[5])
            ends = Counter(f for s in w.slices('Frozen tasks') for f in s[5])
            self.assertEqual(begins, ends)
            self.assertEqual(set(ends.values()) - {1}, set())
            self.assertEqual(len(ends), len(w.rows('victims')))
            first = {f: ts for ts, _, e in w.events if e.type == BEGIN for f in e.flow_ids}
            for ts, _, e in w.events:
                if e.type == END:
                    for f in e.flow_ids:
                        self.assertLessEqual(first[f], ts)          # the earlier one is the arrow's tail
        self.each(check)

    def test_every_track_is_described_and_stands_under_another(self):
        def check(w):
            for _, _, e in w.events:
                track = w.tracks[e.track_uuid]
                self.assertEqual(e.type == COUNTER, track.HasField('counter'))
                self.assertIn(track.parent_uuid, w.tracks)
            roots = [t.name for t in w.tracks.values() if not t.parent_uuid]
            self.assertEqual(roots, ['vmstall'])
        self.each(check)

    def test_stalls_holds_and_victims_are_those_of_the_tables(self):
        def check(w):
            self.assertEqual(sorted((s[2], s[3], str(s[4]['stall_id']), s[4]['cause']) for s in w.slices('Stalls')),
                             sorted((int(r['start_ns']), int(r['end_ns']), r['stall_id'], r['cause']) for r in w.rows('csv')))
            self.assertEqual(sorted((s[2], s[3], s[1]) for s in w.slices('Frozen tasks')),
                             sorted((int(r['frozen_from_ns']), int(r['frozen_to_ns']), r['kind']) for r in w.rows('victims')))
            if w not in (self.written[0], self.written[1]):
                return
            holds = {(int(r['start_ns']), int(r['end_ns']), 'CPU ' + r['cpu'], int(r['event_ns'])) + tuple(int(r[k]) for k in BOUNDS)
                     for r in w.rows('holds')}
            drawn = {(s[2], s[3], s[0], s[4]['event_ns']) + tuple(s[4][k] for k in BOUNDS) for s in w.slices('lru_lock held')}
            self.assertLessEqual(drawn, holds)
            self.assertTrue(drawn or not w.rows('csv') or w.rows('csv')[0]['cause'] != 'lru_lock_hold')
        BOUNDS = ('start_earliest_ns', 'start_latest_ns', 'end_earliest_ns', 'end_latest_ns')
        self.each(check)

    def test_every_switch_that_trace_cmd_reads_is_there_once(self):
        def check(w):
            if w.name.startswith(('two-buffers', 'amd64-5.10-two-buffers')) or w.ran.returncode:
                return
            switches = Counter((e.timestamp, cpu, e.sched_switch.prev_pid, e.sched_switch.next_pid)
                               for cpu, e in w.ftrace if e.HasField('sched_switch'))
            self.assertEqual(switches, decoded_switches(w.recording))
        self.each(check)

    def test_the_report_is_the_same_without_it(self):
        w = self.written[0]
        alone = subprocess.run([PROGRAM, 'analyze', w.recording], capture_output=True)
        self.assertEqual(alone.stdout, w.ran.stdout)

    def test_counters_only_grow(self):
        def check(w):
            last = Counter()
            for _, _, e in w.events:
                if e.type == COUNTER:
                    self.assertGreaterEqual(e.counter_value, last[e.track_uuid])
                    last[e.track_uuid] = e.counter_value
        self.each(check)

    def test_a_part_of_it_is_what_lies_in_that_part(self):
        w = self.written[0]
        times = sorted(e.timestamp for _, e in w.ftrace)
        lo, hi = times[len(times) // 3], times[2 * len(times) // 3]
        place = os.path.join(scratch.name, 'part')
        os.mkdir(place)
        part = Written(w.recording, place, '--from', '%.9f' % (lo / 1e9), '--to', '%.9f' % (hi / 1e9))
        self.assertEqual(len(part.ftrace), sum(lo <= t <= hi for t in times))


@unittest.skipIf(SCENES == '-', 'only recordings')
class Scenes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not hasattr(Recordings, 'scene'):
            Recordings.setUpClass()
        cls.scene = Recordings.scene

    def clock(self, scene):
        packets = self.scene[scene].trace.packet
        snapshot = next(p.clock_snapshot for p in packets if p.HasField('clock_snapshot'))
        bundles = {(b.ftrace_clock, b.ftrace_timestamp, b.boot_timestamp) for b in (p.ftrace_events for p in packets if p.HasField('ftrace_events'))}
        self.assertEqual(len(bundles), 1)
        self.assertEqual(len({c.timestamp for c in snapshot.clocks}), 1)
        return snapshot.primary_trace_clock, {c.clock_id for c in snapshot.clocks}, bundles.pop()

    def test_each_clock_is_declared_so_that_times_stay_what_they_are(self):
        self.assertEqual(self.clock('clock-boot'), (6, {6}, (0, 0, 0)))
        self.assertEqual(self.clock('clock-mono'), (3, {3, 6}, (0, 0, 0)))
        self.assertEqual(self.clock('clock-mono_raw'), (5, {5}, (4, 0, 0)))
        for name, ftrace in (('local', 3), ('perf', 3), ('global', 2), ('tai', 2), ('moved', 2)):
            with self.subTest(clock=name):
                primary, clocks, (clock, here, boot) = self.clock('clock-' + name)
                self.assertEqual((primary, clocks, clock), (6, {6}, ftrace))
                self.assertEqual(here, boot)
                self.assertGreater(here, 0)

    def test_names_that_are_no_text_become_text(self):
        w = self.scene['names']
        comms = {e.sched_switch.next_comm for _, e in w.ftrace if e.HasField('sched_switch')}
        self.assertLessEqual({'\ufffd' * 4, "=cmd|'/C calc'!", '<script>alert()', '\u30ab\ufffd\ufffd'}, comms)
        self.assertIn('\ufffd' * 4 + ' 900', {s[0] for s in w.slices('Frozen tasks')})
        self.assertIn('\ufffd' * 4 + ' 900', {s[0] for s in w.slices('Reclaim')})

    def reclaims(self, scene, pid):
        return [(s[1], (s[2] - 100 * 10**9) / 1e6, (s[3] - 100 * 10**9) / 1e6, s[4].get('end'), s[4].get('nr_reclaimed'))
                for s in self.scene[scene].slices('Reclaim') if s[0].endswith(' %d' % pid)]

    def test_reclaim_lasts_from_its_begin_to_its_end_or_says_that_there_was_none(self):
        lost = 'not recorded'
        self.assertEqual(self.reclaims('reclaim', 700), [])
        self.assertEqual(self.reclaims('reclaim', 701), [('direct reclaim', 2, 3, lost, None), ('direct reclaim', 3, 5, None, 11)])
        self.assertEqual(self.reclaims('reclaim', 702), [('memcg soft limit reclaim', 7, 8, None, 1), ('memcg reclaim', 6, 9, None, 2)])
        self.assertEqual(self.reclaims('reclaim', 703), [('memcg soft limit reclaim', 11, 12, lost, None), ('memcg reclaim', 10, 12, None, 3)])
        self.assertEqual(self.reclaims('reclaim', 704), [('kswapd awake', 13, 15, None, None)])
        (name, begin, _, end, _), = self.reclaims('reclaim', 705)
        self.assertEqual((name, begin, end), ('direct reclaim', 4000, lost))

    def test_an_end_without_a_begin_and_a_second_wake_are_marks(self):
        w = self.scene['reclaim']
        marks = {(w.tracks[e.track_uuid].name.split()[-1], e.name) for _, _, e in w.events if e.type == INSTANT}
        self.assertEqual(marks, {('700', 'direct reclaim'), ('704', 'woken again')})

    def test_a_flood_of_reclaiming_tasks_is_told_whole(self):
        self.assertEqual(len({s[0] for s in self.scene['flood'].slices('Reclaim')}), 20000)

    def test_stalls_at_the_same_time_are_on_tracks_of_the_same_name(self):
        w = self.scene['overlap']
        self.assertGreater(len(w.rows('csv')), 1)
        tracks = [t for t in w.tracks.values() if t.name == 'Stalls']
        self.assertEqual(len(tracks), 2)
        self.assertEqual(len({(t.parent_uuid, t.sibling_order_rank) for t in tracks}), 1)

    def test_losses_are_drawn_on_their_cpu_and_marked_in_the_bundle_behind(self):
        w = self.scene['losses']
        lost = w.slices('Records lost')
        self.assertEqual(sorted(s[0] for s in lost), ['CPU 2', 'CPU 3', 'CPU 3'])
        self.assertEqual({s[4].get('records') for s in lost if s[0] == 'CPU 3'}, {42, None})
        self.assertEqual(sum(p.ftrace_events.lost_events for p in w.trace.packet), 3)
        (reclaim,) = [s for s in w.slices('Reclaim') if s[0].endswith(' 706')]
        self.assertIn('lost', reclaim[4]['records'])

    def test_what_two_buffers_recorded_is_there_once(self):
        def count(scene):
            w = self.scene[scene]
            return Counter(e.WhichOneof('event') for _, e in w.ftrace), sum(e.type == COUNTER for _, _, e in w.events)
        self.assertEqual(count('two-buffers'), count('clock-mono'))

    def states(self, scene):
        return {e.sched_switch.prev_state for _, e in self.scene[scene].ftrace if e.HasField('sched_switch')}

    def test_states_are_those_that_a_reader_expects_of_the_kernel_it_is_told_of(self):
        release = {s: next(p.system_info.utsname.release for p in self.scene[s].trace.packet if p.HasField('system_info'))
                   for s in ('clock-mono', 'no-release', 'old-kernel')}
        self.assertEqual(release, {'clock-mono': '5.15.0', 'no-release': '', 'old-kernel': '4.15.0'})
        self.assertIn(1, self.states('clock-mono'))
        self.assertEqual({0x800 if s == 0x100 else s for s in self.states('clock-mono')}, self.states('no-release'))
        self.assertLessEqual(self.states('old-kernel'), {0, 1, 2, 0x100})      # its shift is undone

    def test_an_empty_recording_has_a_head_and_nothing_else(self):
        w = self.scene['empty']
        self.assertEqual((len(w.trace.packet), w.events, w.ftrace), (3, [], []))


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
