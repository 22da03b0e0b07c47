// `merf prompt --serve` as the editor's preview uses it: a child process, JSON lines both ways.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { PromptAnswer, type PromptQuestion } from '../../src/spec/prompt_view.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const path = `${root}examples/knights_and_knaves.merf`;
const text = readFileSync(path, 'utf8').replace(/train: \d+, test: \d+/, 'train: 30, test: 10');

let child: ChildProcess;
const answers: PromptAnswer[] = [];
let came = () => {};

function ask(question: Partial<PromptQuestion> & { id: number }): void {
  const whole = { text, path, arm: null, other: null, split: 'train', row: 0, ...question };
  child.stdin?.write(`${JSON.stringify(whole)}\n`);
}

async function answerTo(id: number): Promise<PromptAnswer> {
  for (;;) {
    const found = answers.find((answer) => answer.id === id);
    if (found) return found;
    await new Promise<void>((resolve) => {
      came = resolve;
    });
  }
}

describe('merf prompt --serve', function () {
  this.timeout(60_000);

  before(() => {
    child = spawn(process.execPath, ['--import=tsx', `${root}src/cli/main.ts`, 'prompt', '--serve'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      cwd: root,
    });
    assert.ok(child.stdout);
    createInterface({ input: child.stdout }).on('line', (line) => {
      answers.push(PromptAnswer.parse(JSON.parse(line)));
      came();
    });
  });
  after(() => child.kill());

  it('answers with the messages, the motivation marked and its tokens counted', async () => {
    ask({ id: 1, arm: 'merf', other: 'rlvr', row: 3 });
    const answer = await answerTo(1);
    assert.ok(answer.kind === 'prompt', JSON.stringify(answer));
    assert.deepEqual(answer.rows, { train: 30, test: 10 });
    assert.equal(answer.row, 3);
    const marked = answer.shown.messages.flatMap(({ parts }) => parts).filter(({ motivation }) => motivation);
    assert.equal(marked.length, 1);
    assert.match(marked[0]?.text ?? '', /\+2/);
    assert.ok(answer.other && answer.shown.tokens && answer.other.tokens);
    assert.equal(answer.other.tokens.motivation, 0);
    assert.equal(answer.shown.tokens.all - answer.shown.tokens.motivation, answer.other.tokens.all);
    assert.ok(answer.shown.tokens.motivation > 20);
    assert.ok(answer.other.messages.every(({ parts }) => parts.every(({ motivation }) => !motivation)));
  });

  it('takes the first arm for one that is not there, and the last row for one beyond it', async () => {
    ask({ id: 2, arm: 'gone', other: 'gone', split: 'test', row: 1000 });
    const answer = await answerTo(2);
    assert.ok(answer.kind === 'prompt');
    assert.deepEqual(
      [answer.shown.arm, answer.other, answer.split, answer.row],
      [answer.arms[0]?.name, null, 'test', 9],
    );
  });

  it('says where the text is wrong, and why tokens are not counted', async () => {
    ask({ id: 3, text: text.replace('exactly(', 'exctly(') });
    const wrong = await answerTo(3);
    assert.ok(wrong.kind === 'trouble' && wrong.message.includes('exctly') && wrong.line !== null && wrong.line > 5);
    ask({ id: 4, text: text.replace(/model .*/, 'model "no/such-model"') });
    const unknown = await answerTo(4);
    assert.ok(unknown.kind === 'prompt');
    assert.equal(unknown.shown.tokens, null);
    assert.match(unknown.shown.noTokens ?? '', /no\/such-model/);
  });

  it('answers only the newest of questions that come together, and survives what is no question', async () => {
    child.stdin?.write('nonsense\n{"id":5}\n\n');
    for (let id = 10; id <= 20; id++) ask({ id, row: id });
    const last = await answerTo(20);
    assert.ok(last.kind === 'prompt' && last.row === 20);
    const answered = answers.filter(({ id }) => id >= 10).map(({ id }) => id);
    assert.ok(answered.length < 11, `all of ${answered.join(', ')} were answered`);
  });

  it('ends when the input ends', async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin?.end();
    assert.equal(await ended, 0);
  });
});
