// What stands around the panels, apart from VS Code: the groups of the Runs view, the curve beside a case, a model put
// into a file, what is said once of all windows, the text of a new file, the files of a package.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineFiles, TARGETS } from '../../scripts/package.ts';
import { caseCurve, imageAddress } from '../../src/extension/editor/case_curve.ts';
import { run } from '../../src/extension/merf_command.ts';
import { nameFrom, runOfCheckpoint, useModel } from '../../src/extension/models/use_model.ts';
import { Once } from '../../src/extension/once.ts';
import { meanReward, RunGroups } from '../../src/extension/runs/run_groups.ts';
import { metrics, record } from '../run/runs.ts';

const known = (folder: string, arm: string, step: number, experiment = 'small') => ({
  folder,
  record: record({ id: folder, arm, step, experiment, created: step }),
  written: step,
  sign: null,
  lines: [metrics(step, { reward: step })],
});

describe('the groups of the Runs view', () => {
  it('are experiments, their arms, and the newest run first', () => {
    const groups = new RunGroups();
    assert.equal(groups.update([known('a', 'merf', 1), known('b', 'merf', 3), known('c', 'rlvr', 2, 'other')]), null);
    const shown = groups.experiments.map(({ name, arms }) => [
      name,
      arms.map(({ arm, runs }) => [arm, runs.map(({ run: one }) => one.folder)]),
    ]);
    assert.deepEqual(shown, [
      ['small', [['merf', ['b', 'a']]]],
      ['other', [['rlvr', ['c']]]],
    ]);
    assert.equal(meanReward(groups.experiments[0]?.arms[0]?.runs ?? []), 2);
    assert.equal(meanReward([]), null);
  });

  it('draw again what has changed and nothing else, with five hundred runs', () => {
    const many = Array.from({ length: 500 }, (_, i) => known(`run-${i}`, `arm-${i % 10}`, 5));
    const groups = new RunGroups();
    groups.update(many);
    assert.deepEqual(groups.update(many.map((one) => ({ ...one }))), []);
    const before = groups.find('run-7');
    const news = groups.update(many.map((one, i) => (i === 7 ? known('run-7', 'arm-7', 6) : one)));
    assert.deepEqual(
      news?.map((node) => (node.kind === 'arm' ? node.arm : node.run.folder)),
      ['arm-7', 'run-7'],
    );
    assert.equal(groups.find('run-7'), before);
    assert.equal(before?.run.record.step, 6);
    assert.ok(before);
    const arm = groups.parentOf(before);
    assert.ok(arm?.kind === 'arm' && arm.arm === 'arm-7');
    assert.equal(groups.parentOf(arm)?.kind, 'experiment');
  });
});

describe('the curve beside a case', () => {
  it('is an image of its own in the colours of each ground, and none of a single step', () => {
    const [light, dark] = [caseCurve([0, 0.5, 1], 'light'), caseCurve([0, 0.5, 1], 'dark')];
    assert.ok(light && dark && light !== dark);
    assert.match(light, /points="1\.5,12\.5 24\.0,7\.0 46\.5,1\.5"/);
    assert.equal(caseCurve([0.3], 'light'), null);
    assert.match(imageAddress(light), /^data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+$/);
  });
});

describe('a model used in a file', () => {
  const used = (text: string, model: string) => {
    const { from, to, by } = useModel(text, model);
    return text.slice(0, from) + by + text.slice(to);
  };

  it('takes the place of the one that the plan names', () => {
    const text = 'arm a {\n  train { model "x/y" }\n}\ntrain {\n  steps 3  model "old/one"  group 2\n}\n';
    assert.equal(used(text, 'new/one'), text.replace('"old/one"', '"new/one"'));
    assert.equal(used('train { model bundled:tiny }', 'a/b'), 'train { model "a/b" }');
    assert.equal(used('train { model "a/b" }', 'bundled:tiny'), 'train { model bundled:tiny }');
  });

  it('comes into a plan that names none, or with a plan of its own', () => {
    assert.equal(used('train {\n  steps 3\n}\n', 'a/b'), 'train {\n  model "a/b"\n  steps 3\n}\n');
    assert.equal(used('experiment x\n', 'a/b'), 'experiment x\n\ntrain {\n  model "a/b"\n}\n');
  });

  it('is named from the file where it lies below, and by its run', () => {
    assert.equal(
      nameFrom('/w/a.merf', '/w/.merf/runs/r/checkpoints/step-000002'),
      '.merf/runs/r/checkpoints/step-000002',
    );
    assert.equal(nameFrom('/w/deep/a.merf', '/w/m'), '/w/m');
    assert.equal(runOfCheckpoint('/w/.merf/runs/r/checkpoints/step-000002'), 'r');
    assert.equal(runOfCheckpoint('/models/tiny'), null);
  });
});

describe('what is said once', () => {
  it('is said by the first window that asks, and forgotten after a month', () => {
    const folder = mkdtempSync(join(tmpdir(), 'merf-once-'));
    try {
      const [one, other] = [new Once(join(folder, 'said')), new Once(join(folder, 'said'))];
      assert.deepEqual(
        [one.first('a'), other.first('a'), other.first('b'), one.first('b')],
        [true, false, true, false],
      );
      one.tidy();
      assert.equal(one.first('a'), false);
      one.tidy(Date.now() + 31 * 24 * 3600 * 1000);
      assert.equal(other.first('a'), true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('what comes with the extension', () => {
  it('is a new file without a fault', async () => {
    const output = await run(
      { node: process.execPath, script: 'dist/merf.mjs' },
      ['check', 'media/new.merf', '--format', 'json'],
      '.',
    );
    assert.match(output, /"errors": 0,\s+"warnings": 0/);
    assert.match(readFileSync('media/new.merf', 'utf8'), /^experiment my_experiment$/m);
  }).timeout(60_000);

  it('are the binaries of one platform, each once', () => {
    for (const target of TARGETS) {
      const files = engineFiles(target);
      if (target === 'darwin-x64')
        assert.deepEqual(files, []); // onnxruntime-node ships none
      else
        assert.ok(
          files.some((file) => file.endsWith('onnxruntime_binding.node')),
          target,
        );
      assert.ok(files.every((file) => existsSync(file) && file.includes(`/${target.replace('-', '/')}/`)));
    }
    assert.deepEqual(engineFiles('darwin-arm64').filter((file) => file.endsWith('.dylib')).length, 1);
  });
});
