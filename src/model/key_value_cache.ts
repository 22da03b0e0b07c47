// The keys and values of a batch that is being written: each tile's prompt, and each row's own tokens in a block
// that grows by steps. A decoding step reads these arrays in place and gives one new token's keys and values.

import { HIDDEN } from './attention.ts';
import { cacheNames } from './cached_attention.ts';
import type { DecoderConfig } from './config.ts';
import type { Layout } from './tiles.ts';

/** Places are added in steps of this many tokens. */
const STEP = 32;

/** Keys and values of prompts [P, K, length, d] for each layer, by output name. */
export type PromptCache = Readonly<Record<string, Float32Array>>;

export class KeyValueCache {
  layout: Layout;
  /** Places for response tokens. */
  capacity = STEP;
  /** Response tokens present. */
  length = 0;
  private readonly config: DecoderConfig;
  private readonly prompts: PromptCache;
  private readonly promptLengths: readonly number[];
  private readonly promptLength: number;
  private arrays: Record<string, Float32Array> = {};

  /** `promptLength` is the padded length, `promptLengths` the tokens of each prompt. */
  constructor(
    config: DecoderConfig,
    prompts: PromptCache,
    promptLength: number,
    promptLengths: readonly number[],
    layout: Layout,
  ) {
    this.config = config;
    this.prompts = prompts;
    this.promptLength = promptLength;
    this.promptLengths = promptLengths;
    this.layout = layout;
    this.fill(undefined, undefined);
  }

  get sizes(): Record<string, number> {
    const { width, prompts } = this.layout;
    return { tiles: prompts.length, width, prompt: this.promptLength, past: this.capacity };
  }

  /** Inputs of the decoding step: keys, values and masks. */
  get feeds(): Readonly<Record<string, Float32Array>> {
    return this.arrays;
  }

  /** Puts the keys and values of the newest token, `key.l` and `value.l` [rows, K, 1, d], behind the others. */
  append(outputs: Readonly<Record<string, ArrayLike<number>>>): void {
    const { keyValueHeads, headSize, layers } = this.config;
    const blocks = this.layout.rows.length * keyValueHeads;
    for (let layer = 0; layer < layers; layer++) {
      const names = cacheNames(layer);
      for (const [from, to] of [
        [outputs[names.key], this.arrays[names.pastKey]],
        [outputs[names.value], this.arrays[names.pastValue]],
      ] as const) {
        if (from === undefined || to === undefined) throw new RangeError(`layer ${layer} is missing`);
        for (let block = 0; block < blocks; block++) {
          const start = (block * this.capacity + this.length) * headSize;
          for (let i = 0; i < headSize; i++) to[start + i] = from[block * headSize + i] ?? 0;
        }
      }
    }
    const mask = this.arrays.past_mask;
    if (mask !== undefined) mask[this.length] = 0;
    this.length++;
    if (this.length === this.capacity) this.grow();
  }

  /** Moves rows to the places of another layout; rows that are not in it are forgotten. */
  move(layout: Layout): void {
    const previous = this.layout;
    this.layout = layout;
    this.fill(previous, this.capacity);
  }

  private grow(): void {
    const previous = this.capacity;
    this.capacity += STEP;
    this.fill(this.layout, previous);
  }

  /** New arrays for the layout and capacity, with the tokens of the previous ones. */
  private fill(from: Layout | undefined, capacity = this.capacity): void {
    const old = this.arrays;
    const { keyValueHeads: K, headSize: d, layers } = this.config;
    const { layout, promptLength } = this;
    const samePrompts = from === layout;
    const placeOf = new Map(from === undefined ? [] : Array.from(from.rows, (row, place) => [row, place] as const));
    const arrays: Record<string, Float32Array> = {};
    const promptBlock = K * promptLength * d;
    for (let layer = 0; layer < layers; layer++) {
      const names = cacheNames(layer);
      for (const [name, source] of [
        [names.promptKey, this.prompts[names.key]],
        [names.promptValue, this.prompts[names.value]],
      ] as const) {
        const kept = samePrompts ? old[name] : undefined;
        const array = kept ?? new Float32Array(layout.prompts.length * promptBlock);
        if (kept === undefined && source !== undefined) {
          layout.prompts.forEach((prompt, tile) => {
            array.set(source.subarray(prompt * promptBlock, (prompt + 1) * promptBlock), tile * promptBlock);
          });
        }
        arrays[name] = array;
      }
      for (const name of [names.pastKey, names.pastValue]) {
        const array = new Float32Array(layout.rows.length * K * this.capacity * d);
        const source = old[name];
        layout.rows.forEach((row, place) => {
          const origin = row < 0 ? undefined : placeOf.get(row);
          if (origin === undefined || source === undefined) return;
          for (let head = 0; head < K; head++) {
            const start = (origin * K + head) * capacity * d;
            array.set(source.subarray(start, start + this.length * d), (place * K + head) * this.capacity * d);
          }
        });
        arrays[name] = array;
      }
    }
    arrays.past_mask = Float32Array.from({ length: this.capacity }, (_, i) => (i < this.length ? 0 : HIDDEN));
    arrays.prompt_mask = Float32Array.from({ length: layout.prompts.length * promptLength }, (_, i) => {
      const prompt = layout.prompts[Math.floor(i / promptLength)] ?? 0;
      return i % promptLength < (this.promptLengths[prompt] ?? 0) ? 0 : HIDDEN;
    });
    this.arrays = arrays;
  }
}
