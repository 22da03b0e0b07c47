// What the extension reads off a text and off the `merf` command, apart from VS Code.

import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armAt } from '../../src/extension/editor/arm_at.ts';
import { readReport, TestReport } from '../../src/extension/editor/reports.ts';
import { type MerfCommand, run } from '../../src/extension/merf_command.ts';
import { isKeyName, keyNames } from '../../src/extension/models/key_names.ts';
import { PromptChild } from '../../src/extension/panels/prompt_child.ts';
import type { PromptAnswer } from '../../src/spec/prompt_view.ts';

const root = new URL('../../', import.meta.url).pathname;
const file = join(root, 'examples/knights_and_knaves.merf');
const text = readFileSync(file, 'utf8');
const command: MerfCommand = { node: process.execPath, script: join(root, 'dist/merf.mjs') };

describe('what the extension reads', function () {
  this.timeout(60_000);

  it('the arm that a line is about', () => {
    const arms = [
      { name: 'rlvr', motivation: null },
      { name: 'merf', motivation: 'full' },
    ];
    const at = (words: string) => armAt(text, text.slice(0, text.indexOf(words)).split('\n').length - 1, arms);
    assert.equal(at('arm merf'), 'merf');
    assert.equal(at('{rules}'), 'merf');
    assert.equal(at('rule format'), null);
    assert.equal(armAt('arm broken {\n  motivation none\n  trai', 2, []), 'broken');
    assert.equal(armAt('', 10, []), null);
  });

  it('names of keys, and none that decides what a process runs', () => {
    assert.deepEqual(keyNames('judge a { key "OPENAI_API_KEY" }\njudge b { key "HF_TOKEN" key "PATH" key "x" }'), [
      'OPENAI_API_KEY',
      'HF_TOKEN',
    ]);
    for (const name of ['PATH', 'NODE_OPTIONS', 'LD_PRELOAD', 'API KEY', 'api_key', '', 'KEY=1']) {
      assert.ok(!isKeyName(name), name);
    }
  });

  it('what merf test prints, a failure with what was expected and what came', async () => {
    const broken = join(tmpdir(), `merf-failing-${process.pid}.merf`);
    writeFileSync(broken, text.replace(/expect .*/, 'expect reward 2.5, format +1'));
    try {
      const output = await run(command, ['test', broken, '--format', 'json'], root, { accepts: [0, 1] });
      const [found] = readReport(TestReport, output).files;
      const [example] = found?.examples ?? [];
      assert.equal(example?.status, 'failed');
      const failed = example.judgements.filter(({ passed }) => !passed);
      assert.deepEqual(
        failed.map(({ rule, expected }) => [rule, expected]),
        [[null, 2.5]],
      );
    } finally {
      rmSync(broken);
    }
    assert.throws(() => readReport(TestReport, 'not JSON'), /not JSON/);
    assert.throws(() => readReport(TestReport, '{"files":1}'), /unexpected/);
  });

  it('hands a child its variables, and takes an exit code for an answer only when asked to', async () => {
    const node = { ...command, script: '-e', variables: { SOME_KEY: 'secret' } };
    assert.equal(await run(node, ['console.log(process.env.SOME_KEY)'], root), 'secret\n');
    await assert.rejects(run(node, ['console.log(1); process.exit(1)'], root), /ended with 1/);
    assert.equal(await run(node, ['console.log(1); process.exit(1)'], root, { accepts: [0, 1] }), '1\n');
    const echo = 'process.stdin.pipe(process.stdout)';
    assert.equal(await run(node, [echo], root, { input: 'handed over' }), 'handed over');
  });

  it('prompts from a child that is started again when it has ended', async () => {
    let settle = (_: PromptAnswer): void => {};
    let starts = { ...command, script: join(root, 'no/such/script.mjs') };
    const child = new PromptChild(
      () => starts,
      (answer) => settle(answer),
    );
    const ask = () =>
      new Promise<PromptAnswer>((resolve) => {
        settle = resolve;
        child.ask({ text, path: file, arm: 'merf', other: null, split: 'train', row: 0 });
      });
    const ended = await ask();
    assert.ok(ended.kind === 'trouble' && ended.message.includes('no/such/script'), JSON.stringify(ended));
    starts = command;
    const answer = await ask();
    assert.ok(answer.kind === 'prompt' && answer.shown.arm === 'merf');
    child.dispose();
  });
});
