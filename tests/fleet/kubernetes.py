#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""kubernetes.py - are the manifests of samples/k8s YAML, and do their commands do what one machine does?

There is no cluster here: each container's command is run as its pod would, with the variables an Indexed Job sets.
"""
import os
import subprocess

import yaml

import fleet

SAMPLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../samples/k8s')


def load(name):
    with open(os.path.join(SAMPLES, name), encoding='utf-8') as f:
        [job] = yaml.safe_load_all(f)
    return job


class Manifests(fleet.Fleet):
    def run_container(self, job, **variables):
        [container] = job['spec']['template']['spec']['containers']
        env = {e['name']: e['value'] for e in container['env']}
        for name in ('RECORDINGS', 'RESULTS'):
            if name in env:
                self.assertIn(env[name], [m['mountPath'] for m in container['volumeMounts']])
                env[name] = self.path(env[name].strip('/'))
        env.update(variables, PATH=os.path.dirname(fleet.PROGRAM) + ':' + os.environ['PATH'], LSAN_OPTIONS=os.environ.get('LSAN_OPTIONS', ''))
        ran = subprocess.run(container['command'], env=env, cwd='/', capture_output=True, text=True)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout

    def test_the_pods_and_the_merge_find_what_one_machine_does(self):
        for i in range(12):
            self.recording('recordings/car%d/%d.dat' % (i % 4, i), i)
        self.file('recordings/text.dat', b'not a recording')
        os.mkdir(self.path('results'))
        batch = load('batch.yaml')
        for index in range(batch['spec']['completions']):
            self.run_container(batch, JOB_COMPLETION_INDEX=str(index))
        self.assertIn('13 recordings', self.run_container(load('merge.yaml')))
        self.batch('-q', '--db', 'one.sqlite', self.path('recordings'), status=4)
        self.assertEqual(self.dump('results/fleet.sqlite'), self.dump('one.sqlite'))
        self.assertEqual(len([n for n in os.listdir(self.path('results')) if n.startswith('part-') and n.endswith('.sqlite')]), 8)

    def test_every_pod_is_told_how_many_there_are(self):
        spec = load('batch.yaml')['spec']
        [container] = spec['template']['spec']['containers']
        self.assertEqual((spec['completionMode'], spec['parallelism']), ('Indexed', spec['completions']))
        self.assertIn({'name': 'JOB_COMPLETION_COUNT', 'value': str(spec['completions'])}, container['env'])

    def test_what_is_mounted_is_a_volume_and_claims_are_shared(self):
        claims = {}
        for name in ('batch.yaml', 'merge.yaml'):
            spec = load(name)['spec']['template']['spec']
            volumes = {v['name']: v['persistentVolumeClaim']['claimName'] for v in spec['volumes']}
            self.assertEqual({m['name'] for c in spec['containers'] for m in c['volumeMounts']}, set(volumes))
            claims[name] = volumes['results']
        self.assertEqual(claims['batch.yaml'], claims['merge.yaml'])


if __name__ == '__main__':
    fleet.main()
