#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test_judges.py - do score.py and metamorph.py tell right answers from wrong ones?"""
import contextlib
import io
import unittest

import metamorph
import score


def missed(said):
    with contextlib.redirect_stdout(io.StringIO()):
        return score.report_chances(said)


class Chances(unittest.TestCase):
    def test_no_chance_column_is_no_table(self):
        self.assertEqual(list(score.chance_rows([])), [])

    def test_as_many_wrong_as_the_chances_say_is_met(self):
        self.assertEqual(missed([(0.05, i % 20 != 0) for i in range(400)]), 0)

    def test_more_wrong_than_the_chances_say_is_missed(self):
        self.assertEqual(missed([(0.01, i % 10 != 0) for i in range(400)]), 1)

    def test_one_wrong_of_what_could_not_be_chance_is_missed(self):
        self.assertEqual(missed([(1e-6, i != 0) for i in range(1000)]), 1)

    def test_one_wrong_of_a_few_may_be_an_accident(self):
        self.assertEqual(missed([(0.05, i != 0) for i in range(10)]), 0)

    def test_an_exact_chance_belongs_to_the_range_that_ends_there(self):
        self.assertEqual([row[:2] for row in score.chance_rows([(0.01, True), (0.0, True), (1.0, False)])],
                         [(1e-6, 1), (0.01, 1), (1.0, 1)])


STALL = {'start_ns': '1000000000', 'end_ns': '2000000000', 'event_ns': '1999999000', 'duration_ns': '1000000000',
         'cause': 'lru_lock_hold', 'cause_pid': '68', 'cause_cpu': '0', 'cause_comm': 'kswapd0', 'cpus_total': '4'}
HOLD = {'cpu': '0', 'pid': '68', 'comm': 'kswapd0', 'event_ns': '1999999000', 'start_ns': '1000000000', 'end_ns': '2000000000',
        'start_earliest_ns': '999000000', 'start_latest_ns': '1001000000', 'end_earliest_ns': '1999999000',
        'end_latest_ns': '2000100000'}
VICTIM = {'start_ns': '1000000000', 'comm': 'camera', 'pid': '300', 'cpu': '1', 'kind': 'spinning', 'confidence': 'high'}


def said(**changes):
    """One stall, one hold, one victim, with what is changed in them: csv=, victims=, holds=."""
    return {k: [dict(row, **changes.get(k, {}))] for k, row in (('csv', STALL), ('victims', VICTIM), ('holds', HOLD))}


def different(change, new):
    return list(metamorph.differences(change, said(), new, 4))


def other(new):
    return list(metamorph.others(said(), new))


class OtherWords(unittest.TestCase):
    def test_the_same_is_the_same(self):
        self.assertEqual(different('copy', said()), [])

    def test_another_name_pid_and_cpu_are_the_same_in_these_words_only(self):
        for change, new in (('names', said(victims={'comm': 'pnzren'})), ('pids', said(victims={'pid': '999700'})),
                            ('cpus', said(victims={'cpu': '2'}))):
            rest = [d for d in different(change, new) if 'victims' in d]
            self.assertEqual(rest, [])
            self.assertNotEqual(different('copy', new), [])

    def test_a_stamp_of_the_other_buffer_is_near_and_no_other_is(self):
        later = said(holds={'end_latest_ns': '2000100200'})
        self.assertEqual(different('twice', later), [])
        self.assertNotEqual(different('shift', later), [])

    def test_a_victim_missing_is_a_difference(self):
        self.assertNotEqual(different('noise', dict(said(), victims=[])), [])


class Less(unittest.TestCase):
    def test_nothing_and_wider_bounds_are_right(self):
        self.assertEqual(other(dict(said(), csv=[], victims=[], holds=[])), [])
        self.assertEqual(other(said(holds={'start_earliest_ns': '900000000', 'end_latest_ns': '2100000000'})), [])

    def test_narrower_bounds_are_told(self):
        self.assertEqual(len(other(said(holds={'start_earliest_ns': '1000500000'}))), 1)
        self.assertEqual(len(other(said(holds={'end_latest_ns': '2000010000'}))), 1)

    def test_another_culprit_victim_and_stall_are_told(self):
        self.assertEqual(len(other(said(csv={'cause_pid': '69'}))), 1)
        self.assertEqual(len(other(said(victims={'pid': '301'}))), 1)
        far = {'start_ns': '5000000000', 'end_ns': '6000000000', 'event_ns': ''}
        self.assertEqual(len(other(dict(said(csv=far), victims=[], holds=[]))), 1)

    def test_a_stall_that_lost_its_event_keeps_its_victims(self):
        self.assertEqual(other(dict(said(csv={'cause': 'unexplained', 'event_ns': '', 'cause_pid': ''}), holds=[])), [])


if __name__ == '__main__':
    unittest.main()
