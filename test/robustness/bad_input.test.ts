// What is wrong with what a person gives, seen from the terminal: one clear sentence with its remedy, exit code 1, no
// stack, and nothing written.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { openModel, saveModel } from '../../src/model/folder.ts';
import { merfCommand, merf as merfInProject } from '../cli/merf.ts';
import { temporaryFolder } from '../run/runs.ts';
import { letters, merf } from '../training/letters.ts';

describe('bad input', function () {
  this.timeout(60_000);
  const at = temporaryFolder();
  beforeEach(() => letters(at()));

  const edited = (file: string, change: (text: string) => string) => () =>
    writeFileSync(at(`bad/${file}`), change(readFileSync(at(`bad/${file}`), 'utf8')));
  const weights = 'bad/model.safetensors';
  const models: readonly (readonly [string, () => void | Promise<void>, RegExp])[] = [
    [
      'weights that are a Git LFS pointer',
      () => writeFileSync(at(weights), 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n'),
      /is a Git LFS pointer, not the weights\. Fetch them in its repository: git lfs pull\./,
    ],
    [
      'weights that are a folder',
      () => {
        rmSync(at(weights));
        mkdirSync(at(weights));
      },
      /model\.safetensors cannot be read \(EISDIR\)\. Check that it is a file/,
    ],
    [
      'weights that end early',
      () => truncateSync(at(weights), 9000),
      /is damaged: .*Download or copy the file again\./,
    ],
    [
      'weights that are no numbers',
      async () => {
        const { config, weights } = await openModel(at('model'));
        weights.get('model.norm.weight')?.data.fill(Number.NaN, 0, 1);
        saveModel(at('bad'), { config, weights });
      },
      /"model\.norm\.weight" in .* holds values that are not finite numbers\. Download the model again/,
    ],
    [
      'another architecture',
      edited('config.json', (text) => text.replace('Qwen2ForCausalLM', 'MambaForCausalLM')),
      /architecture MambaForCausalLM\. Choose a model of one of these architectures: Qwen2ForCausalLM/,
    ],
    [
      'rotary scaling in its older spelling',
      edited('config.json', (text) => text.replace('{', '{"rope_scaling": {"type": "longrope", "factor": 2},')),
      /rotary scaling "longrope" is not supported/,
    ],
    ['no tokenizer', () => rmSync(at('bad/tokenizer.json')), /tokenizer\.json cannot be read\. Give a folder/],
    [
      'a tokenizer cut off',
      () => truncateSync(at('bad/tokenizer.json'), 3000),
      /tokenizer\.json is not JSON\. Download/,
    ],
  ];
  for (const [what, spoil, sentence] of models) {
    it(`in a model: ${what}`, async () => {
      cpSync(at('model'), at('bad'), { recursive: true });
      await spoil();
      const { code, stdout, stderr } = await merf(at(), 'train', 'letters.merf', '--arm', 'rlvr', '--model', './bad');
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, /^merf: [^\n]+\n$/);
      assert.match(stderr, sentence);
      assert.equal(existsSync(at('.merf')), false);
    });
  }

  it('in a chat template that says nothing fails the run with the remedy', async () => {
    writeFileSync(at('model/chat_template.jinja'), '');
    const { code, stderr } = await merf(at(), 'train', 'letters.merf', '--arm', 'rlvr', '--out', 'run');
    assert.equal(code, 1);
    assert.match(stderr, /^merf: The chat template of .* makes an empty prompt\. Correct its [^\n]+\n$/);
  });

  it('in a run whose run.json is damaged is told, and its neighbours are listed all the same', async () => {
    await merf(at(), 'train', 'letters.merf', '--arm', 'rlvr', '--steps', '1', '--out', '.merf/runs/whole');
    cpSync(at('.merf/runs/whole'), at('.merf/runs/damaged'), { recursive: true });
    truncateSync(at('.merf/runs/damaged/run.json'), 200);
    const listed = await merf(at(), 'runs');
    assert.match(listed.stdout, /^whole {2}finished {2}1\/1\n$/);
    assert.match(listed.stderr, /damaged\/run\.json is damaged: .* begin a run with the last checkpoint: /);
    const { code, stderr } = await merf(at(), 'train', '--resume', 'damaged');
    assert.equal(code, 1);
    assert.match(stderr, /^merf: [^\n]+run\.json is damaged: [^\n]+\n$/);
    writeFileSync(at('.merf/runs/damaged/run.json'), emptied(readFileSync(at('.merf/runs/whole/run.json'), 'utf8')));
    assert.match((await merf(at(), 'train', '--resume', 'damaged')).stderr, /^merf: [^\n]+\(specification: [^\n]+\n$/);
  });

  it('to merf score: lines that are no JSON, rows that lack what rules read, and more of them than anyone reads', () => {
    const example = 'examples/knights_and_knaves.merf';
    const response = '<think>a</think><answer>Zoey is a knave</answer>';
    const good = JSON.stringify({ row: { names: ['Zoey'], solution: { Zoey: 'knave' } }, response });
    const lacking = JSON.stringify({ row: { names: ['Zoey'] }, response });
    const lines = [good, lacking, '[]', ...Array.from({ length: 40 }, () => 'not JSON')];
    const { status, stdout, stderr } = merfInProject(['score', example, '--responses', '-'], lines.join('\n'));
    assert.equal(status, 1);
    assert.match(stdout, /2 scored, mean total 1\.25, full marks 1, 41 lines could not be read\n$/);
    assert.match(stderr, /line 3: It is not a JSON object\. Write /);
    assert.match(stderr, /line 2: The row has no `solution` of its type, which the rules read/);
    assert.match(stderr, /21 more lines could not be read\./);
    assert.equal(stderr.split('\n').length, 23);
  });

  it('as output: a reader that goes, and a full device', function () {
    if (!existsSync('/dev/full')) this.skip();
    const shell = (script: string) =>
      spawnSync('bash', ['-c', script, 'bash', ...merfCommand()], { cwd: at(), encoding: 'utf8' });
    const head = shell('set -o pipefail; "$@" data letters.merf | head -n 1');
    assert.deepEqual([head.status, head.stderr], [0, '']);
    const full = shell('"$@" data letters.merf > /dev/full');
    assert.deepEqual([full.status, full.stderr.startsWith('merf: The output cannot be written (ENOSPC).')], [1, true]);
  });
});

/** A run.json whose specification has lost its parts. */
function emptied(text: string): string {
  const record: unknown = JSON.parse(text);
  return JSON.stringify({ ...(typeof record === 'object' ? record : {}), specification: {} });
}
