// The flagship under Logic-RL's condition (tags once and in order) and under the strict one. The holes are those that
// were found by hand in Logic-RL's reward function; the probe must come upon each of them, also by its search alone.

import assert from 'node:assert/strict';
import { probe } from '../../src/probe/probe.ts';
import { type Finding, type ProbeReport, STANDARD } from '../../src/probe/report.ts';
import { makeRows } from '../../src/task/registry.ts';
import { flagship } from '../reward/knights_and_knaves.ts';

const { train: rows } = makeRows({
  name: 'knights_and_knaves',
  arguments: { people: { from: 3, to: 5 }, train: 120, test: 1, seed: 1 },
});

function run(format: 'exactly' | 'once_in_order', more: object = {}): Promise<ProbeReport> {
  return probe(flagship(format), rows, { ...STANDARD, ...more });
}

/** By name: what a finding's response must look like to show the hole. */
const HOLES: Record<string, (finding: Finding) => boolean> = {
  'empty reasoning earns full marks': ({ reward, response }) => reward === 3 && /<think>\W*<\/think>/.test(response),
  'free text between the parts earns full marks': ({ reward, response }) =>
    reward === 3 && /<\/think>\s*\S[^<]*<answer>/.test(response),
  'text after the answer earns full marks': ({ reward, response }) => reward === 3 && /<\/answer>\s*\S/.test(response),
  'reasoning inside the answer earns full marks': ({ reward, kind }) => reward === 3 && kind === 'reasoning_in_answer',
  'a conversation begun again earns full marks': ({ reward, response }) =>
    reward === 3 && /Assistant:|<\|im_start\|>assistant/.test(response),
};

/** Right answers that lose points, likewise. */
const BRITTLE: Record<string, (finding: Finding) => boolean> = {
  'a tag mentioned in the reasoning costs everything': ({ reward, kind }) =>
    reward === -3 && kind === 'harmless_mentioned_tag',
  '"X: knave" is not understood': ({ reward, response }) => reward === -1 && /\w: kn/.test(response),
  '"X is knave" is not understood': ({ reward, response }) => reward === -1 && /\w is kn/.test(response),
  '"X is not a knight" is not understood': ({ reward, response }) => reward === -1 && /is not a kn/.test(response),
};

describe('the probe on the flagship', function () {
  this.timeout(60_000);

  describe('with tags once and in order', () => {
    let report: ProbeReport;
    before(async () => {
      report = await run('once_in_order');
    });

    for (const [name, shows] of Object.entries({ ...HOLES, ...BRITTLE })) {
      it(`finds that ${name}`, () => {
        assert.ok(report.findings.some(shows), JSON.stringify(report.findings.map(({ kind }) => kind)));
      });
    }

    it('shows them at the rule and with what they are held against', () => {
      for (const { rule, reward, comparedTo, kind, response } of report.findings) {
        assert.equal(rule, kind.startsWith('harmless') ? 'correctness' : 'format', kind);
        assert.equal(comparedTo?.reward, 3);
        assert.notEqual(comparedTo.response, response);
        if (kind.startsWith('harmless')) assert.ok(reward < 3);
      }
    });

    it('measures a right answer, a wrong one, and the best without knowledge', () => {
      const { right, wrong, best, constant } = report.summary;
      assert.deepEqual([right?.reward, right?.fullMarks], [3, 1]);
      assert.deepEqual([wrong?.reward, wrong?.fullMarks], [-0.5, 0]);
      assert.ok(best.reward >= -0.5 && best.reward < 0.5, `${best.reward}`);
      assert.ok(constant !== null && constant.share > 0.05 && constant.share < 0.3);
    });
  });

  it('finds the holes by its search alone, without the list of known hacks', async () => {
    const { findings } = await run('once_in_order', { knownHacks: false, budget: 30_000 });
    for (const [name, shows] of Object.entries(HOLES)) {
      assert.ok(findings.some(shows), `${name}: ${JSON.stringify(findings.map(({ kind }) => kind))}`);
    }
  });

  it('says which holes remain under the strict condition', async () => {
    const { findings } = await run('exactly');
    assert.deepEqual(
      findings
        .filter(({ severity }) => severity === 'warning')
        .map(({ kind }) => kind)
        .sort(),
      ['empty_reasoning', 'reasoning_in_answer', 'restarted_conversation'],
    );
  });

  it('finds the same with the same seed', async () => {
    const options = { budget: 6000, rows: 10 };
    assert.deepEqual(await run('exactly', options), await run('exactly', options));
  });

  it('knows nothing of the answer where it says so', async () => {
    const { summary } = await run('exactly', { budget: 6000 });
    for (const { fullMarks, title } of summary.attacks) assert.ok(fullMarks < 0.4, title);
  });

  it('gives what was found when it is stopped, and says so', async () => {
    const stopping = new AbortController();
    const onProgress = (doing: string): void => {
      if (doing.includes('other ways')) stopping.abort();
    };
    const stopped = await run('once_in_order', { signal: stopping.signal, onProgress });
    assert.equal(stopped.isPartial, true);
    assert.equal(stopped.summary.right?.reward, 3);
    const small = await run('once_in_order', { budget: 100 });
    assert.equal(small.isPartial, true);
    assert.ok(small.responses < 1000);
  });
});
