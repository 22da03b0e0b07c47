import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { checkText } from '../../src/language/check.ts';
import { parseConfig } from '../../src/model/config.ts';
import { adapterShapes } from '../../src/model/lora.ts';
import { modelShape } from '../../src/model/weights.ts';
import type { ModelShape } from '../../src/spec/facts.ts';
import { LORA_MODULES } from '../../src/spec/lora.ts';
import { adapterParameters, estimateMemory, showBytes } from '../../src/spec/memory_estimate.ts';
import type { TrainPlan } from '../../src/spec/specification.ts';
import { size } from '../../src/tensor/shape.ts';

const root = new URL('../../', import.meta.url).pathname;
const configOf = (folder: string) => parseConfig(JSON.parse(readFileSync(`${root}${folder}/config.json`, 'utf8')));
const FOLDERS = ['models/tiny', 'test/fixtures/qwen2-tiny', 'test/fixtures/qwen3-tiny', 'test/fixtures/llama3-tiny'];

/** The flagship's plan: LoRA on a large model. */
async function planWith(changes: Partial<TrainPlan> = {}): Promise<TrainPlan> {
  const { specification } = await checkText(readFileSync(`${root}examples/knights_and_knaves_paper.merf`, 'utf8'));
  assert.ok(specification);
  return { ...specification.train, ...changes };
}

describe('the estimate of memory', () => {
  it('counts adapters as they are made', () => {
    for (const config of FOLDERS.map(configOf)) {
      for (const modules of [[...LORA_MODULES], ['q_proj', 'v_proj'] as const]) {
        const made = [
          ...adapterShapes(config, { rank: 8, alpha: 16, modules: [...modules], rankStabilised: false }).values(),
        ];
        const counted = adapterParameters(modelShape(config), {
          rank: 8,
          alpha: 16,
          dropout: 0,
          modules: [...modules],
        });
        assert.equal(
          counted,
          made.reduce((sum, shape) => sum + size(shape), 0),
        );
      }
    }
  });

  it('holds the weights, their reference, gradients and the optimizer', async () => {
    const model = modelShape(configOf('models/tiny'));
    const { held } = estimateMemory(model, await planWith({ lora: null }), 100);
    const parts = held.filter(({ name }) => name !== 'process');
    const bytes = Object.fromEntries(parts.map((part) => [part.name, part.bytes / 4 / model.parameters]));
    assert.deepEqual(bytes, { weights: 1, reference: 1, gradients: 1, optimizer: 2 });
  });

  it('has weights that no update changes in the type of their file', async () => {
    const model = { ...modelShape(configOf('models/tiny')), storage: 2 };
    for (const [changes, name] of [
      [{ lora: null }, 'reference'],
      [{}, 'weights'],
    ] as const) {
      const plan = await planWith(changes);
      const of = (shape: ModelShape) => estimateMemory(shape, plan, 100).held.find((part) => part.name === name)?.bytes;
      assert.equal((of({ ...model, storage: 4 }) ?? 0) - (of(model) ?? 0), 2 * model.parameters, name);
    }
  });

  it('has no reference where no divergence is asked, and none beside adapters', async () => {
    const model = modelShape(configOf('models/tiny'));
    for (const changes of [{ objective: { kl: 0 }, lora: null }, {}]) {
      const { held } = estimateMemory(model, await planWith(changes), 100);
      assert.equal(held.find(({ name }) => name === 'reference')?.bytes, 0);
    }
  });

  it('grows with everything that it is made of', async () => {
    const model = modelShape(configOf('models/tiny'));
    const plan = await planWith();
    const { peak } = estimateMemory(model, plan, 100);
    assert.ok(estimateMemory(model, plan, 200).peak > peak);
    assert.ok(estimateMemory(model, { ...plan, maxResponse: plan.maxResponse * 2 }, 100).peak > peak);
    // as many responses as are written at a time, and no more
    const few = { ...plan, evaluate: null, prompts: 4, group: 4 };
    assert.ok(estimateMemory(model, { ...few, group: 8 }, 100).peak > estimateMemory(model, few, 100).peak);
    assert.ok(estimateMemory(model, { ...plan, lora: null }, 100).peak > peak);
  });

  it('is shown in units that a person reads', () => {
    assert.deepEqual([5.75 * 2 ** 30, 310.4 * 2 ** 20, 512 * 2 ** 30, 10].map(showBytes), [
      '5.8 GiB',
      '310 MiB',
      '512 GiB',
      '1 MiB',
    ]);
  });
});
