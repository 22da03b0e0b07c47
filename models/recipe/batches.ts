// The corpus as batches of token rows. Rows of like length wait together until they fill a batch, so padding stays
// small, the number of batch shapes too (a training program is compiled per shape), and the order is that of the
// corpus. Weights per token: the prompt counts a little from the start (reading is learned by predicting), the
// response fully, its first two tokens more, since they choose the way of answering.

import type { SupervisedRow } from '../../src/model/pretrainer.ts';
import { type CorpusOptions, drawSample, type Sample } from './corpus.ts';
import { hintWords, shownScores } from './rules.ts';

export interface Batch {
  rows: SupervisedRow[];
  /** Samples drawn so far: the course's progress when this batch was full. */
  drawn: number;
  tokens: number;
}

export interface BatchOptions extends CorpusOptions {
  /** Row lengths are rounded up to a multiple of this many tokens. */
  lengthStep: number;
  /** About how many tokens a batch holds, padding included. */
  batchTokens: number;
}

const promptWeight = 0.1;
const choiceWeight = 4;
/** The first tokens of a response, which show the approach. */
const choiceTokens = 2;
const longestRow = 448;

const verdictWords = ['+', '-'].flatMap((sign) => shownScores.map((size) => ` ${sign}${size}`)).concat(' good', ' bad');

/** Prompt and response of a sample as one row; `encode` knows the special tokens. */
export function rowOf(sample: Sample, encode: (text: string) => number[]): SupervisedRow {
  const prompt = encode(promptText(sample));
  const response = encode(`${sample.response}<|im_end|>`);
  if (sample.kind === 'choice') response.length = Math.min(response.length, choiceTokens);
  const start = prompt.length;
  const weights = new Float32Array(start + response.length).fill(promptWeight);
  if (sample.kind === 'reading') {
    const verdicts = new Set(verdictWords.flatMap(encode));
    for (const [i, token] of response.entries()) if (verdicts.has(token)) weights[start + i] = choiceWeight;
  } else {
    weights.fill(1, start).fill(sample.kind === 'practice' ? 0 : choiceWeight, start, start + choiceTokens);
  }
  if (sample.hinted) {
    const [newline] = encode('\n');
    const words = new Set(hintWords.map((word) => ` ${word}`).flatMap(encode));
    for (const [i, token] of prompt.entries()) {
      if (prompt[i + 1] === newline && words.has(token)) weights[i] = choiceWeight;
    }
  }
  return { tokens: [...prompt, ...response], weights };
}

/** ChatML up to where the assistant begins. */
export function promptText({ system, user }: { system: string; user: string }): string {
  return `<|im_start|>system\n${system}<|im_end|>\n<|im_start|>user\n${user}<|im_end|>\n<|im_start|>assistant\n`;
}

/** All full batches of the corpus, in a fixed order; the few rows that fill none at the end are left out. */
export function* batches(options: BatchOptions, encode: (text: string) => number[]): Generator<Batch> {
  const waiting = new Map<number, SupervisedRow[]>();
  for (let index = 0; index < options.samples; index++) {
    const row = rowOf(drawSample(options, index), encode);
    if (row.tokens.length > longestRow) continue;
    const length = Math.ceil((row.tokens.length - 1) / options.lengthStep) * options.lengthStep;
    const rows = waiting.get(length) ?? [];
    waiting.set(length, rows);
    rows.push(row);
    if (rows.length * length + length <= options.batchTokens) continue;
    yield { rows, drawn: index + 1, tokens: rows.reduce((sum, { tokens }) => sum + tokens.length, 0) };
    waiting.delete(length);
  }
}
