#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""gfp.py - does vmstall gfp find who allocates in the wrong context, count it right, and accuse nobody else?

usage: gfp.py --vmstall PROGRAM RECORDING.dat...

What is true of NAME.dat stands beside it: in NAME.gfp.csv; or in BASE.truth.txt, how often the module's cma_table_grow
called kmalloc(GFP_KERNEL) under a spinlock in the recordings BASE-kmem.dat and BASE-kmem-stack.dat, by its own counter.
In a recording with neither nothing is wrong: nothing may be said with more than low confidence.
Exit status 1 when something is not as it should be.
"""
import os
import re

from leaks import EDGE, TOLERANCE, Check, answer_of, grown, judge, part_of, read_csv, truth_file


def truth_of(recording):
    beside = recording[:-len('.dat')] + '.gfp.csv'
    if os.path.exists(beside):
        return read_csv(beside)
    text = truth_file(recording)
    if not text:
        return []
    calls = grown(part_of(text, recording), r'kmalloc_under_spinlock.*?=(\d+)')
    comm = re.search(r'cmaeventd', text).group()
    return [dict(function='cma_table_grow', context='preempt_off', event='kmalloc', gfp_flags='GFP_KERNEL', comms=comm,
                 severity='certain', confidence='high', least=calls, most=calls + EDGE)]


def check_recording(program, recording):
    check, rows, truth = Check(recording), answer_of(program, 'gfp', recording), truth_of(recording)
    for row, t in zip(rows, truth):
        check.expect(row['site_function'] == t['function'], '%s comes before %s', row['site_function'], t['function'])
        for column in ('context', 'event', 'gfp_flags', 'comms', 'severity', 'confidence'):
            check.expect(row[column] == t[column], '%s: %s %s', t['function'], column, row[column])
        check.expect(int(t['least']) * (1 - TOLERANCE) <= int(row['count']) <= int(t['most']) * (1 + TOLERANCE),
                     '%s: %s calls, in truth %d to %d', t['function'], row['count'], t['least'], t['most'])
    check.expect(len(rows) >= len(truth), 'not found: %s', truth)
    for row in rows[len(truth):]:
        check.expect(row['confidence'] == 'low', 'falsely accused: %s in %s', row['site_function'], row['context'])
    if not check.failed:
        print('%s: %d of %d found, nobody falsely accused' % (check.name, len(truth), len(truth)))
    return not check.failed


if __name__ == '__main__':
    judge(__doc__, check_recording)
