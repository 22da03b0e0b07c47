import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { checkText } from '../../src/language/check.ts';
import type { ModelShape } from '../../src/spec/facts.ts';
import { estimateMemory } from '../../src/spec/memory_estimate.ts';
import type { TrainPlan } from '../../src/spec/specification.ts';
import { type Remedy, remedies } from '../../src/training/memory_remedies.ts';

const PAPER = readFileSync(new URL('../../examples/knights_and_knaves_paper.merf', import.meta.url), 'utf8');
const GIB = 2 ** 30;
const PROMPT = 300;

/** A model of 1.5 billion parameters, as the paper's. */
const MODEL: ModelShape = {
  ...{ parameters: 1.54e9, layers: 28, hidden: 1536, intermediate: 8960, heads: 12, keyValueHeads: 2, headSize: 128 },
  ...{ vocabulary: 151_936, storage: 2 },
};

async function plan(edit: (text: string) => string): Promise<TrainPlan> {
  const { specification } = await checkText(edit(PAPER));
  assert.ok(specification);
  return specification.train;
}

/** The remedy written into the file, read again and estimated again. */
async function peakWith({ settings, before }: Remedy, written: (text: string) => string): Promise<number> {
  const changed = await plan((text) => {
    const without = before.reduce((all, setting) => all.replace(setting, ''), written(text));
    return without.replace(/train \{/, `train {\n  ${settings.join('  ')}\n`);
  });
  return estimateMemory(MODEL, changed, PROMPT).peak;
}

describe('what to change in a plan that does not fit', () => {
  it('is nothing where it fits', async () => {
    assert.deepEqual(remedies(MODEL, await plan((text) => text), PROMPT, 1000 * GIB), []);
  });

  for (const [words, bytes, written] of [
    ['a single setting where one is enough', 12 * GIB, (text: string) => text],
    ['several together where none is enough', 12 * GIB, (text: string) => text.replace(/lora \{[^}]*\}/, '')],
    ['several together, of which those that came first are as little as can be', 7 * GIB, (text: string) => text],
    ['adapters where all weights are trained', 50 * GIB, (text: string) => text.replace(/lora \{[^}]*\}/, '')],
  ] as const) {
    it(`is ${words}, and the file with it fits, by the figure that was said`, async () => {
      const found = remedies(MODEL, await plan(written), PROMPT, bytes);
      assert.ok(found.length > 0);
      assert.equal(
        found.some(({ settings }) => settings.length > 1),
        words.startsWith('several'),
      );
      for (const remedy of found) {
        assert.ok(remedy.peak <= bytes);
        assert.equal(await peakWith(remedy, written), remedy.peak, remedy.settings.join(', '));
      }
    });
  }

  it('is not there where no change is enough', async () => {
    assert.deepEqual(remedies(MODEL, await plan((text) => text), PROMPT, GIB), []);
  });
});
