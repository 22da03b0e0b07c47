import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { checkText } from '../../src/language/check.ts';
import { merf, merfCommand, ROOT, SMALL, temporaryFolder } from './merf.ts';

const LOOSE = SMALL.replace('exactly(think, answer)', 'once_in_order(think, answer)');

describe('merf probe', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  it('shows what is earned, then each finding at its place with its response and what to do', () => {
    const file = folder.write('loose.merf', LOOSE);
    const { status, stdout, stderr } = merf(['probe', file, '--budget', '6000']);
    assert.deepEqual([status, stderr], [0, '']);
    assert.match(stdout, /^.*loose\.merf: \d+ responses on 6 rows, seed 1\n/);
    assert.match(
      stdout,
      /\n {7}\+3 {3}100 % {2}a right answer\n {5}-0\.5 {5}0 % {2}a wrong answer in the clean form\n/,
    );
    const line = LOOSE.split('\n').findIndex((each) => each.includes('once_in_order')) + 1;
    assert.match(
      stdout,
      new RegExp(
        `loose\\.merf:${line}:5 warning empty_reasoning\\n {2}A right answer whose reasoning is empty earns \\+3, as much as a clean one\\.\\n {2}> <think></think><answer>.*\\n {2}Ask for some`,
      ),
    );
    assert.match(stdout, /warning text_between\n.*\n.*\n {2}Ask for `exactly\(think, answer\)`/);
    assert.match(stdout, /remark invisible_characters\n.*\n {2}> .*\\u\{[0-9a-f]+\}/);
  });

  it('prints JSON whose ranges are in the file and whose examples pass in it', async () => {
    const file = folder.write('loose.merf', LOOSE);
    const report = JSON.parse(merf(['probe', file, '--budget', '6000', '--format', 'json']).stdout);
    assert.ok(report.findings.length > 10);
    const lines = LOOSE.split('\n');
    let text = LOOSE;
    for (const { range, place, example, response, reward, kind } of report.findings) {
      assert.deepEqual(range.start, { line: place.line, character: place.column });
      const written = lines[range.end.line] ?? '';
      assert.equal(written.slice(range.start.character, range.end.character), written.trim());
      assert.ok(typeof response === 'string' && typeof reward === 'number' && typeof kind === 'string');
      assert.match(example, /^example "/);
      text += `\n${example}`;
    }
    assert.deepEqual((await checkText(text)).diagnostics, []);
    const { stdout } = merf(['test', folder.write('with.merf', text)]);
    assert.equal(stdout, `${report.findings.length} examples: ${report.findings.length} passed, 0 failed.\n`);
  });

  it('finds the same with the same seed', () => {
    const file = folder.write('loose.merf', LOOSE);
    const once = merf(['probe', file, '--budget', '3000', '--seed', '7', '--format', 'json']).stdout;
    assert.equal(merf(['probe', file, '--budget', '3000', '--seed', '7', '--format', 'json']).stdout, once);
    assert.equal(JSON.parse(once).seed, 7);
  });

  it('gives what was found when it is interrupted', async function () {
    if (process.platform === 'win32') this.skip();
    const file = folder.write('loose.merf', LOOSE);
    const [node = '', ...rest] = merfCommand();
    const child = spawn(node, [...rest, 'probe', file, '--budget', '900000000', '--format', 'json'], { cwd: ROOT });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk;
    });
    const timer = setTimeout(() => child.kill('SIGINT'), 7000);
    const [code] = await once(child, 'exit');
    clearTimeout(timer);
    assert.equal(code, 0);
    const report = JSON.parse(output);
    assert.equal(report.isPartial, true);
    assert.equal(report.summary.right.reward, 3);
  });

  it('says what is wrong with the file or an option', () => {
    const broken = merf(['probe', folder.write('broken.merf', 'experiment')]);
    assert.equal(broken.status, 1);
    assert.match(broken.stderr, /broken\.merf has .*error/);
    assert.match(
      merf(['probe', folder.write('a.merf', SMALL), '--rows', 'x']).stderr,
      /--rows cannot be x\. Give a whole number/,
    );
  });
});
