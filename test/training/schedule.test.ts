// The learning rate of every step is that of Transformers' schedulers (fixtures/optimizer.json).

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { STANDARD_PLAN } from '../../src/language/lower/plan.ts';
import { learningRateAt } from '../../src/training/schedule.ts';

const Cases = z.array(
  z.object({
    schedule: z.enum(['constant', 'constant_with_warmup', 'linear', 'cosine']),
    warmup: z.number(),
    steps: z.array(z.object({ learningRate: z.number() })),
  }),
);

describe('the learning rate', () => {
  it("is that of Transformers' schedulers at every step", () => {
    const file = new URL('../fixtures/optimizer.json', import.meta.url);
    for (const { schedule, warmup, steps } of Cases.parse(JSON.parse(readFileSync(file, 'utf8')))) {
      const kind = schedule === 'constant_with_warmup' ? 'constant' : schedule;
      const plan = { learningRate: 0.05, optimizer: { ...STANDARD_PLAN.optimizer, schedule: kind, warmup } } as const;
      steps.forEach(({ learningRate }, i) => {
        const got = learningRateAt(plan, i + 1, steps.length);
        assert.ok(Math.abs(got - learningRate) < 1e-12, `${schedule}, step ${i + 1}: ${got} is not ${learningRate}`);
      });
    }
  });

  it('stays within 0 and the plan’s, also when the warm-up is longer than the run', () => {
    for (const schedule of ['constant', 'linear', 'cosine'] as const) {
      const plan = { learningRate: 1, optimizer: { ...STANDARD_PLAN.optimizer, schedule, warmup: 20 } };
      for (let step = 1; step <= 40; step++) {
        const rate = learningRateAt(plan, step, 10);
        assert.ok(rate >= 0 && rate <= 1, `${schedule} ${step}: ${rate}`);
      }
    }
  });
});
