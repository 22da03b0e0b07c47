import assert from 'node:assert/strict';
import { checkText } from '../../src/language/check.ts';
import { RunWriter } from '../../src/run/write.ts';
import { record, rollout } from '../run/runs.ts';
import { merf, SMALL, temporaryFolder } from './merf.ts';

const row = { names: ['Zoey'], solution: { Zoey: 'knave' }, quiz: 'not read by the rules' };

describe('merf example', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();

  const written = async (): Promise<string> => {
    const { specification } = await checkText(SMALL);
    assert.ok(specification);
    const writer = RunWriter.create(folder.path('run'), record({ specification }));
    const answers = ['<think>…</think><answer>Zoey is a knave.</answer>', 'Zoey\nis a "knave"'];
    const lines = answers.map((response) => ({ ...rollout(3, response), row }));
    writer.writeRollouts({ kind: 'train', step: 3 }, lines);
    writer.writeRollouts({ kind: 'none', step: 3 }, lines.slice(0, 1));
    return folder.path('run');
  };

  it('prints a response of a run as an example that passes in its file', async () => {
    const run = await written();
    const { status, stdout } = merf(['example', run, '--step', '3', '--sample', '1', '--name', 'seen']);
    assert.equal(status, 0);
    assert.equal(
      stdout,
      'example "seen" {\n  row { names: ["Zoey"], solution: { Zoey: "knave" } }\n' +
        '  response """\n    Zoey\n    is a "knave"\n  """\n  expect reward -3, format -1, correctness -2\n}\n',
    );
    const file = folder.write('small.merf', `${SMALL}\n${stdout}`);
    assert.equal(merf(['test', file]).stdout, '1 example: 1 passed, 0 failed.\n');
  });

  it('names itself after the response, also of held-out rows', async () => {
    const { stdout } = merf(['example', await written(), '--step', '3', '--sample', '0', '--held-out', 'none']);
    assert.match(stdout, /^example "step 3, response 0" \{\n/);
    assert.match(stdout, /expect reward 3, format \+1, correctness \+2\n/);
  });

  it('says which steps and responses there are', async () => {
    const run = await written();
    const step = merf(['example', run, '--step', '4', '--sample', '0']);
    assert.deepEqual([step.status, step.stdout], [1, '']);
    assert.match(step.stderr, /no responses of step 4 .* Give another --step: kept are those of step 3\./);
    const sample = merf(['example', run, '--step', '3', '--sample', '2']);
    assert.match(sample.stderr, /Step 3 has no response 2\. Give a number from 0 to 1\./);
  });
});
