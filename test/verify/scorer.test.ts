// Batches of responses: in place, in threads, and with verifiers and judges whose answers come in any order.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { checkText } from '../../src/language/check.ts';
import { type Scored, scoreResponse } from '../../src/reward/score.ts';
import type { Specification } from '../../src/spec/specification.ts';
import { Externals } from '../../src/verify/externals.ts';
import { type Sample, Scorer } from '../../src/verify/scorer.ts';
import { SMALL } from '../cli/merf.ts';
import { endpoint, say } from './endpoint.ts';
import { scripts } from './scripts.ts';

async function specification(text: string): Promise<Specification> {
  const { specification: spec, diagnostics } = await checkText(text);
  assert.ok(spec, JSON.stringify(diagnostics));
  return spec;
}

const row = { names: ['Zoey', 'Oliver'], roles: ['knight', 'knave'], solution: { Zoey: 'knave', Oliver: 'knight' } };
const sample = (response: string): Sample => ({ row, response, generation: { tokens: 10, finished: true } });

describe('scoring batches that ask nobody', () => {
  const samples = Array.from({ length: 200 }, (_, i) => {
    const answer = `Zoey is a knave, Oliver is a ${i % 3 === 0 ? 'knight' : 'knave'}.`;
    return sample(`<think>${'so '.repeat(1000)}</think><answer>${i % 7 === 0 ? '' : answer}</answer>`);
  });
  const alone = (spec: Scored) => samples.map((s) => scoreResponse(spec, s.row, s.response, s.generation));
  let folder = '';
  /** The scorer as it is shipped: bundled, with its thread's program beside it. */
  let shipped: { Scorer: typeof Scorer };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'merf-scorer-'));
    const options = { bundle: true, platform: 'node', format: 'esm', logLevel: 'error' } as const;
    const banner = { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" };
    for (const name of ['scorer', 'score_worker']) {
      const outfile = join(folder, `${name}.mjs`);
      await build({ ...options, banner, entryPoints: [`src/verify/${name}.ts`], outfile });
    }
    shipped = await import(pathToFileURL(join(folder, 'scorer.mjs')).href);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('gives the scores that each response gets alone, in place and in threads, in their order', async () => {
    const spec = await specification(SMALL);
    for (const scorer of [new Scorer(spec, null), new shipped.Scorer(spec, null, { threads: 2, inPlace: 0 })]) {
      const scored = await scorer.score(samples);
      assert.deepEqual(
        scored.map(({ score }) => score),
        alone(spec),
      );
      const few = await scorer.score(samples.slice(0, 3));
      assert.deepEqual(
        few.map(({ score }) => score),
        alone(spec).slice(0, 3),
      );
      await scorer.end();
    }
  });

  it('leaves the thread of whoever waits free', async () => {
    const scorer = new shipped.Scorer(await specification(SMALL), null, { threads: 2, inPlace: 5 });
    let turns = 0;
    const clock = setInterval(() => turns++, 1);
    await scorer.score(Array.from({ length: 20 }, () => samples).flat());
    clearInterval(clock);
    await scorer.end();
    assert.ok(turns >= 3, `${turns} turns`);
  });

  it('is broken off', async () => {
    const scorer = new shipped.Scorer(await specification(SMALL), null, { threads: 1, inPlace: 0 });
    const halt = new AbortController();
    const scoring = scorer.score(Array.from({ length: 20 }, () => samples).flat(), { signal: halt.signal });
    halt.abort(new Error('enough'));
    await assert.rejects(scoring, /enough/);
    await scorer.end();
  });
});

const ASKING = `experiment asking
task knights_and_knaves
prompt { user "{quiz}" }
response { answer = tag("answer") }
verifier share(code, names): 0..1 from "./verify.py" timeout 1s
verifier short(code): bool from "./short.mjs"
judge helpful(reply): 0..10 { endpoint "ENDPOINT" model "judge-1" key "ASKING_KEY" prompt "{reply}" retries 0 }
reward {
  rule tests "Tests" {
    -1 when answer is none
    (2 * share(answer, names)) when short(answer)
    0 otherwise
  }
  rule style "Style" {
    +1 when tests > 1 and helpful(answer) > 5
    0 otherwise
  }
  rule truth "Truth" { +1 when solution_text == answer
    0 otherwise }
}
arm rlvr { motivation none }
`;

describe('scoring batches with verifiers and judges', () => {
  const server = endpoint();
  const { folder, write } = scripts();
  let externals: Externals;

  async function open(trusted = true): Promise<Scorer> {
    write(
      'verify.py',
      `import time
def share(code, names):
    time.sleep(0.05 if "slow" in code else 0)
    if "hang" in code: time.sleep(60)
    if "wrong" in code: return 7
    return sum(name in code for name in names) / len(names)
`,
    );
    write('short.mjs', 'export const short = ({ code }) => code.length < 100;');
    const spec = await specification(ASKING.replace('ENDPOINT', server.judge().endpoint));
    const environment = { ...process.env, ASKING_KEY: 'sk-asking-123456789' };
    externals = new Externals(spec, { folder: folder(), trusted, cacheFolder: null, environment, hosts: 2 });
    return new Scorer(spec, externals);
  }
  afterEach(() => externals.end());
  const answered = (text: string) => sample(`<answer>${text}</answer>`);

  it('asks only what a case needs, and keeps the order', async () => {
    const scorer = await open();
    const scored = await scorer.score([
      answered('slow Zoey Oliver'),
      sample('nothing'),
      answered('Zoey'),
      answered('x'.repeat(200)),
    ]);
    assert.deepEqual(
      scored.map(({ score }) => score.total),
      [3, -1, 1, 0],
    );
    assert.deepEqual(
      scored.map(({ asked }) => Object.keys(asked).sort()),
      [['helpful', 'share', 'short'], [], ['share', 'short'], ['short']],
    );
    assert.ok((scored[0]?.asked.share?.time ?? 0) >= 0.05);
    assert.equal(server.requests.length, 1);
  });

  it('makes a sample invalid where no usable answer comes, by its cause, and never zero', async () => {
    const scorer = await open();
    server.answer = ({ body }, response) =>
      say(response, JSON.stringify(body.messages).includes('much') ? '{"answer": 99}' : '{"answer": 9}');
    const scored = await scorer.score(
      ['hang', 'wrong', 'Zoey Oliver much', 'Zoey Oliver'].map((text) => answered(text)),
    );
    assert.deepEqual(
      scored.map(({ score }) => score.invalid?.cause ?? score.total),
      ['timeout', 'unfit', 'unfit', 3],
    );
    assert.ok(scored.slice(0, 3).every(({ score }) => Number.isNaN(score.total)));
    assert.deepEqual(
      scored.map(({ score }) => score.invalid?.name),
      ['share', 'share', 'helpful', undefined],
    );
    assert.match(scored[0]?.asked.share?.error ?? '', /did not answer within 1 s/);
  });

  it('asks nobody where the folder is not trusted', async () => {
    const scorer = await open(false);
    const [one, other] = await scorer.score([answered('Zoey'), sample('nothing')]);
    assert.deepEqual([one?.score.invalid?.cause, other?.score.total], ['untrusted', -1]);
    await assert.rejects(externals.check(), /not trusted/);
    assert.equal(server.requests.length, 0);
  });

  it('is told before it begins what is missing', async () => {
    await open();
    await externals.check();
    write('verify.py', 'import a_package_that_nobody_has');
    await externals.end();
    const spec = await specification(ASKING.replace('ENDPOINT', server.judge().endpoint));
    const options = { folder: folder(), trusted: true, cacheFolder: null };
    const broken = new Externals(spec, { ...options, environment: process.env });
    await assert.rejects(broken.check(), /verify\.py cannot be loaded: ModuleNotFoundError/);
    write('verify.py', '');
    const keyless = new Externals(spec, { ...options, environment: process.env });
    await assert.rejects(keyless.check(), /ASKING_KEY, which is not set/);
    await Promise.all([broken.end(), keyless.end()]);
  });

  it("shows no judge's key to a script", async () => {
    const scorer = await open();
    write('short.mjs', 'export const short = () => process.env.ASKING_KEY === undefined;');
    const [scored] = await scorer.score([answered('Zoey')]);
    assert.equal(scored?.score.total, 1);
  });

  it('is broken off while it waits', async () => {
    const scorer = await open();
    const halt = new AbortController();
    setTimeout(() => halt.abort(new Error('enough')), 200);
    await assert.rejects(scorer.score([answered('hang')], { signal: halt.signal }), /enough/);
  });
});
