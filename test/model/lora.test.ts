// LoRA: adapters that PEFT wrote compute what PEFT computes; what is saved is PEFT's format; merged weights are the
// adapted model; training them leaves the weights alone, and dropout draws the same again.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { baseOfAdapters, isAdapterFolder, openAdapters, saveAdapters } from '../../src/model/adapter_folder.ts';
import { decoderNodes, weightInputs } from '../../src/model/decoder.ts';
import { openModel } from '../../src/model/folder.ts';
import { createGenerator } from '../../src/model/generate.ts';
import { type Adapters, adapterUse, createAdapters, mergeAdapters, modelFeeds } from '../../src/model/lora.ts';
import { readSafetensors } from '../../src/model/safetensors.ts';
import { sequence, sequenceFeeds, sequenceInputs } from '../../src/model/sequence.ts';
import { copyWeights } from '../../src/model/stored.ts';
import { createScorer, createTrainer, type LossFunction } from '../../src/model/trainer.ts';
import { MerfError } from '../../src/spec/error.ts';
import { LORA_MODULES } from '../../src/spec/lora.ts';
import { gradients } from '../../src/tensor/differentiate.ts';
import { Graph } from '../../src/tensor/graph.ts';
import { compile } from '../../src/tensor/onnxruntime.ts';
import { evaluate } from '../../src/tensor/reference.ts';
import { smallModel } from './small_model.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const BASE = join(FIXTURES, 'qwen3-tiny');
const FOLDER = join(FIXTURES, 'qwen3-tiny-lora');
const row = z.array(z.number());
const expected = z
  .object({
    tokens: z.array(row),
    logProbabilities: z.array(row),
    loss: z.number(),
    gradientNorms: z.record(z.string(), z.number()),
    prompt: row,
    greedy: row,
  })
  .parse(JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')));

function assertClose(actual: ArrayLike<number>, wanted: readonly number[], tolerance: number, what: string): void {
  assert.equal(actual.length, wanted.length, what);
  wanted.forEach((value, i) => {
    const got = actual[i] ?? NaN;
    assert.ok(Math.abs(got - value) <= tolerance * (1 + Math.abs(value)), `${what}[${i}]: ${got} is not ${value}`);
  });
}

async function adapted() {
  const model = await openModel(BASE);
  return { ...model, adapters: openAdapters(FOLDER, model.config) };
}

const groups = expected.tokens.map(([first = 0, ...tokens]) => ({ prompt: [first], responses: [{ tokens }] }));

describe('adapters that PEFT wrote', () => {
  it('give its log-probabilities, loss and gradients', async () => {
    const model = await adapted();
    const scorer = await createScorer(model);
    (await scorer.score(groups)).forEach(([scores], b) => {
      assertClose(scores?.logProbabilities ?? [], expected.logProbabilities[b] ?? [], 1e-4, `row ${b}`);
    });
    await scorer.dispose();

    const { config, adapters } = model;
    const [B, T] = [expected.tokens.length, (expected.tokens[0]?.length ?? 0) - 1];
    const graph = new Graph();
    const all = weightInputs(graph, config, adapters);
    const inputs = sequenceInputs(graph, config, { batch: B, length: T, kept: B * T });
    const { logProbabilities } = sequence(graph, config, decoderNodes(graph, all, adapterUse(adapters)), inputs);
    const loss = graph.output('loss', graph.neg(graph.mean(logProbabilities)));
    const names = [...adapters.weights.keys()];
    const parameters = names.flatMap((name) => all.get(name) ?? []);
    gradients(graph, loss, parameters).forEach((g, i) => {
      graph.output(`norm:${names[i]}`, graph.sqrt(graph.sum(graph.square(g))));
    });
    const program = await compile(graph);
    const outputs = await program.run({
      ...modelFeeds(model),
      ...sequenceFeeds(config, new Array<number>(B).fill(T), T),
      tokens: Int32Array.from(expected.tokens.flatMap((tokens) => tokens.slice(0, -1))),
      targets: Int32Array.from(expected.tokens.flatMap((tokens) => tokens.slice(1))),
    });
    assertClose(outputs.loss ?? [], [expected.loss], 1e-5, 'loss');
    for (const [name, norm] of Object.entries(expected.gradientNorms)) {
      assertClose(outputs[`norm:${name}`] ?? [], [norm], 2e-4, name);
    }
    await program.dispose();
  });

  it('are written from greedily as by PEFT, and merged into the weights alike', async () => {
    const model = await adapted();
    const merged = { config: model.config, weights: mergeAdapters(model.weights, model.adapters) };
    for (const policy of [
      { ...merged, adapters: null },
      { ...merged, weights: model.weights, adapters: model.adapters },
    ]) {
      const generator = await createGenerator({ ...policy, endTokens: [2] });
      const [made] = await generator.generate({ prompts: [expected.prompt], maxNewTokens: 16, seed: 1, greedy: true });
      assert.deepEqual(made?.tokens, expected.greedy);
      await generator.dispose();
    }
    const scorer = await createScorer(merged);
    (await scorer.score(groups)).forEach(([scores], b) => {
      assertClose(scores?.logProbabilities ?? [], expected.logProbabilities[b] ?? [], 1e-4, `row ${b}`);
    });
    await scorer.dispose();
  });
});

describe('an adapter folder', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'merf-adapters-'));
    cpSync(FOLDER, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is saved as PEFT saves it, tensor by tensor', async () => {
    const { adapters } = await adapted();
    const copy = join(folder, 'copy');
    saveAdapters(copy, adapters, 'Qwen/Qwen3-0.6B');
    assert.ok(isAdapterFolder(copy) && !isAdapterFolder(BASE));
    assert.equal(baseOfAdapters(copy), 'Qwen/Qwen3-0.6B');
    const [ours, theirs] = [copy, FOLDER].map((each) => readSafetensors(join(each, 'adapter_model.safetensors')));
    assert.deepEqual(new Map([...(ours ?? [])].sort()), new Map([...(theirs ?? [])].sort()));
    const settings = (each: string) => JSON.parse(readFileSync(join(each, 'adapter_config.json'), 'utf8'));
    const { r, lora_alpha, peft_type, task_type, target_modules } = settings(copy);
    const peft = settings(FOLDER);
    assert.deepEqual([r, lora_alpha, peft_type, task_type], [peft.r, peft.lora_alpha, 'LORA', 'CAUSAL_LM']);
    assert.deepEqual(target_modules.toSorted(), peft.target_modules.toSorted());
    assert.ok(Object.keys(settings(copy)).every((name) => name in peft));
  });

  it('that cannot be applied exactly, or to this model, is refused', async () => {
    const { config } = await openModel(BASE);
    const path = join(folder, 'adapter_config.json');
    const whole = JSON.parse(readFileSync(path, 'utf8'));
    const refused = (change: object, sentence: RegExp, of = config) => {
      writeFileSync(path, JSON.stringify({ ...whole, ...change }));
      assert.throws(
        () => openAdapters(folder, of),
        (error) => error instanceof MerfError && sentence.test(error.message),
      );
    };
    refused({ use_dora: true }, /cannot be applied: they are of the kind DoRA/);
    refused({ peft_type: 'IA3' }, /of type IA3/);
    refused({ rank_pattern: { q_proj: 2 } }, /different ranks/);
    refused({ modules_to_save: ['lm_head'] }, /whole layers \(lm_head\)/);
    refused({ r: 5 }, /do not fit the model: .* has shape \[4, 32\], and \[5, 32\] is needed/);
    refused({ r: 'four' }, /not a configuration of adapters \(r:/);
    refused({}, /do not fit the model/, { ...config, intermediateSize: 40 });
    refused({}, /cannot be applied: they adapt "model\.layers\.1/, { ...config, layers: 1 });
  });
});

const loss: LossFunction = (graph, { logProbabilities, mask, given }) => ({
  loss: graph.neg(graph.sum(graph.mul(graph.mul(logProbabilities, mask), given('advantage')))),
  metrics: {},
});
const inputs = { perResponse: ['advantage'] };
const taught = [
  {
    prompt: [1, 2, 3],
    responses: [
      { tokens: [5, 6, 7], perResponse: { advantage: 1 } },
      { tokens: [8, 0], perResponse: { advantage: -1 } },
    ],
  },
];

function newAdapters(dropout: number): { model: ReturnType<typeof smallModel>; adapters: Adapters } {
  const model = smallModel();
  const shape = { rank: 2, alpha: 4, rankStabilised: false, modules: LORA_MODULES, dropout };
  return { model, adapters: createAdapters(model.config, shape, 5) };
}

describe('training adapters', () => {
  it('begins with the model itself, changes the adapters and never the weights', async () => {
    const { model, adapters } = newAdapters(0);
    const before = copyWeights(model.weights);
    const [bare, scorer] = [await createScorer(model), await createScorer({ ...model, adapters })];
    const [of, again] = [await bare.score(taught), await scorer.score(taught)];
    assert.deepEqual(again, of);
    const trainer = createTrainer({ ...model, adapters }, { loss, inputs });
    const first = (await trainer.update(taught, 0.02)).loss ?? NaN;
    let last = first;
    for (let step = 0; step < 30; step++) last = (await trainer.update(taught, 0.02)).loss ?? NaN;
    assert.ok(last < first - 1, `${first} -> ${last}`);
    for (const [name, { data }] of before) assert.deepEqual(model.weights.get(name)?.data, data, name);
    assert.deepEqual(await bare.score(taught), of);
    assert.notDeepEqual(await scorer.score(taught), of);
    for (const each of [bare, scorer, trainer]) await each.dispose();
  });

  it('with dropout draws another mask in every micro-batch, and the same ones after a restore', async () => {
    const losses = async (restoreAfter: number) => {
      const { model, adapters } = newAdapters(0.5);
      for (const { data } of adapters.weights.values())
        data.forEach((value, i) => {
          data[i] = value + 0.3;
        });
      let trainer = createTrainer({ ...model, adapters }, { loss, inputs });
      const all: number[] = [];
      for (let step = 0; step < 4; step++) {
        if (step === restoreAfter) {
          const state = trainer.updater.exportState();
          await trainer.dispose();
          trainer = createTrainer({ ...model, adapters }, { loss, inputs });
          trainer.updater.importState(state);
        }
        for (let batch = 0; batch < 2; batch++) all.push((await trainer.accumulate(taught)).loss ?? NaN);
        await trainer.apply(0);
      }
      await trainer.dispose();
      return all;
    };
    const straight = await losses(-1);
    assert.equal(new Set(straight).size, straight.length);
    assert.deepEqual(await losses(2), straight);
  });
});

describe('a mask for dropout', () => {
  it('keeps its share of the places, evenly over rows and columns, and is the same in every executor', async () => {
    const graph = new Graph();
    const [rows, columns, rate] = [graph.freeDimension('rows'), 96, 0.25];
    const x = graph.input('x', [rows, columns]);
    const seed = graph.input('seed', [], 'int32');
    graph.output('mask', graph.keepMask(x, seed, rate, 3));
    graph.output('other', graph.keepMask(x, seed, rate, 4));
    const program = await compile(graph);
    const [count, drawn] = [500, new Float32Array(500 * columns)];
    const { mask, other } = await program.run({ x: drawn, seed: Int32Array.of(-7) }, {}, { rows: count });
    assert.ok(mask && other);
    const kept = (start: number, step: number, length: number) => {
      let sum = 0;
      for (let i = 0; i < length; i++) sum += (mask[start + i * step] ?? 0) === 0 ? 0 : 1 / length;
      return sum;
    };
    assert.ok(Math.abs(kept(0, 1, mask.length) - 0.75) < 0.01);
    for (let column = 0; column < columns; column++) assert.ok(Math.abs(kept(column, columns, count) - 0.75) < 0.1);
    for (let each = 0; each < count; each++) assert.ok(Math.abs(kept(each * columns, 1, columns) - 0.75) < 0.2);
    assert.ok(mask.every((value) => value === 0 || Math.abs(value - 1 / 0.75) < 1e-6));
    const agree = mask.filter((value, i) => (value === 0) === (other[i] === 0)).length / mask.length;
    assert.ok(Math.abs(agree - (0.75 ** 2 + 0.25 ** 2)) < 0.02, `${agree}`);
    // neighbouring rows share no pattern
    const same = mask.filter((value, i) => i >= columns && (value === 0) === (mask[i - columns] === 0)).length;
    assert.ok(Math.abs(same / (mask.length - columns) - 0.625) < 0.02);
    await program.dispose();

    const small = new Graph();
    const y = small.input('y', [7, 96]);
    small.output('mask', small.keepMask(y, small.constant(Int32Array.of(-7), []), rate, 3));
    const reference = evaluate(small, { y: new Float32Array(7 * 96) });
    assertClose(mask.subarray(0, 7 * 96), [...(reference.mask ?? [])], 1e-6, 'mask');
  });
});
