// `merf score` with verifiers and judges: invalid responses with their cause, and what must never be written.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endpoint, say } from '../verify/endpoint.ts';
import { merfCommand, type Result } from './merf.ts';

const KEY = 'sk-score-2718281828459045';

const FILE = `experiment asking
task knights_and_knaves
prompt { user "{quiz}" }
response { answer = tag("answer") }
verifier right(code): 0..1 from "./verify.py" timeout 1s
judge helpful(reply): 0..10 {
  endpoint "ENDPOINT" model "judge-1" key "SCORE_KEY" prompt "{reply}" retries 0 price 1, 1
}
reward {
  rule tests "Tests" {
    -1 when answer is none
    (right(answer)) otherwise
  }
  rule style "Style" {
    +1 when tests == 1 and helpful(answer) > 5
    0 otherwise
  }
}
arm rlvr { motivation none }
`;
const SCRIPT = `def right(code):
    if code == "hang":
        while True: pass
    print("noise")
    return code.count("a") / len(code)
`;

describe('merf score with verifiers and judges', () => {
  const server = endpoint();
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'merf-asking-'));
    writeFileSync(join(folder, 'asking.merf'), FILE.replace('ENDPOINT', server.judge().endpoint));
    writeFileSync(join(folder, 'verify.py'), SCRIPT);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function run(
    given: readonly string[],
    responses: readonly string[],
    environment = { SCORE_KEY: KEY },
  ): Promise<Result> {
    const input = responses.map((text) => `${JSON.stringify({ row: {}, response: text })}\n`).join('');
    return command(['score', 'asking.merf', ...given], input, environment);
  }
  function command(words: readonly string[], input: string, environment = { SCORE_KEY: KEY }): Promise<Result> {
    const [node = '', ...rest] = merfCommand();
    const child = spawn(node, [...rest, ...words], {
      cwd: folder,
      env: { ...process.env, ...environment },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString('utf8');
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString('utf8');
    });
    child.stdin.end(input);
    return new Promise((resolve) => child.once('close', (status) => resolve({ status, stdout, stderr })));
  }
  const answers = (...texts: string[]) => texts.map((text) => `<answer>${text}</answer>`);
  const scoring = ['--responses', '-'];

  it('tells after examples, too, what the judges were asked and what it cost', async () => {
    const example = 'example "kind" { row {} response "<answer>aa</answer>" expect style +1 }\n';
    const text = FILE.replace('ENDPOINT', server.judge().endpoint) + example;
    writeFileSync(join(folder, 'asking.merf'), text);
    const { status, stdout, stderr } = await command(['test', 'asking.merf'], '');
    assert.deepEqual([status, stdout], [0, '1 example: 1 passed, 0 failed.\n'], stderr);
    assert.match(stderr, /^judge helpful: 1 requests?, 0 answers known before, \d+ \+ \d+ tokens, \$\d+\.\d{4}\n$/);
    assert.ok(!`${stdout}${stderr}`.includes(KEY));
    writeFileSync(join(folder, 'asking.merf'), text.replace('expect', 'given helpful 6 expect'));
    assert.deepEqual((await command(['test', 'asking.merf'], '')).stderr, '');
  });

  it('tells what is invalid with its cause, leaves it out of the mean, and ends with 2', async () => {
    const { status, stdout, stderr } = await run(scoring, [...answers('aa', 'hang', 'ab'), 'nothing']);
    assert.equal(status, 2, stderr);
    assert.match(stdout, /line 1: total \+2\n/);
    assert.match(stdout, /line 2: invalid \(timeout\): `right` did not answer within 1 s\.\n/);
    assert.match(stdout, /3 scored, mean total 0\.5, full marks 1, 1 invalid \(timeout 1\)\n$/);
    assert.match(stderr, /judge helpful: 1 requests, 0 answers known before, 100 \+ 10 tokens, \$0\.0001/);
  });

  it('asks nobody when told not to trust the file', async () => {
    const { status, stdout } = await run(
      [...scoring, '--untrusted', '--format', 'json'],
      [...answers('aa'), 'nothing'],
    );
    const [first, second] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual([status, first.total, first.invalid.cause, second.total], [2, null, 'untrusted', -1]);
    assert.equal(server.requests.length, 0);
  });

  it('serves its answers in the order of the lines, whichever is known first', async () => {
    server.answer = ({ before }, response) => void setTimeout(() => say(response, '{"answer": 9}'), 200 - 50 * before);
    const { stdout } = await run(['--serve'], [...answers('a', 'aa', 'b'), 'nothing', ...answers('aaa')]);
    const totals = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).total);
    assert.deepEqual(totals, [2, 2, 0, -1, 2]);
  });

  it('asks a judge once for the same question, also in a later command', async () => {
    await run(scoring, answers('a', 'aa'));
    const { stderr } = await run(scoring, answers('aa', 'a'));
    assert.equal(server.requests.length, 2);
    assert.match(stderr, /0 requests, 2 answers known before/);
  });

  it('writes the key nowhere, whatever the endpoint does with it', async () => {
    for (const status of [200, 401, 500]) {
      server.answer = ({ authorization }, response) => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(
          JSON.stringify({ error: { message: authorization }, choices: [{ message: { content: authorization } }] }),
        );
      };
      const { stdout, stderr, status: code } = await run(scoring, answers('a'));
      assert.equal(code, 2);
      assert.ok(!`${stdout}${stderr}`.includes(KEY));
    }
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile())
        assert.ok(!readFileSync(join(entry.parentPath, entry.name), 'utf8').includes(KEY), entry.name);
    }
  });

  it('says which key is missing', async () => {
    const { stdout } = await run(scoring, answers('a'), { SCORE_KEY: '' });
    assert.match(stdout, /invalid \(key\): `helpful` needs the key in SCORE_KEY, which is not set\./);
  });
});
