// Makes the bundled model from nothing: tokenizer, text, random weights, supervised training on this repository's own
// engine, and the folder models/tiny in Hugging Face layout. Same seed and thread count, same model.
// Progress is kept in a work folder: the same command after an interruption goes on where it was.
//
//   npm run pretrain -- [--seed 1] [--samples N] [--out models/tiny] [--work .merf/pretrain] [--threads 1]

import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { DecoderConfig } from '../../src/model/config.ts';
import { saveModel } from '../../src/model/folder.ts';
import { initialise } from '../../src/model/initialise.ts';
import { createPretrainer, type Pretrainer } from '../../src/model/pretrainer.ts';
import { readSafetensors, writeSafetensors } from '../../src/model/safetensors.ts';
import { createTokenizer, type Tokenizer } from '../../src/model/tokenizer.ts';
import { parameterCount, selectWeights, type Weights } from '../../src/model/weights.ts';
import { batches } from './batches.ts';
import { modelCard } from './card.ts';
import { buildTokenizer, chatTemplate, tokenizerConfig, words } from './tokenizer.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    samples: { type: 'string', default: '90000' },
    out: { type: 'string', default: 'models/tiny' },
    work: { type: 'string', default: '.merf/pretrain' },
    threads: { type: 'string', default: '1' },
  },
});
const seed = Number(values.seed);
const samples = Number(values.samples);
const threads = Number(values.threads);

const training = { learningRate: 2e-3, warmupSteps: 100, lengthStep: 32, batchTokens: 2048 } as const;
const adamW = { beta1: 0.9, beta2: 0.98, weightDecay: 0.01, maxGradientNorm: 1 } as const;

/** Constant until 30 % of the corpus, then falling linearly to 5 %. */
function learningRate(step: number, progress: number): number {
  const warm = Math.min(1, step / training.warmupSteps);
  const decay = progress < 0.3 ? 1 : Math.max(0.05, 1 - (progress - 0.3) / 0.7);
  return training.learningRate * warm * decay;
}

function configFor(tokenizer: Tokenizer): DecoderConfig {
  return {
    architecture: 'Qwen2ForCausalLM',
    vocabularySize: tokenizer.size,
    hiddenSize: 128,
    layers: 5,
    heads: 4,
    keyValueHeads: 2,
    headSize: 32,
    intermediateSize: 384,
    attentionBias: 'qkv',
    rmsNormEpsilon: 1e-6,
    rope: { theta: 10000, scaling: null },
    tiedEmbeddings: true,
    maxPositions: 1024,
    endTokens: tokenizer.endTokens,
  };
}

const Progress = z.object({
  seed: z.number(),
  samples: z.number(),
  batch: z.number(),
  step: z.number(),
  tokens: z.number(),
  seconds: z.number(),
});
type Progress = z.infer<typeof Progress>;

async function main(): Promise<void> {
  mkdirSync(values.work, { recursive: true });
  const tokenizerJson = buildTokenizer(words);
  const tokenizer = createTokenizer(tokenizerJson, tokenizerConfig());
  const config = configFor(tokenizer);
  const begun = restore(config);
  const weights = begun?.weights ?? initialise(config, seed);
  const trainer = createPretrainer({ config, weights }, { ...adamW, threads });
  if (begun) trainer.updater.importState({ step: begun.progress.step, moments: begun.moments });
  const progress = begun?.progress ?? { seed, samples, batch: 0, step: 0, tokens: 0, seconds: 0 };
  console.log(
    `${parameterCount(config).toLocaleString('en')} parameters, ${tokenizer.size} tokens in the vocabulary, ` +
      `${samples.toLocaleString('en')} samples${begun ? `, going on after step ${progress.step}` : ''}`,
  );
  await train(trainer, weights, tokenizer, progress);
  writeFolder(config, weights, tokenizerJson, progress);
  await trainer.dispose();
  console.log(
    `wrote ${values.out}: ${(progress.tokens / 1e6).toFixed(1)} M tokens, ${(progress.seconds / 60).toFixed(1)} min`,
  );
}

async function train(trainer: Pretrainer, weights: Weights, tokenizer: Tokenizer, progress: Progress): Promise<void> {
  let mark = performance.now();
  let saved = progress.seconds;
  let average = Number.NaN;
  let number = 0;
  const encode = (text: string): number[] => tokenizer.encode(text);
  for (const batch of batches(
    { seed, samples, lengthStep: training.lengthStep, batchTokens: training.batchTokens },
    encode,
  )) {
    number++;
    if (number <= progress.batch) continue;
    const fraction = batch.drawn / samples;
    const { loss = Number.NaN } = await trainer.update(batch.rows, learningRate(progress.step + 1, fraction));
    if (!Number.isFinite(loss)) throw new RangeError(`the loss of step ${progress.step + 1} is ${loss}`);
    average = Number.isNaN(average) ? loss : 0.98 * average + 0.02 * loss;
    progress.batch = number;
    progress.step++;
    progress.tokens += batch.tokens;
    const now = performance.now();
    progress.seconds += (now - mark) / 1000;
    mark = now;
    if (progress.step % 50 === 0) report(progress, fraction, average);
    if (progress.seconds - saved > 180) {
      save(trainer, weights, progress);
      saved = progress.seconds;
    }
  }
  save(trainer, weights, progress);
}

function report({ step, tokens, seconds }: Progress, fraction: number, loss: number): void {
  const left = (seconds / fraction) * (1 - fraction);
  const line = { step, part: +fraction.toFixed(4), loss: +loss.toFixed(4), tokens, seconds: +seconds.toFixed(1) };
  appendFileSync(join(values.work, 'progress.jsonl'), `${JSON.stringify(line)}\n`);
  console.log(
    `step ${step}  ${(100 * fraction).toFixed(1)} %  loss ${loss.toFixed(3)}  ` +
      `${Math.round(tokens / seconds)} tokens/s  ${(left / 60).toFixed(1)} min left`,
  );
}

function save(trainer: Pretrainer, weights: Weights, progress: Progress): void {
  const moments = trainer.updater.exportState().moments;
  writeSafetensors(join(values.work, 'state.next.safetensors'), new Map([...weights, ...moments]), {
    metadata: { format: 'pt', progress: JSON.stringify(progress) },
  });
  writeFileSync(join(values.work, 'progress.next.json'), JSON.stringify(progress));
  renameSync(join(values.work, 'state.next.safetensors'), join(values.work, 'state.safetensors'));
  renameSync(join(values.work, 'progress.next.json'), join(values.work, 'progress.json'));
}

function restore(config: DecoderConfig) {
  const file = join(values.work, 'progress.json');
  if (!existsSync(file)) return undefined;
  const progress = Progress.parse(JSON.parse(readFileSync(file, 'utf8')));
  if (progress.seed !== seed || progress.samples !== samples) {
    throw new Error(
      `${values.work} holds another training (seed ${progress.seed}, ${progress.samples} samples); remove it or give --work`,
    );
  }
  const tensors = readSafetensors(join(values.work, 'state.safetensors'));
  const moments = new Map([...tensors].filter(([name]) => name.includes(':')));
  return { progress, weights: selectWeights(config, tensors, values.work), moments };
}

function writeFolder(config: DecoderConfig, weights: Weights, tokenizerJson: object, progress: Progress): void {
  saveModel(values.out, { config, weights }, { type: 'F16' });
  const write = (name: string, content: object | string) =>
    writeFileSync(
      join(values.out, name),
      typeof content === 'string' ? content : `${JSON.stringify(content, null, 1)}\n`,
    );
  write('tokenizer.json', tokenizerJson);
  write('tokenizer_config.json', tokenizerConfig());
  write('chat_template.jinja', chatTemplate);
  const facts = { parameters: parameterCount(config), vocabulary: config.vocabularySize, threads, ...progress };
  write('README.md', modelCard(facts));
  const end = config.endTokens[0];
  write('generation_config.json', {
    do_sample: true,
    temperature: 1,
    eos_token_id: end,
    pad_token_id: config.vocabularySize - 3,
  });
}

await main();
