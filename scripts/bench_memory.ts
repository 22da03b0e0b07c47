// npm run bench:memory: the memory of one update of random models, each in a process of its own, beside the estimate that
// `merf plan` gives. A micro-batch is a group of 8 responses of 128 tokens to a prompt of 100.
// `npm run bench:memory -- NAME` measures one of them.

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DecoderConfig } from '../src/model/config.ts';
import { toBfloat16 } from '../src/model/float16.ts';
import { createAdapters } from '../src/model/lora.ts';
import type { StoredParameter, StoredWeights } from '../src/model/stored.ts';
import { createTrainer } from '../src/model/trainer.ts';
import { modelShape, parameterShapes } from '../src/model/weights.ts';
import { LORA_MODULES } from '../src/spec/lora.ts';
import { estimateMemory } from '../src/spec/memory_estimate.ts';
import type { LoraPlan } from '../src/spec/specification.ts';
import { size } from '../src/tensor/shape.ts';
import { LOSS_INPUTS, policyLoss } from '../src/training/loss.ts';

const [GROUP, LENGTH, PROMPT] = [8, 128, 100];
const LORA: LoraPlan = { rank: 16, alpha: 32, dropout: 0, modules: [...LORA_MODULES] };

interface Case {
  name: string;
  config: DecoderConfig;
  lora: LoraPlan | null;
  recompute: boolean;
  /** Frozen matrices stay bfloat16. */
  half?: boolean;
}

function decoder(hiddenSize: number, layers: number, heads: number, intermediateSize: number, vocabularySize: number) {
  return {
    architecture: 'Qwen2ForCausalLM',
    ...{ vocabularySize, hiddenSize, layers, heads, intermediateSize, keyValueHeads: 2, headSize: hiddenSize / heads },
    attentionBias: 'qkv',
    rmsNormEpsilon: 1e-6,
    rope: { theta: 1e6, scaling: null },
    tiedEmbeddings: true,
    maxPositions: 32768,
    endTokens: [0],
  } satisfies DecoderConfig;
}

const LARGE_VOCABULARY = decoder(896, 4, 14, 4864, 151_936);
const DEEP = decoder(896, 8, 14, 4864, 8192);
const CASES: readonly Case[] = [
  { name: 'vocabulary', config: LARGE_VOCABULARY, lora: LORA, recompute: false },
  { name: 'vocabulary-again', config: LARGE_VOCABULARY, lora: LORA, recompute: true },
  { name: 'deep', config: DEEP, lora: LORA, recompute: false },
  { name: 'deep-again', config: DEEP, lora: LORA, recompute: true },
  ...[false, true].map((recompute) => ({
    ...{ name: recompute ? 'deep-half-again' : 'deep-half', config: DEEP, lora: LORA, recompute, half: true },
  })),
  { name: 'vocabulary-half-again', config: LARGE_VOCABULARY, lora: LORA, recompute: true, half: true },
  { name: 'full', config: decoder(256, 1, 4, 512, 151_936), lora: null, recompute: true },
];

async function measure({ config, lora, recompute, half = false }: Case): Promise<void> {
  let state = 1;
  const noise = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state / 2 ** 31) * 0.03;
  };
  const weights: StoredWeights = new Map(
    [...parameterShapes(config)].map(([name, shape]): [string, StoredParameter] => {
      if (half && shape.length > 1) {
        const data = new Uint16Array(size(shape));
        for (let i = 0; i < data.length; i++) data[i] = toBfloat16(Float32Array.of(noise()))[0] ?? 0;
        return [name, { shape, half: 'bfloat16', data }];
      }
      const data = new Float32Array(size(shape));
      for (let i = 0; i < data.length; i++) data[i] = name.endsWith('norm.weight') ? 1 : noise();
      return [name, { shape, data }];
    }),
  );
  const shape = { rank: 16, alpha: 32, dropout: 0, rankStabilised: false, modules: LORA_MODULES };
  const trainer = createTrainer(
    { config, weights, adapters: lora === null ? null : createAdapters(config, shape, 1) },
    {
      loss: policyLoss({ ratio: 'token', clip: 0.2, clipHigh: 0.2, kl: 0, entropyBonus: 0 }),
      inputs: LOSS_INPUTS,
      threads: 2,
      ...(recompute && { activationBytes: 0 }),
    },
  );
  const tokens = (count: number, from: number) =>
    Array.from({ length: count }, (_, i) => 1 + ((i * 7919 + from * 104_729) % (config.vocabularySize - 1)));
  const responses = Array.from({ length: GROUP }, (_, sample) => ({
    tokens: tokens(LENGTH, sample),
    perToken: {
      old: new Float32Array(LENGTH).fill(-11),
      reference: new Float32Array(LENGTH).fill(-11),
      advantage: new Float32Array(LENGTH).fill(sample % 2 === 0 ? 1 : -1),
    },
    perResponse: { weight: 1 / (GROUP * LENGTH), inverse_length: 1 / LENGTH },
  }));
  let seconds = 0;
  for (let step = 0; step < 2; step++) {
    const began = performance.now();
    await trainer.accumulate([{ prompt: tokens(PROMPT, 99), responses }]);
    await trainer.apply(1e-4);
    seconds = (performance.now() - began) / 1000;
  }
  const peak = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(JSON.stringify({ peak, seconds }));
}

function estimate({ config, lora, recompute, half = false }: Case): number {
  const optimizer = { microBatchTokens: 2048 };
  const plan = { algorithm: 'grpo', objective: { kl: 0 }, prompts: 1, group: GROUP, maxResponse: LENGTH } as const;
  const whole = { ...PLAN_REST, ...plan, lora, optimizer: { ...PLAN_REST.optimizer, ...optimizer } };
  const { held, update } = estimateMemory(
    { ...modelShape(config), storage: half ? 2 : 4 },
    whole,
    PROMPT,
    recompute ? 0 : 2 ** 50,
  );
  return [...held, ...update].reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What the estimate does not read. */
const PLAN_REST = {
  ...{ model: '', steps: 1, learningRate: 1e-4, temperature: 1, seeds: [1], evaluate: null },
  optimizer: {
    ...{ weightDecay: 0, maxGradNorm: 1, adamBeta1: 0.9, adamBeta2: 0.999, adamEpsilon: 1e-8, warmup: 0 },
    schedule: 'constant' as const,
  },
};

const [first, second] = process.argv.slice(2);
const inside = CASES.find(({ name }) => first === '--inside' && name === second);
if (inside !== undefined) await measure(inside);
else {
  for (const one of CASES.filter(({ name }) => first === undefined || name === first)) {
    const given = ['--import=tsx', fileURLToPath(import.meta.url), '--inside', one.name];
    const output = execFileSync(process.execPath, given, { encoding: 'utf8' });
    const { peak, seconds } = JSON.parse(output);
    const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
    const parameters = (modelShape(one.config).parameters / 1e6).toFixed(0);
    const line = `${one.name.padEnd(17)} ${parameters} M  peak ${mebibytes(peak)}  estimate ${mebibytes(estimate(one))}`;
    process.stdout.write(`${line}  ${Number(seconds).toFixed(1)} s\n`);
  }
}
